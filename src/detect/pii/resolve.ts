/**
 * Overlap resolution. The rule: of two findings that overlap the one with the higher score stays, scores rounded to
 * steps of 0.05 because those of different recognisers are no more comparable than that; at equal scores the longer
 * one, then the one that starts earlier, then the one whose type comes first in the alphabet. A finding that lost may
 * leave room for a third one, so findings are taken greedily in that order.
 */
import type { Finding } from "../types.ts";

/** Findings without overlaps, in order of their start. O(n log n) in the number of findings. */
export function resolveOverlaps(findings: readonly Finding[]): Finding[] {
  if (findings.length < 2) return findings.slice();
  const inOrder = sorted(findings.slice(), byPlace);
  if (!hasOverlap(inOrder)) return inOrder;
  const kept: Finding[] = [];
  // Findings fall into clusters of mutual reach; each is settled alone, so the cost stays near-linear.
  for (let from = 0; from < inOrder.length; ) {
    let to = from + 1;
    let reach = inOrder[from]!.end;
    while (to < inOrder.length && inOrder[to]!.start < reach) reach = Math.max(reach, inOrder[to++]!.end);
    settleCluster(inOrder, from, to, kept);
    from = to;
  }
  return kept;
}

/** Whether two spans share at least one character. */
export function overlaps(a: Finding, b: Finding): boolean {
  return a.start < b.end && b.start < a.end;
}

function hasOverlap(inOrder: readonly Finding[]): boolean {
  for (let i = 1; i < inOrder.length; i++) if (inOrder[i]!.start < inOrder[i - 1]!.end) return true;
  return false;
}

function settleCluster(inOrder: readonly Finding[], from: number, to: number, kept: Finding[]): void {
  if (to - from === 1) {
    kept.push(inOrder[from]!);
    return;
  }
  const ranked = sorted(inOrder.slice(from, to), byRank);
  if (ranked.length <= FEW) {
    settleFew(ranked, kept);
    return;
  }
  const base = inOrder[from]!.start;
  const reach = ranked.reduce((end, finding) => Math.max(end, finding.end), 0);
  const taken = new Uint8Array(reach - base);
  const winners: Finding[] = [];
  for (const finding of ranked) {
    if (taken.subarray(finding.start - base, finding.end - base).includes(1)) continue;
    taken.fill(1, finding.start - base, finding.end - base);
    winners.push(finding);
  }
  for (const finding of winners.sort((a, b) => a.start - b.start)) kept.push(finding);
}

/** Clusters up to this size are settled pair by pair. */
const FEW = 8;

/** The same for a small cluster, without an array over its characters. */
function settleFew(ranked: readonly Finding[], kept: Finding[]): void {
  const first = kept.length;
  for (const finding of ranked) {
    let at = kept.length;
    let isTaken = false;
    for (let i = first; i < kept.length; i++) {
      const winner = kept[i]!;
      if (Math.max(winner.start, finding.start) < Math.min(winner.end, finding.end)) {
        isTaken = true;
        break;
      }
      if (winner.start > finding.start && i < at) at = i;
    }
    if (!isTaken) kept.splice(at, 0, finding);
  }
}

/** Sorts in place, keeping equal findings in order; a few of them without the set-up of the general sort. */
function sorted(findings: Finding[], compare: (a: Finding, b: Finding) => number): Finding[] {
  if (findings.length > FEW) return findings.sort(compare);
  for (let i = 1; i < findings.length; i++) {
    const finding = findings[i]!;
    let at = i;
    for (; at > 0 && compare(findings[at - 1]!, finding) > 0; at--) findings[at] = findings[at - 1]!;
    findings[at] = finding;
  }
  return findings;
}

function byPlace(a: Finding, b: Finding): number {
  return a.start - b.start || b.end - a.end;
}

function byRank(a: Finding, b: Finding): number {
  return (
    Math.round(b.score * 20) - Math.round(a.score * 20) ||
    b.end - b.start - (a.end - a.start) ||
    a.start - b.start ||
    (a.type < b.type ? -1 : a.type > b.type ? 1 : 0)
  );
}
