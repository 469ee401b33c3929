import { describe, expect, it } from "vitest";
import { networkFigures } from "./network-figures.ts";
import { createPostgresReader } from "./postgres-figures.ts";
import { createRedisReader, infoFigures } from "./redis-figures.ts";

const REDIS_URL = process.env["REDIS_URL"] ?? "redis://127.0.0.1:6379";
const DATABASE_URL = process.env["DATABASE_URL"] ?? "postgres://postgres@127.0.0.1:5432/postgres";

/** A missing server is a skip on a bare machine and a failure in CI. */
async function figuresOf(reader: {
  read(): Promise<Map<string, number>>;
  close(): void;
}): Promise<Map<string, number> | null> {
  const figures = await reader.read();
  reader.close();
  return figures.size === 0 && process.env["CI"] !== "true" ? null : figures;
}

describe("figures of services", () => {
  it("are read off a real Redis", async ({ skip }) => {
    const figures = await figuresOf(createRedisReader(REDIS_URL));
    if (figures === null) return skip("no Redis here");
    expect(figures.get("redis.connected_clients")).toBeGreaterThanOrEqual(1);
    expect(figures.get("redis.used_memory_bytes")).toBeGreaterThan(1e5);
    expect(figures.has("redis.keys")).toBe(true);
  });

  it("are read off a real PostgreSQL", async ({ skip }) => {
    const figures = await figuresOf(createPostgresReader(DATABASE_URL));
    if (figures === null) return skip("no PostgreSQL here");
    expect(figures.get("postgres.max_connections")).toBeGreaterThanOrEqual(10);
    expect(figures.get("postgres.size_bytes")).toBeGreaterThan(1e6);
    expect(figures.get("postgres.connections")).toBeGreaterThanOrEqual(0);
  });

  it("are empty while a server is gone, within a second", async () => {
    const started = process.hrtime.bigint();
    for (const reader of [
      createRedisReader("redis://127.0.0.1:9"),
      createPostgresReader("postgres://x@127.0.0.1:9/x"),
    ]) {
      expect((await reader.read()).size).toBe(0);
      reader.close();
    }
    expect(Number(process.hrtime.bigint() - started) / 1e6).toBeLessThan(4000);
  });

  it("take the kept fields of INFO and count keys over databases", () => {
    const figures = infoFigures(
      "# Clients\r\nconnected_clients:7\r\nversion:x\r\n# Keyspace\r\ndb0:keys=5,expires=2\r\ndb3:keys=4,expires=0\r\n",
    );
    expect([...figures]).toEqual([
      ["redis.connected_clients", 7],
      ["redis.keys", 9],
    ]);
  });

  it("sum the interfaces, loopback apart", () => {
    const text =
      "Inter-|   Receive\n face |bytes packets\n    lo: 100 1 0 0 0 0 0 0 200 1 0 0 0 0 0 0\n  eth0: 10 1 0 0 0 0 0 0 20 1 0 0 0 0 0 0\n  eth1: 1 1 0 0 0 0 0 0 2 1 0 0 0 0 0 0\n";
    expect(Object.fromEntries(networkFigures(text))).toEqual({
      loopback_received_bytes: 100,
      loopback_sent_bytes: 200,
      network_received_bytes: 11,
      network_sent_bytes: 22,
    });
  });
});
