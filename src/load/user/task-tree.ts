/** Filtering of tasks by tags, their shares, and the walk of one user through them. */
import type { Random } from "#shared";
import type { Task, TaskGroup, TaskNode, UserClass, WaitTime } from "../model/user-types.ts";

/**
 * Tasks left by Locust's `--tags` and `--exclude-tags`: a task stays when it or a set around it has one of `tags`
 * (or none are asked for) and none has one of `excludeTags`.
 */
export function filterTasks(
  nodes: readonly TaskNode<unknown>[],
  tags: readonly string[],
  excludeTags: readonly string[],
  inherited: readonly string[] = [],
): readonly TaskNode<unknown>[] {
  return nodes.flatMap((node): readonly TaskNode<unknown>[] => {
    const own = [...inherited, ...node.tags];
    if (own.some((tag) => excludeTags.includes(tag))) return [];
    if (node.kind === "task") return tags.length === 0 || own.some((tag) => tags.includes(tag)) ? [node] : [];
    const children = filterTasks(node.children, tags, excludeTags, own);
    return children.length === 0 ? [] : [{ ...node, children }];
  });
}

/** Share of each top-level task or set, summing to 1. */
export function taskShares(nodes: readonly TaskNode<unknown>[]): Readonly<Record<string, number>> {
  const sum = nodes.reduce((total, node) => total + node.weight, 0);
  const shares: Record<string, number> = {};
  for (const node of nodes) shares[node.name] = (shares[node.name] ?? 0) + node.weight / sum;
  return shares;
}

interface Frame {
  readonly group: TaskGroup<unknown> | null;
  readonly children: readonly TaskNode<unknown>[];
  /** Running sums of the weights. */
  readonly sums: readonly number[];
  /** Children begun so far. */
  begun: number;
  /** Children after which the frame is left. */
  readonly limit: number;
}

/** Runs a group's `onStart` or `onStop`. */
export type GroupHook = (group: TaskGroup<unknown>, hook: "onStart" | "onStop") => Promise<void>;

/** The way of one user through its class's tasks, nested sets and sequences. */
export class TaskWalk {
  readonly #frames: Frame[];
  readonly #random: Random;
  readonly #classWait: WaitTime;

  constructor(userClass: UserClass, random: Random) {
    this.#frames = [rootFrame(userClass.tasks)];
    this.#random = random;
    this.#classWait = userClass.wait;
  }

  /** True when a set has to be entered or left before the next task, so that hooks may have to run. */
  get isNested(): boolean {
    return this.#frames.length > 1;
  }

  /** The next task when that takes no hook: the common case, without a promise. Otherwise null; then use `descend`. */
  pickDirect(): Task<unknown> | null {
    const frame = this.#frames[0]!;
    if (this.#frames.length > 1) return null;
    const node = pick(frame, this.#random);
    if (node.kind === "task") return node;
    this.#frames.push(groupFrame(node));
    return null;
  }

  /** Enters and leaves sets until a task is reached, running their hooks. */
  async descend(hook: GroupHook): Promise<Task<unknown>> {
    const entered = this.#frames.at(-1)!;
    if (entered.group !== null && entered.begun === 0) await hook(entered.group, "onStart");
    for (;;) {
      const frame = this.#frames.at(-1)!;
      if (frame.begun >= frame.limit) {
        await this.leave(hook);
        continue;
      }
      const node = frame.group?.kind === "sequence" ? nextInOrder(frame) : pick(frame, this.#random);
      if (node.kind === "task") return node;
      this.#frames.push(groupFrame(node));
      await hook(node, "onStart");
    }
  }

  /** Leaves the innermost set, if any. */
  async leave(hook: GroupHook): Promise<void> {
    if (this.#frames.length === 1) return;
    const { group } = this.#frames.pop()!;
    if (group !== null) await hook(group, "onStop");
  }

  /** Wait after a task: its own, that of the innermost set that has one, or the class's. */
  waitAfter(task: Task<unknown>): WaitTime {
    if (task.wait !== undefined) return task.wait;
    for (let index = this.#frames.length - 1; index > 0; index -= 1) {
      const wait = this.#frames[index]!.group?.wait;
      if (wait !== undefined) return wait;
    }
    return this.#classWait;
  }
}

function rootFrame(children: readonly TaskNode<unknown>[]): Frame {
  return { group: null, children, sums: sumsOf(children), begun: 0, limit: Number.POSITIVE_INFINITY };
}

function groupFrame(group: TaskGroup<unknown>): Frame {
  const limit = group.kind === "sequence" ? group.repeat * group.children.length : group.repeat;
  return { group, children: group.children, sums: sumsOf(group.children), begun: 0, limit };
}

const knownSums = new WeakMap<readonly TaskNode<unknown>[], readonly number[]>();

function sumsOf(children: readonly TaskNode<unknown>[]): readonly number[] {
  let sums = knownSums.get(children);
  if (sums === undefined) {
    let total = 0;
    sums = children.map((node) => (total += node.weight));
    knownSums.set(children, sums);
  }
  return sums;
}

function nextInOrder(frame: Frame): TaskNode<unknown> {
  const node = frame.children[frame.begun % frame.children.length]!;
  frame.begun += 1;
  return node;
}

function pick(frame: Frame, random: Random): TaskNode<unknown> {
  frame.begun += 1;
  const { sums, children } = frame;
  if (sums.length === 1) return children[0]!;
  const at = random() * sums.at(-1)!;
  let index = 0;
  while (index < sums.length - 1 && sums[index]! <= at) index += 1;
  return children[index]!;
}
