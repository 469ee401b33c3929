/** From flags of `rampart load` to how its web page is served. */
import type { LabServerOptions } from "#lab";
import { RampartError } from "#shared";
import { readText } from "./input.ts";

/** Variable that holds `user:password` of the web page; a flag would show them to everybody on the machine. */
export const LOGIN_VARIABLE = "RAMPART_WEB_LOGIN";

/** The flags about the web page's surroundings. */
export interface PageFlags {
  readonly webBasePath?: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly webLogin?: boolean;
  readonly classPicker?: boolean;
}

/**
 * How the web page is served.
 * @throws RMP_CLI_USAGE for a certificate without a key or a login without credentials, RMP_CONFIG_NOT_FOUND for a file
 * that cannot be read
 */
export function pageSettingsOf(
  flags: PageFlags,
  environment: Readonly<Record<string, string | undefined>>,
): Pick<LabServerOptions, "basePath" | "tls" | "login" | "picksClasses"> {
  const { webBasePath, tlsCert, tlsKey } = flags;
  if ((tlsCert === undefined) !== (tlsKey === undefined))
    throw new RampartError("RMP_CLI_USAGE", "--tls-cert and --tls-key belong together: give both", {
      field: tlsCert === undefined ? "tls-cert" : "tls-key",
    });
  return {
    ...(webBasePath === undefined ? {} : { basePath: webBasePath }),
    ...(tlsCert === undefined || tlsKey === undefined
      ? {}
      : { tls: { cert: readText(tlsCert), key: readText(tlsKey) } }),
    ...(flags.webLogin === true ? { login: credentialsOf(environment[LOGIN_VARIABLE]) } : {}),
    ...(flags.classPicker === true ? { picksClasses: true } : {}),
  };
}

function credentialsOf(value: string | undefined): string {
  if (value !== undefined && /^[^:]+:.+$/s.test(value)) return value;
  throw new RampartError(
    "RMP_CLI_USAGE",
    `--web-login needs the environment variable ${LOGIN_VARIABLE} with user:password`,
    { field: "web-login" },
  );
}
