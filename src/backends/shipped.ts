/** The guard with what ships beside it: policies and models read from the package's folders when first needed. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import {
  type BiasDetector,
  type BiasModel,
  createAddressRecogniser,
  createBiasDetector,
  createGroundingDetector,
  createInjectionDetector,
  createNamesRecogniser,
  createNationalRecogniser,
  createGuard as createPureGuard,
  type GroundingDetector,
  type Guard,
  type GuardModels,
  type GuardOptions,
  type Policy,
  parseInjectionModel,
  parsePolicy,
  toGroundingModel,
} from "#detect";
import { RampartError } from "#shared";

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
    // The package's own types describe what `require` returns; most guards never read YAML, so it waits until here.
    const { parse } = createRequire(import.meta.url)("yaml") as typeof import("yaml");
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
  return {
    injection: () => createInjectionDetector(parseInjectionModel(readModelBytes("injection.bin"))),
    names: () => createNamesRecogniser(readModelBytes("names.bin")),
    address: () => createAddressRecogniser(),
    national: (types) => createNationalRecogniser(types),
  };
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

/**
 * A grounding detector with the shipped model, which is read and checked at the first assessment and kept.
 * @throws at that assessment RMP_DETECT_MODEL_INVALID when the file is missing or does not fit
 */
export function createShippedGroundingDetector(): GroundingDetector {
  let detector: GroundingDetector | undefined;
  return {
    assess(input) {
      detector ??= createGroundingDetector(toGroundingModel(readModel("grounding")));
      return detector.assess(input);
    },
  };
}

/**
 * A bias detector with the shipped model, which is read and checked at the first audit and kept.
 * @throws at that audit RMP_DETECT_MODEL_INVALID when the file is missing or does not fit
 */
export function createShippedBiasDetector(): BiasDetector {
  let detector: BiasDetector | undefined;
  return {
    audit(input) {
      // The detector checks the shape of what was parsed.
      detector ??= createBiasDetector(readModel("bias") as BiasModel);
      return detector.audit(input);
    },
  };
}

function readModelBytes(file: string): Uint8Array {
  try {
    return readFileSync(packagePath(`models/${file}`));
  } catch (cause) {
    throw new RampartError("RMP_DETECT_MODEL_INVALID", `models/${file} cannot be read`, { cause });
  }
}

function readModel(name: string): unknown {
  try {
    return JSON.parse(readFileSync(packagePath(`models/${name}.json`), "utf8"));
  } catch (cause) {
    throw new RampartError("RMP_DETECT_MODEL_INVALID", `models/${name}.json cannot be read`, { cause });
  }
}

/** Absolute path of a file of the package. */
export function packagePath(relative: string): string {
  return fileURLToPath(new URL(relative, PACKAGE_ROOT));
}
