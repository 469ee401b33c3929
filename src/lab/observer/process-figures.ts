import { readdir, readFile, readlink } from "node:fs/promises";
import { totalmem } from "node:os";

/** Clock ticks per second in /proc: 100 on every Linux that Node runs on (`sysconf(_SC_CLK_TCK)`). */
const TICKS_PER_SEC = 100;

/** Bytes that the process had the device read and write (proc(5), `/proc/pid/io`). */
const IO_FIELDS = [
  ["disk_read_bytes", "read_bytes"],
  ["disk_write_bytes", "write_bytes"],
] as const;
/** Descriptors looked at for sockets; with more of them the share of these is taken for all. */
const MAX_LINKS = 2_000;

/** Reads CPU, memory, descriptors and disk traffic of one local process. */
export interface ProcessReader {
  /** Figures by name: `cpu_percent` (of one core, since the last reading), `cpu_seconds` (since its start), `memory_bytes`, `memory_percent`, `open_files`, `open_sockets`,
   * `disk_read_bytes`, `disk_write_bytes`. */
  read(nowMs: number): Promise<Map<string, number>>;
}

/**
 * A reader over Linux' /proc (proc(5): fields 14 and 15 of `stat`, VmRSS of `status`); empty on other systems and once the
 * process has ended.
 * @param memoryLimitBytes limit of the instance; the machine's memory by default
 */
export function createProcessReader(pid: number, memoryLimitBytes: number = totalmem()): ProcessReader {
  let before: { readonly ticks: number; readonly atMs: number } | null = null;
  return {
    async read(nowMs) {
      const figures = new Map<string, number>();
      try {
        const [stat, status, files, io] = await Promise.all([
          readFile(`/proc/${pid}/stat`, "utf8"),
          readFile(`/proc/${pid}/status`, "utf8"),
          readdir(`/proc/${pid}/fd`).catch(() => null),
          readFile(`/proc/${pid}/io`, "utf8").catch(() => ""),
        ]);
        // The second field, the command in brackets, may hold blanks; the third field follows its last bracket.
        const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
        const ticks = Number(fields[11]) + Number(fields[12]);
        if (before !== null && nowMs > before.atMs)
          figures.set("cpu_percent", ((ticks - before.ticks) / TICKS_PER_SEC / (nowMs - before.atMs)) * 1e5);
        before = { ticks, atMs: nowMs };
        figures.set("cpu_seconds", ticks / TICKS_PER_SEC);
        const memoryBytes = Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
        figures.set("memory_bytes", memoryBytes);
        figures.set("memory_percent", (100 * memoryBytes) / memoryLimitBytes);
        if (files !== null) {
          figures.set("open_files", files.length);
          figures.set("open_sockets", await countSockets(pid, files));
        }
        for (const [name, field] of IO_FIELDS) {
          const value = new RegExp(`^${field}: (\\d+)$`, "m").exec(io)?.[1];
          if (value !== undefined) figures.set(name, Number(value));
        }
      } catch {
        figures.clear();
      }
      return figures;
    },
  };
}

/** How many of the descriptors are sockets. */
async function countSockets(pid: number, files: readonly string[]): Promise<number> {
  const looked = files.slice(0, MAX_LINKS);
  const links = await Promise.all(looked.map((file) => readlink(`/proc/${pid}/fd/${file}`).catch(() => "")));
  const sockets = links.filter((link) => link.startsWith("socket:")).length;
  return looked.length === 0 ? 0 : Math.round((sockets / looked.length) * files.length);
}
