import { readFileSync } from "node:fs";

/** Version in package.json. */
export function packageVersion(): string {
  const file = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  // package.json is ours and always carries a version
  return (JSON.parse(file) as { version: string }).version;
}
