import { RampartError } from "#shared";

/**
 * Whole numbers that the environment sets, by the keys they stand for. Empty variables count as absent.
 * @param variables name, key, and the factor from the variable's unit to the key's; of two for one key the later one wins
 * @throws RMP_CONFIG_INVALID naming the variable
 */
export function environmentNumbers<Key extends string>(
  env: Readonly<Record<string, string | undefined>>,
  variables: readonly (readonly [name: string, key: Key, factor: number])[],
): { [K in Key]?: number } {
  const numbers: { [K in Key]?: number } = {};
  for (const [name, key, factor] of variables) {
    const text = env[name];
    if (!text) continue;
    if (!/^\d{1,9}$/.test(text))
      throw new RampartError("RMP_CONFIG_INVALID", `${name}: expected a whole number`, { field: name });
    numbers[key] = Number(text) * factor;
  }
  return numbers;
}
