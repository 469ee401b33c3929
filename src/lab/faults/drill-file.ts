/** The file of a fault drill: the parts it may break, the proxies between them, and the faults. */
import { readFile } from "node:fs/promises";
import { parse as parseYaml } from "yaml";
import type { Fault, FaultAction, ProxyEffect } from "#contract";
import { parseTimeSpanSec, RampartError } from "#shared";

/** A process that the drill may stop. */
export interface ServiceSpec {
  readonly name: string;
  /** Started by the drill, and ended with it; null = it runs already, see `pidFile`. */
  readonly command: readonly string[] | null;
  readonly env: Readonly<Record<string, string>>;
  /** File that holds the process id of a service that runs already. */
  readonly pidFile: string | null;
  /** `host:port` that takes connections once the service is up; null = it is not waited for. */
  readonly ready: { readonly host: string; readonly port: number } | null;
}

/** A fault proxy between two parts. */
export interface ProxySpec {
  readonly name: string;
  readonly port: number;
  readonly target: { readonly host: string; readonly port: number };
}

/** A checked drill. */
export interface Drill {
  readonly services: readonly ServiceSpec[];
  readonly proxies: readonly ProxySpec[];
  /** Base URL of the mock LLM that `upstream` faults set; null = the run's own setting `mock`. */
  readonly mock: string | null;
  readonly faults: readonly Fault[];
}

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;
const EFFECT_FIELDS = ["delayMs", "bytesPerSec", "cut", "cutAfterBytes", "halfOpen"] as const;

/** Reads a drill file. @throws RMP_CONFIG_NOT_FOUND, RMP_CONFIG_INVALID naming the field */
export async function loadDrill(path: string): Promise<Drill> {
  const text = await readFile(path, "utf8").catch((cause) => {
    throw new RampartError("RMP_CONFIG_NOT_FOUND", `${path}: cannot be read`, { cause, field: path });
  });
  return parseDrill(text, path);
}

/** Parses a drill file. @throws RMP_CONFIG_INVALID naming the field */
export function parseDrill(text: string, path: string): Drill {
  let raw: unknown;
  try {
    raw = parseYaml(text);
  } catch (cause) {
    throw new RampartError("RMP_CONFIG_INVALID", `${path}: not valid YAML`, { cause, field: path });
  }
  return checkedDrill(raw, path);
}

/**
 * A drill from values in the form of the file, such as a scenario's `faults`.
 * @param where named in errors
 * @throws RMP_CONFIG_INVALID naming the field
 */
export function checkedDrill(raw: unknown, where: string): Drill {
  const at = new Reader(where);
  const root = at.record(raw, "the file", ["services", "proxies", "mock", "faults"]);
  const services = Object.entries(at.record(root["services"] ?? {}, "services")).map(([name, value]) =>
    readService(at, name, value),
  );
  const proxies = Object.entries(at.record(root["proxies"] ?? {}, "proxies")).map(([name, value]) =>
    readProxy(at, name, value),
  );
  const mock = root["mock"] === undefined ? null : at.loopbackUrl(root["mock"], "mock");
  if (!Array.isArray(root["faults"]) || root["faults"].length === 0)
    throw at.refuse("faults", "expected a list with at least one fault");
  const drill: Drill = {
    services,
    proxies,
    mock,
    faults: root["faults"].map((value, index) => readFault(at, `faults[${index}]`, value)),
  };
  checkDrill(drill, at);
  return drill;
}

/** Every part that a fault names is there, and what is killed can be started again. */
function checkDrill(drill: Drill, at: Reader): void {
  for (const [index, { action, forSec }] of drill.faults.entries()) {
    const field = `faults[${index}]`;
    if (action.kind === "proxy") {
      if (!drill.proxies.some(({ name }) => name === action.proxy))
        throw at.refuse(`${field}.proxy`, `there is no proxy "${action.proxy}"`);
    } else if (action.kind !== "upstream") {
      const service = drill.services.find(({ name }) => name === action.service);
      if (service === undefined)
        throw at.refuse(`${field}.service`, `there is no service "${action.service}"`);
      if (action.kind === "kill" && service.command === null)
        throw at.refuse(`${field}.do`, `${service.name} has no command, so it could not be started again`);
    }
    if (action.kind !== "kill-child" && forSec <= 0) throw at.refuse(`${field}.for`, "expected a time span");
  }
}

