/** What `rampart config check` and `schema` do. */
import { GatewayConfigSchema } from "#contract";
import { configurationFaults } from "#gateway";
import { EXIT, type RampartError, toRampartError } from "#shared";
import { readLaunch } from "../gateway-launch.ts";
import { gatewaySettings } from "../gateway-settings.ts";
import { readText } from "../input.ts";
import { type YamlPlaces, yamlPlaces } from "../yaml-places.ts";

/** Flags of `rampart config check`. */
export interface ConfigCheckOptions {
  readonly policy: string;
  readonly json?: boolean;
}

/** One thing that is wrong with a file. */
interface Fault {
  readonly file: string;
  /** From 1; null when the fault has no place in the file. */
  readonly line: number | null;
  readonly column: number | null;
  /** Empty when it is about the whole file. */
  readonly key: string;
  readonly reason: string;
  readonly hint: string;
}

/** Checks a file and prints what is wrong with it. @returns 0 or 2 */
export function checkConfiguration(file: string, { policy, json = false }: ConfigCheckOptions): number {
  const places = yamlPlaces(readText(file));
  const faults = places.faults.length > 0 ? yamlFaults(file, places) : keyFaults(file, places, policy);
  if (json) process.stdout.write(`${JSON.stringify({ ok: faults.length === 0, faults })}\n`);
  else if (faults.length === 0) process.stdout.write(`${file}: good\n`);
  for (const { line, column, key, reason, hint } of json ? [] : faults) {
    const place = line === null ? file : `${file}:${line}:${column}`;
    process.stderr.write(`${place}: ${key === "" ? "" : `${key}: `}${reason}; ${hint}\n`);
  }
  return faults.length === 0 ? EXIT.done : EXIT.usage;
}

/** Prints the schema on stdout. */
export function printSchema(): void {
  const schema = { $schema: "https://json-schema.org/draft/2020-12/schema", ...GatewayConfigSchema };
  process.stdout.write(`${JSON.stringify(schema, null, 2)}\n`);
}

function yamlFaults(file: string, { faults }: YamlPlaces): Fault[] {
  return faults.map(({ line, column, reason }) => ({
    ...{ file, line, column, key: "", reason },
    hint: "correct the YAML at this place",
  }));
}

/** All faults of the schema; when there are none, the first one of what goes beyond it. */
function keyFaults(file: string, places: YamlPlaces, policy: string): Fault[] {
  const placed = (key: string, reason: string, hint: string): Fault => {
    const place = places.of(key);
    return { file, line: place?.line ?? null, column: place?.column ?? null, key, reason, hint };
  };
  try {
    const { config } = gatewaySettings({ config: file }, process.env);
    const faults = configurationFaults(config);
    if (faults.length > 0) return faults.map(({ key, reason, hint }) => placed(key, reason, hint));
    readLaunch({ config: file, policy });
    return [];
  } catch (error) {
    const known: RampartError = toRampartError(error);
    const key = known.field === undefined || known.field === file ? "" : known.field;
    return [placed(key, key === "" ? known.message : known.message.replace(`${key}: `, ""), known.hint)];
  }
}
