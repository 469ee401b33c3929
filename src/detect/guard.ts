/** The guard: recognisers, policy, vault and operators put together. */
import { RampartError } from "#shared";
import { createAnonymiser, mapStrings } from "./anonymise.ts";
import { createAddressRecogniser } from "./pii/address/address-recogniser.ts";
import { createFinder } from "./pii/finder.ts";
import { createNationalRecogniser } from "./pii/national/national-recogniser.ts";
import { DEFAULT_POLICY } from "./policy/default-policy.ts";
import type { Guard, GuardModels, GuardOptions, InjectionDetector, Vault } from "./types.ts";
import { createStreamRestorer, restoreText } from "./vault/restore.ts";
import { createVault } from "./vault/vault.ts";

/** Recognisers that need no weights; made at the first text like the others. */
const BUILT_IN: GuardModels = { address: createAddressRecogniser, national: createNationalRecogniser };

/**
 * Makes a guard. Cheap: models are loaded when first needed.
 * @throws RMP_DETECT_PATTERN_INVALID when a pattern of the policy is not RE2 syntax
 */
export function createGuard(options: GuardOptions = {}): Guard {
  const policy = options.policy ?? DEFAULT_POLICY;
  const models = { ...BUILT_IN, ...options.models };
  const finder = createFinder(policy, models, options.recognisers ?? []);
  const anonymiser = createAnonymiser(policy, finder.inspect, options);
  let injection: InjectionDetector | undefined;

  function anonymise(text: string, vault: Vault = createVault()) {
    const [result = { text, findings: [] }] = anonymiser.all([text], vault);
    return { ...result, vault };
  }

  return {
    policy,
    inspect: finder.inspect,
    candidates: finder.candidates,
    entityTypes: finder.entityTypes,
    createVault: (vaultOptions) => createVault(vaultOptions),
    anonymise,
    anonymiseAll: anonymiser.all,
    anonymiseJson: anonymiser.json,
    restore: (text, vault, how) => restoreText(text, vault, policy.restoreIn, how),
    restoreAll: (texts, vault, how) => texts.map((text) => restoreText(text, vault, policy.restoreIn, how)),
    restoreJson: (value, vault, how) =>
      mapStrings(value, (text) => restoreText(text, vault, policy.restoreIn, how)),
    restoreStream: (vault, how) => createStreamRestorer(vault, policy.restoreIn, how),
    detectInjection(text) {
      injection ??= models.injection?.();
      if (injection === undefined) {
        throw new RampartError("RMP_BACKEND_UNAVAILABLE", "no injection detector was handed to this guard");
      }
      return injection.inspect(text);
    },
  };
}
