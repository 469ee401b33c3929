/** What `rampart detect` and `rampart anonymise` do. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import pc from "picocolors";
import { createGuard } from "#backends";
import { type Finding, type Guard, type InjectionResult, openVault, sealVault, type Vault } from "#detect";
import { EXIT, RampartError } from "#shared";
import { type NamedInput, readInputs } from "../input.ts";

/** Flags of `rampart detect`. */
export interface DetectOptions {
  readonly policy: string;
  readonly json?: boolean;
  readonly failOnFinding?: boolean;
}

/** Flags of `rampart anonymise`. */
export interface AnonymiseOptions {
  readonly policy: string;
  readonly asJson?: boolean;
  readonly vault?: string;
  readonly vaultKey?: string;
  readonly restore?: boolean;
}

/** Prints what was found in each input; offsets and types, never the values. */
export function detectInputs(files: readonly string[], options: DetectOptions): void {
  const guard = createGuard({ policy: options.policy });
  let found = false;
  for (const input of readInputs(files)) {
    const findings = guard.inspect(input.text);
    const injection = guard.detectInjection(input.text);
    found ||= findings.length > 0 || injection.isInjection;
    process.stdout.write(
      options.json === true
        ? `${JSON.stringify({ file: input.name, findings, injection })}\n`
        : describe(input, findings, injection),
    );
  }
  if (found && options.failOnFinding === true) process.exitCode = EXIT.failed;
}

/** Prints an input with its values replaced, or restored from a vault. */
export function anonymiseInput(file: string | undefined, options: AnonymiseOptions): void {
  const guard = createGuard({ policy: options.policy });
  const vault = openVaultFile(guard, options);
  const [input] = readInputs(file === undefined ? [] : [file]);
  process.stdout.write(transform(guard, input?.text ?? "", vault, options));
  if (options.vault !== undefined && options.restore !== true)
    writeFileSync(options.vault, sealVault(vault, vaultKey(options)), { mode: 0o600 });
}

function describe(input: NamedInput, findings: readonly Finding[], injection: InjectionResult): string {
  const lines = [pc.bold(input.name === "-" ? "standard input" : input.name)];
  for (const finding of findings)
    lines.push(
      `  ${finding.type.padEnd(18)} ${`${finding.start}-${finding.end}`.padEnd(12)} ` +
        `${finding.score.toFixed(2)}  ${pc.dim([finding.source, ...finding.evidence].join(", "))}`,
    );
  if (findings.length === 0) lines.push(pc.dim("  no personal data found"));
  const types = injection.types.length === 0 ? "" : ` (${injection.types.join(", ")})`;
  const verdict = `injection score ${injection.score.toFixed(3)}, ${injection.level}${types}`;
  lines.push(`  ${injection.isInjection ? pc.red(verdict) : pc.dim(verdict)}`);
  return `${lines.join("\n")}\n`;
}

function transform(guard: Guard, text: string, vault: Vault, options: AnonymiseOptions): string {
  if (options.asJson !== true)
    return options.restore === true ? guard.restore(text, vault) : guard.anonymise(text, vault).text;
  let value: Parameters<Guard["anonymiseJson"]>[0];
  try {
    value = JSON.parse(text);
  } catch (cause) {
    // the parser's own message quotes the text
    throw new RampartError("RMP_REQ_MALFORMED_JSON", "the input is no JSON document", { cause });
  }
  const changed =
    options.restore === true ? guard.restoreJson(value, vault) : guard.anonymiseJson(value, vault).value;
  return `${JSON.stringify(changed, null, 2)}\n`;
}

function openVaultFile(guard: Guard, options: AnonymiseOptions): Vault {
  if (options.vault === undefined) {
    if (options.restore === true)
      throw new RampartError("RMP_CLI_USAGE", "--restore needs the --vault that anonymise wrote", {
        field: "vault",
      });
    return guard.createVault();
  }
  const key = vaultKey(options);
  if (existsSync(options.vault)) return openVault(readFileSync(options.vault), key);
  if (options.restore === true)
    throw new RampartError("RMP_CONFIG_NOT_FOUND", `no vault at ${options.vault}`, { field: "vault" });
  return guard.createVault();
}

function vaultKey(options: AnonymiseOptions): Uint8Array {
  if (!/^[0-9a-f]{64}$/i.test(options.vaultKey ?? ""))
    throw new RampartError(
      "RMP_CLI_USAGE",
      "a vault needs its key: 64 hex digits in RAMPART_VAULT_KEY or --vault-key (openssl rand -hex 32)",
      { field: "vault-key" },
    );
  return Buffer.from(options.vaultKey ?? "", "hex");
}
