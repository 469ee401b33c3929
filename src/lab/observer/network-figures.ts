import { readFile } from "node:fs/promises";

/**
 * Bytes received and sent by all interfaces of this machine since its start, loopback apart (proc(5), `/proc/net/dev`);
 * empty on other systems.
 */
export async function readNetworkFigures(): Promise<Map<string, number>> {
  return networkFigures(await readFile("/proc/net/dev", "utf8").catch(() => ""));
}

/** The sums of a `/proc/net/dev` text. */
export function networkFigures(text: string): Map<string, number> {
  const figures = new Map<string, number>();
  const add = (name: string, bytes: number) => figures.set(name, (figures.get(name) ?? 0) + bytes);
  for (const line of text.split("\n")) {
    const [, name, rest] = /^\s*([^:\s]+):\s*(.*)$/.exec(line) ?? [];
    if (name === undefined || rest === undefined) continue;
    const fields = rest.trim().split(/\s+/).map(Number);
    const kind = name === "lo" ? "loopback" : "network";
    add(`${kind}_received_bytes`, fields[0] ?? 0);
    add(`${kind}_sent_bytes`, fields[8] ?? 0);
  }
  return figures;
}
