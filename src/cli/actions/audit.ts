/** What `rampart audit` does. */
import pc from "picocolors";
import { verifyAudit } from "#gateway";
import { EXIT } from "#shared";

/** Flags of `rampart audit verify`. */
export interface VerifyOptions {
  readonly dir: string;
  readonly head?: string;
  readonly json?: boolean;
}

/** Checks the chain and prints what was found. @returns 0 or 99 */
export async function verify({ dir, head, json }: VerifyOptions): Promise<number> {
  const found = await verifyAudit(dir, head);
  const isSound = found.faults.length === 0;
  const lines = json === true ? [JSON.stringify({ isSound, ...found }, null, 2)] : [];
  if (json !== true) {
    const { records, exchanges, files, dropped, removedFiles, tornBytes, firstTs, lastTs } = found;
    for (const { file, line, problem } of found.faults)
      lines.push(`${pc.red("broken")} ${file}:${line} ${problem}`);
    lines.push(
      `${isSound ? pc.green("sound") : pc.red("not sound")}: ${records} records (${exchanges} requests) in ${files} files`,
      `first ${iso(firstTs)}, last ${iso(lastTs)}`,
    );
    if (dropped > 0) lines.push(`${dropped} requests were not recorded: the queue was full`);
    if (removedFiles > 0) lines.push(`${removedFiles} oldest files were removed by the bound on size`);
    if (tornBytes > 0) lines.push(`${tornBytes} bytes of an unfinished write at the end`);
    for (const { log, seq, hash, isClosed } of found.heads)
      lines.push(`log ${log}: ends at ${seq} ${hash}${isClosed ? "" : " (in use, or ended by a crash)"}`);
  }
  process.stdout.write(`${lines.join("\n")}\n`);
  return isSound ? EXIT.done : EXIT.failed;
}

function iso(epochMs: number | null): string {
  return epochMs === null ? "-" : new Date(epochMs).toISOString();
}
