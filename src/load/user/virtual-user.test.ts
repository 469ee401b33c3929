import { describe, expect, it } from "vitest";
import { defineUser, sequence, task, taskSet } from "../model/define.ts";
import type { UserClass } from "../model/user-types.ts";
import { between, constant, constantPacing } from "../model/waits.ts";
import { simulate } from "../scheduler.suite.ts";
import { Recorder } from "../stats/recorder.ts";
import type { Http1Client } from "../transport/http1/client.ts";
import type { UserWorld } from "./user-world.ts";
import { endlessPacer, VirtualUser } from "./virtual-user.ts";

/** A world without a network: the users here send nothing. */
function worldOf(simulation: ReturnType<typeof simulate>): { world: UserWorld; recorder: Recorder } {
  const recorder = new Recorder("test", { startedAtMs: 0, epochOffsetMs: 0 });
  const nothing = { close: () => {} };
  const world: UserWorld = {
    host: "http://127.0.0.1",
    seed: 1,
    worker: { index: 0, count: 1 },
    shared: "shared",
    scheduler: simulation.scheduler,
    recorder,
    metrics: { count: () => {}, gauge: () => {}, rate: () => {}, trend: () => {} },
    // Only `close` is reached: no task of this file uses the client.
    createHttpClient: () => nothing as unknown as Http1Client,
    createWebSocketClient: () => {
      throw new Error("not used");
    },
  };
  return { world, recorder };
}

async function live(
  userClass: UserClass,
  untilMs: number,
): Promise<{ recorder: Recorder; user: VirtualUser }> {
  const simulation = simulate();
  const { world, recorder } = worldOf(simulation);
  const user = new VirtualUser(0, userClass, world);
  const ended = user.run(endlessPacer);
  await simulation.advanceTo(untilMs);
  user.requestStop();
  await simulation.advanceTo(untilMs + 1);
  await ended;
  return { recorder, user };
}

describe("VirtualUser", () => {
  it("runs onStart once, its tasks with waits between, and onStop once", async () => {
    const events: string[] = [];
    const simple = defineUser({
      name: "Simple",
      wait: constant(1),
      state: () => ({ count: 0 }),
      onStart: () => void events.push("start"),
      onStop: (user) => void events.push(`stop ${user.state.count}`),
      tasks: [
        task<{ count: number }>("t", (user) => {
          user.state.count += 1;
          events.push(`${user.shared} ${user.iteration}`);
        }),
      ],
    });
    await live(simple, 2500);
    expect(events).toEqual(["start", "shared 0", "shared 1", "shared 2", "stop 3"]);
  });

  it("picks tasks by weight, the same way for the same seed", async () => {
    const counts = { a: 0, b: 0 };
    const weighted = defineUser({
      name: "Weighted",
      wait: constant(0.001),
      tasks: [
        task("a", { weight: 3 }, () => {
          counts.a += 1;
        }),
        task("b", { weight: 1 }, () => {
          counts.b += 1;
        }),
      ],
    });
    await live(weighted, 1000);
    const first = { ...counts };
    expect(first.a / (first.a + first.b)).toBeGreaterThan(0.7);
    expect(first.a / (first.a + first.b)).toBeLessThan(0.8);
    counts.a = 0;
    counts.b = 0;
    await live(weighted, 1000);
    expect(counts).toEqual(first);
  });

  it("runs sequences in order and sets until they are left", async () => {
    const order: string[] = [];
    const note = (name: string) => task(name, () => void order.push(name));
    const nested = defineUser({
      name: "Nested",
      wait: constant(1),
      tasks: [
        sequence(
          "flow",
          { repeat: 1, onStart: () => void order.push("in"), onStop: () => void order.push("out") },
          [
            note("one"),
            taskSet("set", {}, [
              task("leave", (user) => {
                order.push("leave");
                user.interrupt();
              }),
            ]),
            note("two"),
          ],
        ),
      ],
    });
    await live(nested, 3500);
    expect(order).toEqual(["in", "one", "leave", "two", "out", "in", "one", "out"]);
  });

  it("keeps a fixed pace", async () => {
    const starts: number[] = [];
    const simulation = simulate();
    const { world } = worldOf(simulation);
    const paced = defineUser({
      name: "Paced",
      wait: constantPacing(2),
      tasks: [
        task("t", async (user) => {
          starts.push(simulation.scheduler.nowMs());
          await user.sleep(0.7);
        }),
      ],
    });
    const user = new VirtualUser(0, paced, world);
    const ended = user.run(endlessPacer);
    await simulation.advanceTo(6500);
    expect(starts).toEqual([0, 2000, 4000, 6000]);
    user.requestStop();
    await simulation.advanceTo(10_000);
    await ended;
  });

  it("counts exceptions and goes on", async () => {
    let runs = 0;
    const failing = defineUser({
      name: "Failing",
      wait: constant(1),
      tasks: [
        task("t", () => {
          runs += 1;
          throw new TypeError("broken task");
        }),
      ],
    });
    const { recorder } = await live(failing, 1500);
    expect(runs).toBe(2);
    expect(recorder.takeAll().flatMap((delta) => delta.exceptions)).toMatchObject([
      { message: "TypeError: broken task", count: 2 },
    ]);
  });

  it("lets other work through when a task neither sends nor waits", async () => {
    const busy = defineUser({ name: "Busy", tasks: [task("t", () => {})] });
    const { user } = await live(busy, 10);
    expect(user.iteration).toBeGreaterThan(0);
  });

  it("ends when its task says so, and wakes from its wait when asked to end", async () => {
    const once = defineUser({
      name: "Once",
      wait: between(100, 200),
      tasks: [task("t", (user) => user.stop())],
    });
    const { user } = await live(once, 1);
    expect(user.iteration).toBe(1);
    const waiting = defineUser({ name: "Waiting", wait: constant(1000), tasks: [task("t", () => {})] });
    const { user: second } = await live(waiting, 5);
    expect(second.iteration).toBe(1);
  });
});
