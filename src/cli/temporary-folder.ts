import { existsSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/**
 * A new folder for scenario files that come from elsewhere: only this user can read it, it goes when the process ends,
 * and its files can import the packages that are installed in the working folder.
 */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "rampart-load-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const packages = resolve("node_modules");
  if (existsSync(packages)) symlinkSync(packages, join(folder, "node_modules"), "junction");
  return folder;
}
