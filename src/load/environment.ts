/** The machine and software a run was made with. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus, networkInterfaces, totalmem } from "node:os";
import { arch, platform, version } from "node:process";
import type { EnvironmentFingerprint } from "#contract";

const GIT_TIMEOUT_MS = 2000;
const PACKAGE_FILE = new URL("../../package.json", import.meta.url);

/** Fingerprint of this machine. @param host base URL of the target */
export function fingerprint(host: string): EnvironmentFingerprint {
  const processors = cpus();
  return {
    cpuModel: processors[0]?.model.trim() ?? "unknown",
    cores: processors.length,
    memoryBytes: totalmem(),
    platform: `${platform} ${arch}`,
    nodeVersion: version,
    rampartVersion: packageVersion(),
    gitCommit: gitCommit(),
    sameMachine: isThisMachine(host),
    target: {},
  };
}

function packageVersion(): string {
  const content: unknown = JSON.parse(readFileSync(PACKAGE_FILE, "utf8"));
  const found =
    typeof content === "object" && content !== null && "version" in content ? content.version : "";
  return String(found);
}

function gitCommit(): string | null {
  try {
    const options = {
      timeout: GIT_TIMEOUT_MS,
      stdio: ["ignore", "pipe", "ignore"] as const,
      encoding: "utf8" as const,
    };
    return execFileSync("git", ["rev-parse", "HEAD"], { ...options, stdio: [...options.stdio] }).trim();
  } catch {
    return null;
  }
}

function isThisMachine(host: string): boolean {
  if (host.startsWith("unix:")) return true;
  if (!URL.canParse(host)) return false;
  const name = new URL(host).hostname.replace(/^\[|\]$/g, "");
  if (name === "localhost" || name === "::1" || name.startsWith("127.")) return true;
  return Object.values(networkInterfaces())
    .flat()
    .some((address) => address?.address === name);
}
