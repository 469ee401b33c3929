import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { createGuard } from "#backends";
import type { MonitorEvent } from "#contract";
import { createGateway, type Gateway } from "#gateway";
import { type RedisServer, skipWithoutRedis, startRedis } from "../fixtures/redis-server.ts";

interface Instance {
  readonly gateway: Gateway;
  readonly url: string;
}

const SECRET = "ada.lovelace@example.org";

describe.skipIf(skipWithoutRedis)("the live monitor of several instances", () => {
  let redis: RedisServer;
  const instances: Instance[] = [];
  const watchers: WebSocket[] = [];

  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis?.kill());
  afterEach(async () => {
    for (const ws of watchers.splice(0)) ws.terminate();
    await Promise.all(instances.splice(0).map(({ gateway }) => gateway.close()));
  });

  async function instance(): Promise<Instance> {
    const nowhere = { baseUrl: "http://127.0.0.1:1" };
    const gateway = createGateway({
      config: {
        ...{ port: 0, providers: { openai: nowhere, anthropic: nowhere } },
        redis: { url: redis.url, retryMs: 100 },
      },
      guard: createGuard(),
      version: "0",
    });
    const started = { gateway, url: (await gateway.listen()).url };
    instances.push(started);
    await expect.poll(async () => (await health(started)).services.redis.healthy).toBe(true);
    return started;
  }

  const health = async ({ url }: Instance) =>
    (await (await fetch(`${url}/health`)).json()) as {
      services: { redis: { healthy: boolean | null } };
      system_info: { realtime_monitoring: { scope: string } };
    };

  async function watch({ url }: Instance): Promise<{ events: MonitorEvent[]; raw: string[] }> {
    const ws = new WebSocket(`${url.replace("http", "ws")}/ws/monitor`);
    const seen = { events: [] as MonitorEvent[], raw: [] as string[] };
    ws.on("message", (data) => {
      seen.raw.push(String(data));
      seen.events.push(JSON.parse(String(data)));
    });
    watchers.push(ws);
    await new Promise((resolve) => ws.once("message", resolve));
    return seen;
  }

  const detect = ({ url }: Instance, id: string) =>
    fetch(`${url}/pii-protection/detect`, {
      ...{ method: "POST", headers: { "x-request-id": id } },
      body: JSON.stringify({ text: `Write to ${SECRET}` }),
    }).then((answer) => answer.text());

  const idsOf = (events: readonly MonitorEvent[]) =>
    events.flatMap((event) => (event.type === "detection_result" ? event.request_id : []));

  it("shows each event once at every instance, numbered without a gap, and no text", async () => {
    const [a, b] = [await instance(), await instance()];
    const [atA, atB] = [await watch(a), await watch(b)];
    // Subscribing takes a moment; what happens before is not shown elsewhere.
    let warmUp = 0;
    await expect
      .poll(
        async () => {
          warmUp += 1;
          await detect(a, `warm-a-${warmUp}`);
          await detect(b, `warm-b-${warmUp}`);
          return (
            idsOf(atA.events).some((id) => id.startsWith("warm-b")) &&
            idsOf(atB.events).some((id) => id.startsWith("warm-a"))
          );
        },
        { timeout: 10_000, interval: 100 },
      )
      .toBe(true);
    const ids = Array.from({ length: 20 }, (_, i) => `call-${i}`);
    for (const [i, id] of ids.entries()) await detect(i % 2 === 0 ? a : b, id);
    for (const { events } of [atA, atB])
      await expect.poll(() => idsOf(events).filter((id) => id.startsWith("call"))).toHaveLength(20);
    for (const { events, raw } of [atA, atB]) {
      const calls = idsOf(events).filter((id) => id.startsWith("call"));
      expect(calls.toSorted()).toEqual(ids.toSorted());
      const seqs = events.filter(({ type }) => type === "detection_result").map(({ seq }) => seq);
      expect(seqs).toEqual(seqs.map((_, i) => seqs[0]! + i));
      expect(raw.join()).not.toContain("ada");
    }
    expect((await health(a)).system_info.realtime_monitoring.scope).toBe("instances");
  });

  it("shows its own events while Redis is away, says so, and the others' again when it is back", async () => {
    const own = await startRedis();
    const shared = redis;
    redis = own;
    try {
      const [a, b] = [await instance(), await instance()];
      const [atA, atB] = [await watch(a), await watch(b)];
      own.freeze();
      await detect(a, "away-1");
      await expect.poll(() => idsOf(atA.events)).toContain("away-1");
      await expect
        .poll(async () => (await health(a)).system_info.realtime_monitoring.scope, { timeout: 10_000 })
        .toBe("gateway");
      own.thaw();
      let count = 0;
      await expect
        .poll(
          async () => {
            count += 1;
            await detect(a, `back-${count}`);
            return idsOf(atB.events).some((id) => id.startsWith("back"));
          },
          { timeout: 15_000, interval: 100 },
        )
        .toBe(true);
    } finally {
      redis = shared;
      await own.kill();
    }
  });
});
