import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A new folder that only this user can read and that goes when the process ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "rampart-load-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
