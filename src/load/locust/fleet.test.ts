import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { defineScenario, defineUser, task } from "../model/define.ts";
import type { LoadShape, ShapeContext, ShapeTick } from "../model/shape-types.ts";
import { resolveSettings } from "../run-plan.ts";
import type { RunOverrides } from "../run-types.ts";
import { type Simulation, simulate } from "../scheduler.suite.ts";
import { createScheduler } from "../scheduler.ts";
import type { WorkerReport } from "../stats/delta.ts";
import { decodeMessage, encodeMessage } from "./codec.ts";
import { createCountingLoad } from "./counting-load.suite.ts";
import { Fleet } from "./fleet.ts";
import { MasterSession } from "./master-session.ts";
import type { LocustMessage } from "./message.ts";
import { peerNodeId } from "./peer-protocol.ts";
import { WorkerSession } from "./worker-session.ts";

const EPOCH_MS = 1_795_308_495_000;

/** A worker whose load only counts: each finished second is one report of as many requests as it has users. */
interface TestWorker {
  readonly id: string;
  readonly session: WorkerSession;
  readonly users: () => number;
  /** Requests it made so far. */
  readonly made: () => number;
  /** Messages it got, newest last. */
  readonly got: LocustMessage[];
  isCut: boolean;
}

/** A master and workers on one simulated clock; every message goes through the codec. */
function createNetwork(options: { token?: string; isLost?: () => boolean } = {}) {
  const simulation: Simulation = simulate();
  const { scheduler } = simulation;
  const workers = new Map<string, TestWorker>();
  const lines: string[] = [];
  const isLost = options.isLost ?? (() => false);
  const carry = (message: LocustMessage, take: (message: LocustMessage) => void) => {
    const arrived = decodeMessage(encodeMessage(message));
    if (arrived !== null) scheduler.at(scheduler.nowMs() + 1, () => take(arrived));
  };
  const session = new MasterSession({
    token: options.token ?? "",
    scheduler,
    newNonce: () => "m",
    log: (line) => lines.push(line),
    send: (message) => {
      const worker = workers.get(message.nodeId);
      if (worker === undefined || worker.isCut || (message.type.startsWith("rampart_rec") && isLost()))
        return;
      carry(message, (arrived) => {
        worker.got.push(arrived);
        worker.session.receive(arrived);
      });
    },
  });
  const addWorker = (name: string, token = options.token ?? ""): TestWorker => {
    const id = peerNodeId("host", name);
    const counting = createCountingLoad(id, name, () => scheduler.nowMs(), EPOCH_MS);
    const worker: TestWorker = {
      id,
      users: counting.users,
      made: counting.made,
      got: [],
      isCut: false,
      session: new WorkerSession({
        nodeId: id,
        token,
        scenarioHash: "h",
        load: counting.load,
        scheduler,
        epochMs: () => EPOCH_MS + scheduler.nowMs(),
        nonce: "w",
        memoryBytes: () => 1,
        log: (line) => lines.push(line),
        send: (message) => {
          if (worker.isCut || (message.type.startsWith("rampart_rep") && isLost())) return;
          carry(message, (arrived) => session.receive(id, arrived));
        },
        reset: () => {},
      }),
    };
    worker.session.done.catch(() => {});
    workers.set(id, worker);
    worker.session.start();
    return worker;
  };
  return { simulation, session, addWorker, lines };
}

const scenario = defineScenario({
  name: "fleet",
  host: "http://127.0.0.1:1",
  userClasses: [
    defineUser({ name: "A", weight: 2, tasks: [task("a", () => {})] }),
    defineUser({ name: "B", tasks: [task("b", () => {})] }),
  ],
});

function startFleet(
  network: ReturnType<typeof createNetwork>,
  users: number,
  spawnRatePerSec: number,
  shape: RunOverrides | null = null,
) {
  const { scheduler } = network.simulation;
  const reports: WorkerReport[] = [];
  const faults: string[] = [];
  const overrides = shape ?? { users, spawnRatePerSec };
  const startedAtMs = EPOCH_MS + scheduler.nowMs();
  const fleet = new Fleet({
    session: network.session,
    scheduler,
    run: "1",
    scenarioHash: "h",
    log: (line) => network.lines.push(line),
    request: {
      settings: resolveSettings(scenario, overrides, {}),
      overrides,
      path: null,
      shared: undefined,
      clocks: { epochMs: () => EPOCH_MS + scheduler.nowMs(), monotonicMs: scheduler.nowMs },
      startedAtMs,
      begin: () => startedAtMs,
      events: {
        report: (report) => reports.push(report),
        lost: () => {},
        ended: () => {},
        fault: (sentence) => faults.push(sentence),
      },
    },
  });
  return { fleet, reports, faults };
}

