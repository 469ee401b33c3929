import { describe, expect, it } from "vitest";
import { simulate } from "../scheduler.suite.ts";
import { createCountingLoad } from "./counting-load.suite.ts";
import { type LocustMessage, recordOf } from "./message.ts";
import { proofOf } from "./peer-protocol.ts";
import { readReport } from "./stats-entry.ts";
import { WorkerSession } from "./worker-session.ts";

const EPOCH_MS = 1_795_308_495_000;

/** A worker under a hand-driven Locust master. */
function createWorker(options: { token?: string } = {}) {
  const { scheduler, advanceTo } = simulate();
  const sent: LocustMessage[] = [];
  let resets = 0;
  const counting = createCountingLoad("w", "/a", () => scheduler.nowMs(), EPOCH_MS, 1049);
  const session = new WorkerSession({
    nodeId: "w",
    token: options.token ?? "",
    scenarioHash: "h",
    load: counting.load,
    scheduler,
    epochMs: () => EPOCH_MS + scheduler.nowMs(),
    nonce: "n",
    memoryBytes: () => 7,
    log: () => {},
    send: (message) => sent.push(message),
    reset: () => (resets += 1),
  });
  session.done.catch(() => {});
  const tell = (type: string, data: unknown = null) => session.receive({ type, data, nodeId: "w" });
  const spawn = (timestamp: number, counts: Record<string, number>) =>
    tell("spawn", {
      timestamp,
      user_classes_count: counts,
      host: "http://y",
      stop_timeout: 2.0,
      parsed_options: { tags: ["t"], exclude_tags: null },
    });
  const take = (type: string) => sent.filter((message) => message.type === type);
  return { session, sent, tell, spawn, take, advanceTo, counting, resets: () => resets };
}

