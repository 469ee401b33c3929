import { RampartError } from "#shared";

/** Where a database is, in a form that may be shown: no user, no password, no options. */
export interface DatabaseAddress {
  /** `host:port/database` */
  readonly shown: string;
}

/** The port of PostgreSQL. Source: IANA service names, `postgresql`. */
const DEFAULT_PORT = "5432";

/**
 * Reads what may be shown of a connection URL.
 * @param field the key or environment variable it came from
 * @throws RMP_CONFIG_INVALID, without the URL: it may hold a password
 */
export function databaseAddress(url: string, field: string): DatabaseAddress {
  if (!/^postgres(?:ql)?:\/\//.test(url) || !URL.canParse(url))
    throw new RampartError("RMP_CONFIG_INVALID", `${field}: expected postgresql://host[:port]/database`, {
      field,
    });
  const { hostname, port, pathname } = new URL(url);
  const database = pathname.length > 1 ? decoded(pathname.slice(1)) : "(default)";
  return { shown: `${hostname === "" ? "local socket" : `${hostname}:${port || DEFAULT_PORT}`}/${database}` };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
