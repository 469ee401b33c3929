import { RampartError } from "#shared";

/**
 * A base path as routes need it: a leading slash, no final one; empty for none.
 * @throws RMP_CLI_USAGE for what is no plain path
 */
export function trimBasePath(given: string): string {
  const path = given.replace(/^\/+|\/+$/g, "");
  if (path === "") return "";
  if (!path.split("/").every((part) => /^[\w.~-]+$/.test(part) && !/^\.+$/.test(part)))
    throw new RampartError("RMP_CLI_USAGE", "--web-base-path: expected a plain path such as /lab", {
      field: "web-base-path",
    });
  return `/${path}`;
}

/** The path of a request below the base path, its leading slash kept; null when it lies elsewhere. */
export function withoutBase(url: string, basePath: string): string | null {
  if (basePath === "") return url;
  return url.startsWith(`${basePath}/`) ? url.slice(basePath.length) : null;
}