describe("a worker under a Locust master", () => {
  it("announces itself until it is acknowledged, then beats every second and reports every three", async () => {
    const { session, tell, take, advanceTo } = createWorker();
    session.start();
    await advanceTo(10_500);
    expect(take("client_ready").map((message) => message.data)).toEqual([-1, -1, -1]);
    expect(take("heartbeat")).toEqual([]);
    expect(take("stats")).toEqual([]);
    tell("ack", { index: 3 });
    await advanceTo(20_400);
    expect(take("client_ready")).toHaveLength(3);
    expect(take("heartbeat")).toHaveLength(10);
    expect(take("heartbeat")[0]?.data).toEqual({
      state: "ready",
      current_cpu_usage: 1,
      current_memory_usage: 7,
    });
    expect(take("stats")).toHaveLength(3);
    expect(session.status).toMatchObject({ state: "ready", index: 3, isPeer: false });
  });

  it("runs the absolute numbers of the newest order and tells what it runs", async () => {
    const { session, spawn, tell, take, advanceTo, counting } = createWorker();
    session.start();
    tell("ack", { index: 0 });
    spawn(10, { Alpha: 2, Beta: 1 });
    await advanceTo(10);
    spawn(10, { Alpha: 9, Beta: 9 });
    spawn(9, { Alpha: 8, Beta: 8 });
    await advanceTo(20);
    expect(counting.users()).toBe(3);
    expect(take("spawning")).toHaveLength(3);
    expect(take("spawning_complete").map((message) => message.data)).toEqual([
      { user_classes_count: { Alpha: 2, Beta: 1 }, user_count: 3 },
    ]);
    spawn(11, { Alpha: 4, Beta: 0 });
    await advanceTo(30);
    expect(counting.users()).toBe(4);
    expect(counting.jobs).toMatchObject([{ host: "http://y", tags: ["t"], shared: null }]);
    spawn(12, { Unknown: 1 });
    await advanceTo(40);
    expect(recordOf(take("exception")[0]?.data)?.["msg"]).toContain("Unknown");
  });

  it("hands in everything it counted before it says that it stopped, and is ready again", async () => {
    const { session, sent, spawn, tell, take, advanceTo, counting } = createWorker();
    session.start();
    tell("ack", { index: 0 });
    spawn(1, { Alpha: 5 });
    await advanceTo(7500);
    tell("stop");
    await advanceTo(7600);
    const reports = take("stats").map((message) => readReport(message.data)!);
    expect(reports.reduce((sum, report) => sum + report.total.requests, 0)).toBe(counting.made());
    expect(counting.ends).toEqual([2000]);
    const order = sent.map((message) => message.type).filter((type) => type !== "heartbeat");
    expect(order.slice(-3)).toEqual(["stats", "client_stopped", "client_ready"]);
    expect([...reports[0]!.total.bucketsMs.keys()]).toEqual([1049]);
    tell("ack", { index: 0 });
    spawn(2, { Alpha: 1 });
    await advanceTo(8000);
    expect(session.status.state).toBe("running");
    tell("quit");
    await advanceTo(8100);
    expect(sent.slice(-2).map((message) => message.type)).toEqual(["stats", "quit"]);
    expect(await session.done).toBe("quit-by-master");
  });

  it("opens a new connection when asked to, and says goodbye when it is stopped", async () => {
    const { session, tell, sent, advanceTo, resets } = createWorker();
    session.start();
    tell("ack", { index: 0 });
    tell("reconnect");
    expect(resets()).toBe(1);
    const stopping = session.stop();
    await advanceTo(100);
    await stopping;
    expect(sent.at(-1)?.type).toBe("quit");
    expect(await session.done).toBe("stopped");
    const count = sent.length;
    await advanceTo(10_000);
    expect(sent).toHaveLength(count);
  });

  it("sends logs and gives up on silence only under a master that answers heartbeats", async () => {
    const old = createWorker();
    old.session.start();
    old.tell("ack", { index: 0 });
    old.session.log("a line");
    await old.advanceTo(100_000);
    expect(old.take("logs")).toEqual([]);
    expect(old.session.status.state).toBe("ready");
    const present = createWorker();
    present.session.start();
    present.tell("ack", { index: 0 });
    present.tell("heartbeat");
    present.session.log("a line");
    await present.advanceTo(30_000);
    expect(present.take("logs").map((message) => message.data)).toEqual([
      { worker_id: "w", logs: ["a line"] },
    ]);
    await present.advanceTo(61_000);
    await expect(present.session.done).rejects.toMatchObject({ code: "RMP_NET_UNREACHABLE" });
    expect(present.counting.ends).toEqual([0]);
  });

  it("ends the users of a master that is gone when a new one welcomes it", async () => {
    const { session, tell, spawn, take, advanceTo, counting } = createWorker();
    const join = () => {
      tell("ack", { index: 0, rampart: { protocol: 1, nonce: "m" } });
      tell("rampart_welcome", { proof: proofOf("", "master", "n", "w") });
    };
    const run = (name: string) =>
      tell("rampart_run", {
        ...{ run: name, elapsedMs: 0, host: "http://y", seed: 1, shareIndex: 0, shareCount: 1, shared: null },
      });
    session.start();
    join();
    run("a");
    spawn(1, { Alpha: 3 });
    await advanceTo(2500);
    expect(take("rampart_hello")).toHaveLength(1);
    expect(counting.users()).toBe(3);
    tell("rampart_received", { run: "a", seq: 2 });
    join();
    await advanceTo(2600);
    expect(counting.users()).toBe(0);
    tell("rampart_received", { run: "a", seq: 3 });
    run("b");
    spawn(2, { Alpha: 1 });
    await advanceTo(5000);
    expect(counting.users()).toBe(1);
    const sent = take("rampart_report").map((message) => {
      const { run: name, report } = recordOf(message.data) ?? {};
      return [name, recordOf(report)?.["seq"]];
    });
    expect(sent).toEqual([
      ["a", 1],
      ["a", 2],
      ["a", 3],
      ["b", 1],
      ["b", 2],
    ]);
    expect(take("stats")).toEqual([]);
  });

  it("never speaks Rampart's own messages to it, and leaves it when it has a token", async () => {
    const plain = createWorker();
    plain.session.start();
    plain.tell("ack", { index: 0 });
    plain.spawn(1, { Alpha: 2 });
    await plain.advanceTo(10_000);
    expect(plain.sent.filter((message) => message.type.startsWith("rampart"))).toEqual([]);
    const strict = createWorker({ token: "secret" });
    strict.session.start();
    strict.tell("ack", { index: 0 });
    await strict.advanceTo(10);
    await expect(strict.session.done).rejects.toMatchObject({ code: "RMP_LOAD_TOKEN_REFUSED" });
  });
});