/** A report of one request that belongs to no run of this master. */
function reportOfAnotherRun(workerId: string) {
  const counting = createCountingLoad(workerId, "/old", () => 1500, EPOCH_MS);
  void counting.load.begin({
    ...{ startedAtMs: EPOCH_MS, host: null, seed: null, tags: [], excludeTags: [], shared: null },
    share: { index: 0, count: 1 },
    work: null,
    onWorkDone: () => {},
  });
  counting.load.setCounts({ A: 1 });
  const report = counting.load.takeReports(true)[0];
  return { report: { run: "gone.1/0", report: { ...report, seq: 1 } } };
}

const requestsIn = (reports: readonly WorkerReport[], worker?: TestWorker) =>
  reports
    .filter((report) => worker === undefined || report.workerId === worker.id)
    .flatMap((report) => report.delta.requests)
    .reduce((sum, request) => sum + request.count, 0);

describe("a fleet", () => {
  it("ramps at the asked rate and splits users and classes exactly", async () => {
    const network = createNetwork();
    const workers = ["1", "2", "3"].map((name) => network.addWorker(name));
    await network.simulation.advanceTo(100);
    const { fleet } = startFleet(network, 31, 10);
    const usersNow = () => workers.reduce((sum, worker) => sum + worker.users(), 0);
    for (const atMs of [1100, 2100, 2600]) {
      await network.simulation.advanceTo(atMs);
      expect(Math.abs(usersNow() - (Math.floor((atMs - 100) / 100) + 1))).toBeLessThanOrEqual(2);
    }
    await network.simulation.advanceTo(4000);
    expect(usersNow()).toBe(31);
    expect(workers.map((worker) => worker.users()).sort()).toEqual([10, 10, 11]);
    const classes = workers.map((worker) => worker.session.status.userClassesCount);
    expect(classes.reduce((sum, counts) => sum + (counts["A"] ?? 0), 0)).toBe(21);
    fleet.setUsers(5, 100);
    await network.simulation.advanceTo(5000);
    expect(usersNow()).toBe(5);
  });

  it("has the load of a lost worker back on the others within five seconds, at the asked rate", async () => {
    const network = createNetwork();
    const workers = ["1", "2", "3"].map((name) => network.addWorker(name));
    await network.simulation.advanceTo(100);
    const { fleet, reports, faults } = startFleet(network, 30, 10);
    await network.simulation.advanceTo(8000);
    workers[1]!.isCut = true;
    const left = () => workers[0]!.users() + workers[2]!.users();
    await network.simulation.advanceTo(10_000);
    expect(left()).toBe(20);
    let gap = 0;
    for (let atMs = 10_100; atMs <= 13_000; atMs += 100) {
      const before = left();
      await network.simulation.advanceTo(atMs);
      gap = Math.max(gap, left() - before);
    }
    expect(left()).toBe(30);
    // Ten a second: two in one tenth of a second at most (the first one is due at once).
    expect(gap).toBeLessThanOrEqual(2);
    const stopping = fleet.stop(0);
    await network.simulation.advanceTo(30_000);
    await stopping;
    for (const worker of [workers[0]!, workers[2]!]) expect(requestsIn(reports, worker)).toBe(worker.made());
    // Ten of thirty users were away for about three of thirteen seconds: enough was there.
    expect(faults).toEqual([]);
    const { coverage, notes } = fleet.findings();
    expect(notes.join()).toContain("went missing");
    expect(coverage[8]).toMatchObject({ askedUsers: 30, users: 20, workers: 2 });
    expect(coverage.at(-1)).toMatchObject({ askedUsers: 30, users: 30, workers: 2 });
  });

  it("gives a worker that joins late its share without losing a user on the way", async () => {
    const network = createNetwork();
    const first = network.addWorker("1");
    await network.simulation.advanceTo(100);
    startFleet(network, 12, 100);
    await network.simulation.advanceTo(2000);
    expect(first.users()).toBe(12);
    const second = network.addWorker("2");
    for (let atMs = 2100; atMs <= 4000; atMs += 50) {
      await network.simulation.advanceTo(atMs);
      expect(first.users() + second.users()).toBe(12);
    }
    expect([first.users(), second.users()]).toEqual([6, 6]);
    second.isCut = true;
    await network.simulation.advanceTo(9000);
    expect(first.users()).toBe(12);
    second.isCut = false;
    await network.simulation.advanceTo(14_000);
    expect([first.users(), second.users()]).toEqual([6, 6]);
  });

  it("counts every report once, whatever the network drops", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { minLength: 20, maxLength: 60 }), async (losses) => {
        let turn = 0;
        let isLossy = true;
        const network = createNetwork({ isLost: () => isLossy && losses[turn++ % losses.length]! });
        const workers = ["1", "2"].map((name) => network.addWorker(name));
        await network.simulation.advanceTo(100);
        const { fleet, reports, faults } = startFleet(network, 7, 100);
        await network.simulation.advanceTo(15_000);
        isLossy = false;
        const stopping = fleet.stop(0);
        await network.simulation.advanceTo(30_000);
        await stopping;
        for (const worker of workers) expect(requestsIn(reports, worker)).toBe(worker.made());
        const numbers = reports.filter((report) => report.seq > 0 && report.workerId === workers[0]!.id);
        expect(numbers.map((report) => report.seq)).toEqual(numbers.map((_, index) => index + 1));
        expect(faults).toEqual([]);
      }),
      { numRuns: 20 },
    );
  });

  it("follows a shape, and makes a loss good at the rate the shape asked for last", async () => {
    const network = createNetwork();
    const workers = ["1", "2"].map((name) => network.addWorker(name));
    await network.simulation.advanceTo(100);
    /** Keeps its state in a private field, as a class may. */
    class Stairs implements LoadShape {
      readonly name = "Stairs";
      readonly durationSec = null;
      readonly peakUsers = 20;
      #asked = 0;
      tick({ runTimeSec }: ShapeContext): ShapeTick | null {
        this.#asked += 1;
        return runTimeSec < 5 ? [10, 100] : [20, this.#asked > 5 ? 5 : 100];
      }
    }
    startFleet(network, 0, 0, { executors: [{ kind: "shape", shape: () => new Stairs() }] });
    const usersNow = () => workers.reduce((sum, worker) => sum + worker.users(), 0);
    await network.simulation.advanceTo(4000);
    expect(usersNow()).toBe(10);
    await network.simulation.advanceTo(6200);
    expect(Math.abs(usersNow() - 16)).toBeLessThanOrEqual(1);
    await network.simulation.advanceTo(10_000);
    expect(usersNow()).toBe(20);
    workers[0]!.isCut = true;
    await network.simulation.advanceTo(13_000);
    const [, second] = workers;
    const before = second!.users();
    expect(before).toBeGreaterThan(10);
    await network.simulation.advanceTo(14_000);
    expect(Math.min(20, before + 5) - second!.users()).toBeLessThanOrEqual(1);
    await network.simulation.advanceTo(16_000);
    expect(second!.users()).toBe(20);
  });

  it("makes one run after the other", async () => {
    const network = createNetwork({ token: "secret" });
    const workers = ["1", "2"].map((name) => network.addWorker(name));
    await network.simulation.advanceTo(100);
    let before = workers.map((worker) => worker.made());
    for (const beginMs of [100, 10_000]) {
      await network.simulation.advanceTo(beginMs);
      const { fleet, reports, faults } = startFleet(network, 6, 100);
      await network.simulation.advanceTo(beginMs + 5000);
      expect(workers.map((worker) => worker.users())).toEqual([3, 3]);
      const stopping = fleet.stop(0);
      await network.simulation.advanceTo(beginMs + 9000);
      await stopping;
      expect(faults).toEqual([]);
      const made = workers.map((worker) => worker.made());
      expect(workers.map((worker) => requestsIn(reports, worker))).toEqual(
        made.map((count, index) => count - before[index]!),
      );
      before = made;
    }
  });

  it("says so when a worker keeps its last report", async () => {
    const network = createNetwork();
    const [first] = ["1", "2"].map((name) => network.addWorker(name));
    await network.simulation.advanceTo(100);
    const { fleet, faults } = startFleet(network, 10, 100);
    await network.simulation.advanceTo(20_000);
    first!.isCut = true;
    const stopping = fleet.stop(0);
    await network.simulation.advanceTo(40_000);
    await stopping;
    expect(faults).toEqual([expect.stringContaining(`${first!.id} did not hand in its last report`)]);
  });

  it("says so when the load was not there", async () => {
    const network = createNetwork();
    const workers = ["1", "2"].map((name) => network.addWorker(name));
    await network.simulation.advanceTo(100);
    const { fleet, faults } = startFleet(network, 10, 100);
    await network.simulation.advanceTo(3000);
    for (const worker of workers) worker.isCut = true;
    await network.simulation.advanceTo(20_000);
    const stopping = fleet.stop(0);
    await network.simulation.advanceTo(40_000);
    await stopping;
    expect(faults).toEqual([expect.stringMatching(/^only 1\d\.\d % of the asked user-seconds ran/)]);
  });

  it("refuses work that peers share when none is there", () => {
    const network = createNetwork();
    const settings = resolveSettings(
      scenario,
      { executors: [{ kind: "constant-arrival-rate", ratePerSec: 10, durationSec: 5 }] },
      {},
    );
    const create = () =>
      new Fleet({
        session: network.session,
        scheduler: network.simulation.scheduler,
        run: "1",
        scenarioHash: "h",
        log: () => {},
        request: {
          settings,
          overrides: {},
          path: null,
          shared: undefined,
          clocks: { epochMs: () => EPOCH_MS, monotonicMs: () => 0 },
          startedAtMs: EPOCH_MS,
          begin: () => EPOCH_MS,
          events: { report: () => {}, lost: () => {}, ended: () => {}, fault: () => {} },
        },
      });
    expect(create).toThrow(expect.objectContaining({ code: "RMP_LOAD_SCENARIO_INVALID" }));
  });
});

