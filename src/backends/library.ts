/** The guard with what ships beside it: policies and models read from the package's folders when first needed. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import {
  createInjectionDetector,
  createGuard as createPureGuard,
  type Guard,
  type GuardModels,
  type GuardOptions,
  type Policy,
  parsePolicy,
} from "#detect";
import { RampartError } from "#shared";

export * from "#detect";

/** Root of the installed package; this file lies two folders below it in the sources and in `dist`. */
const PACKAGE_ROOT = new URL("../../", import.meta.url);

/** Names of the policies in `policies/`. */
export const SHIPPED_POLICIES = ["default_pii", "gdpr_strict", "hipaa_phi", "pci_dss", "slm_local"] as const;

/** Options of {@link createGuard}: a policy may also be given by name or path. */
export interface LibraryGuardOptions extends Omit<GuardOptions, "policy"> {
  readonly policy?: Policy | string;
}

/**
 * Reads a policy: the name of a shipped one, or the path of a YAML or JSON file. Synchronous; for start-up.
 * @throws RMP_CONFIG_NOT_FOUND when there is no such file, RMP_DETECT_POLICY_INVALID naming the key
 */
export function loadPolicy(nameOrPath: string): Policy {
  const isShipped = SHIPPED_POLICIES.some((name) => name === nameOrPath);
  const path = isShipped ? packagePath(`policies/${nameOrPath}.yaml`) : nameOrPath;
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    throw new RampartError("RMP_CONFIG_NOT_FOUND", `no policy file at ${path}`, { cause, field: "policy" });
  }
  try {
    return parsePolicy(parse(text));
  } catch (cause) {
    if (cause instanceof RampartError) throw cause;
    throw new RampartError("RMP_DETECT_POLICY_INVALID", `the policy at ${path} is no YAML`, {
      cause,
      field: "policy",
    });
  }
}

/** Loaders of the models that ship; each reads its files when it is called. */
export function shippedModels(): GuardModels {
  return { injection: () => createInjectionDetector() };
}

/**
 * A guard with the shipped models; without a policy `default_pii` holds. Cheap: no file is read before it is needed.
 * @throws what {@link loadPolicy} and the guard of `#detect` throw
 */
export function createGuard(options: LibraryGuardOptions = {}): Guard {
  const { policy, models, ...rest } = options;
  return createPureGuard({
    ...rest,
    models: { ...shippedModels(), ...models },
    ...(policy === undefined ? {} : { policy: typeof policy === "string" ? loadPolicy(policy) : policy }),
  });
}

/** Absolute path of a file of the package. */
export function packagePath(relative: string): string {
  return fileURLToPath(new URL(relative, PACKAGE_ROOT));
}