function readService(at: Reader, name: string, value: unknown): ServiceSpec {
  const field = `services.${name}`;
  const entry = at.record(value, field, ["command", "env", "pidFile", "ready"]);
  const { command = null, pidFile = null } = entry;
  if (command !== null && !(Array.isArray(command) && command.length > 0))
    throw at.refuse(`${field}.command`, "expected a list of words");
  if (command === null && typeof pidFile !== "string") throw at.refuse(field, "needs a command or a pidFile");
  return {
    name,
    command: command === null ? null : command.map(String),
    env: Object.fromEntries(
      Object.entries(at.record(entry["env"] ?? {}, `${field}.env`)).map(([key, text]) => [key, String(text)]),
    ),
    pidFile: typeof pidFile === "string" ? pidFile : null,
    ready: entry["ready"] === undefined ? null : at.address(entry["ready"], `${field}.ready`),
  };
}

function readProxy(at: Reader, name: string, value: unknown): ProxySpec {
  const field = `proxies.${name}`;
  const entry = at.record(value, field, ["listen", "to"]);
  const port = entry["listen"];
  if (typeof port !== "number" || !Number.isInteger(port) || port < 1 || port > 65_535)
    throw at.refuse(`${field}.listen`, "expected a port");
  return { name, port, target: at.address(entry["to"], `${field}.to`) };
}

function readFault(at: Reader, field: string, value: unknown): Fault {
  const entry = at.record(value, field, [
    "at",
    "for",
    "service",
    "do",
    "upstream",
    "proxy",
    ...EFFECT_FIELDS,
  ]);
  return {
    atSec: entry["at"] === 0 ? 0 : at.span(entry["at"], `${field}.at`),
    forSec: entry["for"] === undefined ? 0 : at.span(entry["for"], `${field}.for`),
    action: readAction(at, field, entry),
  };
}

function readAction(at: Reader, field: string, entry: Readonly<Record<string, unknown>>): FaultAction {
  const named = ["service", "upstream", "proxy"].filter((key) => entry[key] !== undefined);
  if (named.length !== 1) throw at.refuse(field, "names exactly one of service, upstream and proxy");
  if (entry["upstream"] !== undefined)
    return { kind: "upstream", settings: at.record(entry["upstream"], `${field}.upstream`) };
  if (entry["proxy"] !== undefined) {
    const effect: Record<string, unknown> = {};
    for (const key of EFFECT_FIELDS) if (entry[key] !== undefined) effect[key] = entry[key];
    return { kind: "proxy", proxy: String(entry["proxy"]), effect: readEffect(at, field, effect) };
  }
  const kind = entry["do"];
  if (kind !== "kill" && kind !== "freeze" && kind !== "kill-child")
    throw at.refuse(`${field}.do`, "expected kill, freeze or kill-child");
  return { kind, service: String(entry["service"]) };
}

function readEffect(at: Reader, field: string, raw: Readonly<Record<string, unknown>>): ProxyEffect {
  if (Object.keys(raw).length === 0) throw at.refuse(field, `needs one of ${EFFECT_FIELDS.join(", ")}`);
  for (const key of ["delayMs", "bytesPerSec", "cutAfterBytes"])
    if (raw[key] !== undefined && !(typeof raw[key] === "number" && raw[key] > 0))
      throw at.refuse(`${field}.${key}`, "expected a number above 0");
  for (const key of ["cut", "halfOpen"])
    if (raw[key] !== undefined && typeof raw[key] !== "boolean")
      throw at.refuse(`${field}.${key}`, "expected true or false");
  // every field was just checked
  return raw as ProxyEffect;
}

/** Reads values of one file and refuses wrong ones by their field. */
class Reader {
  private readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  refuse(field: string, what: string): RampartError {
    return new RampartError("RMP_CONFIG_INVALID", `${this.path}: ${field}: ${what}`, { field });
  }

  record(value: unknown, field: string, known?: readonly string[]): Readonly<Record<string, unknown>> {
    if (typeof value !== "object" || value === null || Array.isArray(value))
      throw this.refuse(field, "expected a mapping");
    for (const key of Object.keys(value))
      if (known !== undefined && !known.includes(key))
        throw this.refuse(`${field}.${key}`, `unknown field; there are ${known.join(", ")}`);
    return value as Readonly<Record<string, unknown>>;
  }

  span(value: unknown, field: string): number {
    try {
      return parseTimeSpanSec(String(value), field);
    } catch {
      throw this.refuse(field, "expected a time span like 20s or 1m30s");
    }
  }

  address(value: unknown, field: string): { readonly host: string; readonly port: number } {
    const match = /^(127(?:\.\d{1,3}){3}|localhost):(\d{1,5})$/.exec(String(value));
    if (match === null) throw this.refuse(field, "expected 127.0.0.1:PORT; faults stay on this machine");
    return { host: match[1] ?? "", port: Number(match[2]) };
  }

  loopbackUrl(value: unknown, field: string): string {
    if (typeof value !== "string" || !URL.canParse(value) || !LOOPBACK.test(new URL(value).hostname))
      throw this.refuse(field, "expected a URL on this machine");
    return value.replace(/\/+$/, "");
  }
}