describe("a boomer worker", () => {
  it("gets orders a second apart and counts from its own reports", async () => {
    const network = createNetwork();
    const { scheduler } = network.simulation;
    const got: { readonly type: string; readonly atMs: number; readonly data: unknown }[] = [];
    const session = new MasterSession({
      token: "",
      scheduler,
      newNonce: () => "n",
      log: () => {},
      send: ({ type, data }) => got.push({ type, atMs: scheduler.nowMs(), data }),
    });
    const tell = (type: string, data: unknown) => {
      const bytes = encodeMessage({ type, data, nodeId: "boomer" });
      session.receive("boomer", decodeMessage(bytes)!);
    };
    const report = (requests: number, users: Record<string, number>) => {
      const entry = {
        ...{ name: "/b", method: "http", start_time: EPOCH_MS / 1000, num_requests: requests },
        ...{ last_request_timestamp: (EPOCH_MS + scheduler.nowMs()) / 1000, num_none_requests: 0 },
        ...{
          num_failures: 0,
          total_response_time: 20 * requests,
          max_response_time: 20,
          min_response_time: 20,
        },
        ...{
          total_content_length: 0,
          response_times: new Map([[20, requests]]),
          num_fail_per_sec: new Map(),
        },
        num_reqs_per_sec: new Map([[Math.floor((EPOCH_MS + scheduler.nowMs()) / 1000), requests]]),
      };
      const total = { ...entry, name: "Total", method: "" };
      tell("stats", { stats: [entry], stats_total: total, errors: {}, user_classes_count: users });
    };
    tell("client_ready", -1);
    expect(got[0]).toMatchObject({ type: "ack", data: { index: 0 } });
    expect(JSON.stringify(got[0])).not.toContain("rampart");
    const { fleet, reports } = startFleet({ ...network, session }, 20, 10);
    for (let atMs = 1000; atMs <= 6000; atMs += 1000) {
      await network.simulation.advanceTo(atMs);
      tell("heartbeat", { state: "running", current_cpu_usage: 5 });
      if (atMs % 3000 === 0) report(30, { A: 13, B: 7 });
    }
    const orders = got.filter((message) => message.type === "spawn");
    expect(orders.length).toBeLessThanOrEqual(4);
    expect(orders.slice(1).every((order, at) => order.atMs - orders[at]!.atMs >= 1000)).toBe(true);
    expect(orders.at(-1)?.data).toMatchObject({ user_classes_count: { A: 13, B: 7 } });
    const stopping = fleet.stop(0);
    await network.simulation.advanceTo(6200);
    expect(got.at(-1)?.type).toBe("stop");
    tell("client_stopped", null);
    tell("client_ready", -1);
    await network.simulation.advanceTo(9000);
    report(5, {});
    await network.simulation.advanceTo(9100);
    await stopping;
    expect(requestsIn(reports)).toBe(65);
    expect(fleet.findings().coverage.at(-1)).toMatchObject({ askedUsers: 20, users: 20, workers: 1 });
  });
});

