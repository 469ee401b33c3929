/** Figures of servers that run as processes of their own, off Linux' /proc. */
import type { ChildProcess } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";

/** A TCP port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo; // a TCP server that listens
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Resolves when the port answers HTTP. @throws when the process ends before */
export async function answering(port: number, child: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 200 && child.exitCode === null; attempt += 1) {
    try {
      await fetch(`http://127.0.0.1:${port}/`);
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }
  throw new Error("a server of the benchmark did not start");
}

/** Source of the fields: proc(5), /proc/PID/stat: 4 ppid, 14 utime, 15 stime in clock ticks, 24 rss in pages. */
function stat(pid: number): string[] {
  const text = readFileSync(`/proc/${pid}/stat`, "latin1");
  return text.slice(text.lastIndexOf(")") + 2).split(" ");
}

const TICKS_PER_SEC = 100;
const PAGE_BYTES = 4096;

/** CPU time of a process so far, user and system, µs. */
export function cpuUsOf(pid: number): number {
  const fields = stat(pid);
  return ((Number(fields[11]) + Number(fields[12])) / TICKS_PER_SEC) * 1e6;
}

/** Resident memory of a process, bytes. */
export function rssOf(pid: number): number {
  return Number(stat(pid)[21]) * PAGE_BYTES;
}

/** Child processes of a process. */
export function childrenOf(pid: number): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((candidate) => {
      try {
        return Number(stat(candidate)[1]) === pid;
      } catch {
        // It ended meanwhile.
        return false;
      }
    });
}
