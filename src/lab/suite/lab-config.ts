/** `lab.yaml`: the environments that a suite can be run against. */
import { readFile } from "node:fs/promises";
import { parse as parseYaml } from "yaml";
import { RampartError } from "#shared";

/** One environment. */
export interface LabEnvironment {
  readonly name: string;
  /** Base URL of the system under test. */
  readonly host: string;
  /** Base URL of the mock LLM whose record the leak check reads; null = none. */
  readonly mock: string | null;
  /** Name of the environment variable that holds the customer's key; keys never stand in the file. */
  readonly keyVariable: string | null;
  /** Names of the environment variables with the addresses of its Redis and PostgreSQL, to observe them; null = not. */
  readonly redisVariable: string | null;
  readonly postgresVariable: string | null;
  /** Process id of a local instance, or a file that holds it; null = not observed. */
  readonly pid: string | null;
  /** Version under test, for the results table; null = what the target says of itself. */
  readonly version: string | null;
}

/** What ships: everything on this machine. Live hosts are named in a `lab.yaml` of one's own. */
export const DEFAULT_ENVIRONMENTS: readonly LabEnvironment[] = ["local", "staging", "production"].map(
  (name) => ({
    name,
    host: "http://127.0.0.1:8000",
    mock: "http://127.0.0.1:8001",
    keyVariable: null,
    redisVariable: null,
    postgresVariable: null,
    pid: null,
    version: null,
  }),
);

const FIELDS = new Set([
  "host",
  "mock",
  "keyVariable",
  "redisVariable",
  "postgresVariable",
  "pid",
  "version",
]);
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/**
 * Reads the environments of a `lab.yaml`; without the file the shipped ones.
 * @throws RMP_CONFIG_INVALID naming the environment and the field
 */
export async function loadLabConfig(path: string): Promise<readonly LabEnvironment[]> {
  const text = await readFile(path, "utf8").catch(() => null);
  return text === null ? DEFAULT_ENVIRONMENTS : parseLabConfig(text, path);
}

/** Parses a `lab.yaml`. @throws RMP_CONFIG_INVALID */
export function parseLabConfig(text: string, path: string): readonly LabEnvironment[] {
  const refuse = (field: string, what: string) =>
    new RampartError("RMP_CONFIG_INVALID", `${path}: ${field}: ${what}`, { field });
  let raw: unknown;
  try {
    raw = parseYaml(text);
  } catch (cause) {
    throw new RampartError("RMP_CONFIG_INVALID", `${path}: not valid YAML`, { cause });
  }
  const environments = isRecord(raw) ? raw["environments"] : undefined;
  if (!isRecord(environments)) throw refuse("environments", "expected a mapping of names");
  return Object.entries(environments).map(([name, value]) => {
    if (!isRecord(value)) throw refuse(`environments.${name}`, "expected a mapping");
    const optional = (field: string) => {
      const found = value[field];
      if (found === undefined || found === null) return null;
      if (typeof found !== "string") throw refuse(`environments.${name}.${field}`, "expected a text");
      return found;
    };
    for (const field of Object.keys(value))
      if (!FIELDS.has(field)) throw refuse(`environments.${name}.${field}`, "unknown field");
    const host = optional("host");
    if (host === null || !/^https?:\/\//.test(host) || !URL.canParse(host))
      throw refuse(`environments.${name}.host`, "expected a http or https URL");
    return {
      name,
      host,
      mock: optional("mock"),
      keyVariable: optional("keyVariable"),
      redisVariable: optional("redisVariable"),
      postgresVariable: optional("postgresVariable"),
      pid: optional("pid"),
      version: optional("version"),
    };
  });
}

/**
 * The environment of a name; one that is not on this machine must be confirmed.
 * @throws RMP_CLI_USAGE for an unknown name or an unconfirmed host beyond loopback
 */
export function chooseEnvironment(
  environments: readonly LabEnvironment[],
  name: string,
  isConfirmed: boolean,
): LabEnvironment {
  const found = environments.find((environment) => environment.name === name);
  if (found === undefined)
    throw new RampartError(
      "RMP_CLI_USAGE",
      `no environment "${name}"; there are ${environments.map((entry) => entry.name).join(", ")}`,
      { field: "environment" },
    );
  if (!isConfirmed && !LOOPBACK.test(new URL(found.host).hostname))
    throw new RampartError(
      "RMP_CLI_USAGE",
      `${found.host} is not on this machine: confirm the load with --yes`,
      {
        field: "environment",
      },
    );
  return found;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
