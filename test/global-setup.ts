import { execFileSync } from "node:child_process";

/**
 * Builds the package once before the tests when its sources are newer than `dist/`: the end-to-end tests start
 * real processes from `dist/`.
 */
export function setup(): void {
  execFileSync(process.execPath, ["scripts/build.mjs", "--if-stale"], { stdio: "inherit" });
}