describe("joining", () => {
  it("takes only workers with the same token when there is one", async () => {
    const network = createNetwork({ token: "secret" });
    const right = network.addWorker("1");
    const wrong = network.addWorker("2", "guess");
    await network.simulation.advanceTo(1000);
    expect(network.session.members.map((member) => member.id)).toEqual([right.id]);
    await expect(wrong.session.done).rejects.toMatchObject({ code: "RMP_LOAD_TOKEN_REFUSED" });
    network.session.receive("locust_1", { type: "client_ready", data: "2.46.3", nodeId: "locust_1" });
    expect(network.session.members).toHaveLength(1);
  });

  it("answers each heartbeat of a worker that knows it, and few of one that may not", async () => {
    const network = createNetwork();
    const worker = network.addWorker("1");
    await network.simulation.advanceTo(10_000);
    const beats = worker.got.filter((message) => message.type === "heartbeat").length;
    expect(beats).toBeGreaterThanOrEqual(18);
    const sent: string[] = [];
    const session = new MasterSession({
      token: "",
      scheduler: network.simulation.scheduler,
      newNonce: () => "n",
      log: () => {},
      send: (message) => sent.push(message.type),
    });
    session.receive("debian", { type: "client_ready", data: "", nodeId: "debian" });
    for (let beat = 0; beat < 40; beat += 1)
      session.receive("debian", {
        type: "heartbeat",
        data: { state: "ready", current_cpu_usage: 1 },
        nodeId: "debian",
      });
    expect(sent.filter((type) => type === "heartbeat")).toHaveLength(2);
    expect(session.members).toMatchObject([{ id: "debian", isPeer: false, cpuPercent: 1 }]);
    session.receive("debian", { type: "heartbeat", data: {}, nodeId: "another" });
    session.receive("stranger", { type: "spawning", data: null, nodeId: "stranger" });
    expect(sent.at(-1)).toBe("quit");
    session.corrupt("debian");
    expect(sent.at(-1)).toBe("reconnect");
  });

  it("does not take its own standstill for the workers' silence", () => {
    let nowMs = 0;
    let wake: () => void = () => {};
    const scheduler = createScheduler(
      () => nowMs,
      (call) => {
        wake = call;
        return () => {};
      },
    );
    const session = new MasterSession({
      ...{ token: "", scheduler, newNonce: () => "n" },
      log: () => {},
      send: () => {},
    });
    session.receive("w", { type: "client_ready", data: -1, nodeId: "w" });
    const moveTo = (ms: number) => {
      nowMs = ms;
      wake();
    };
    moveTo(250);
    moveTo(30_000);
    expect(session.members).toHaveLength(1);
    for (let ms = 30_250; ms <= 33_000; ms += 250) moveTo(ms);
    expect(session.members).toHaveLength(1);
    for (let ms = 33_250; ms <= 34_250; ms += 250) moveTo(ms);
    expect(session.members).toHaveLength(0);
    expect(session.allMembers).toMatchObject([{ id: "w", state: "missing" }]);
  });

  it("relieves a worker of the reports of a master that is gone", async () => {
    const network = createNetwork();
    const worker = network.addWorker("1");
    await network.simulation.advanceTo(100);
    const { report } = reportOfAnotherRun(worker.id);
    network.session.receive(worker.id, { type: "rampart_report", data: report, nodeId: worker.id });
    await network.simulation.advanceTo(200);
    expect(worker.got.at(-1)).toMatchObject({ type: "rampart_received" });
    const { reports } = startFleet(network, 1, 1);
    network.session.receive(worker.id, { type: "rampart_report", data: report, nodeId: worker.id });
    await network.simulation.advanceTo(300);
    expect(worker.got.filter((message) => message.type === "rampart_received")).toHaveLength(2);
    expect(requestsIn(reports)).toBe(0);
  });

  it("gives up after five minutes without a master, and when a master falls silent", async () => {
    const network = createNetwork();
    const lonely = network.addWorker("1");
    lonely.isCut = true;
    await network.simulation.advanceTo(310_000);
    await expect(lonely.session.done).rejects.toMatchObject({ code: "RMP_NET_UNREACHABLE" });
    const left = network.addWorker("2");
    await network.simulation.advanceTo(311_000);
    expect(left.session.status).toMatchObject({ state: "ready", isPeer: true });
    left.isCut = true;
    await network.simulation.advanceTo(373_000);
    await expect(left.session.done).rejects.toMatchObject({ code: "RMP_NET_UNREACHABLE" });
  });
});
