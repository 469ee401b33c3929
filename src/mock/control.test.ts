import { createConnection } from "node:net";
import { networkInterfaces } from "node:os";
import { describe, expect, it, onTestFinished } from "vitest";
import { chatBody, post, startMock } from "./mock-client.suite.ts";
import { createMockLlm } from "./mock-llm.ts";

const PATH = "/v1/chat/completions";

describe("control routes", () => {
  it("read and clear the record, without being in it", async () => {
    const { url, mock } = await startMock();
    for (const text of ["a", "b", "c"])
      await (await post(url + PATH, chatBody(text), { "x-api-key": "k" })).text();
    const response = await fetch(`${url}/__mock/requests?after=1&limit=1`);
    const page = (await response.json()) as { records: unknown[] };
    expect(page).toEqual(mock.record.page({ after: 1, limit: 1 }));
    expect(page).toMatchObject({
      total: 3,
      dropped: 0,
      records: [{ seq: 2, body: JSON.stringify(chatBody("b")), headers: { "x-api-key": "***" } }],
    });
    expect((await fetch(`${url}/__mock/requests`, { method: "DELETE" })).status).toBe(200);
    expect(mock.record.page()).toEqual({ total: 0, dropped: 0, records: [] });
  });

  it("read and change the configuration, naming a wrong field", async () => {
    const { url, mock } = await startMock();
    const changed = await post(`${url}/__mock/config`, { ttftMs: 5, recordLimit: 2 });
    expect(await changed.json()).toEqual(mock.settings());
    expect(mock.settings().ttftMs).toBe(5);
    const wrong = await post(`${url}/__mock/config`, { ttftMs: 7, errorRate: 2 });
    expect(wrong.status).toBe(400);
    expect(await wrong.json()).toMatchObject({ error: { code: "RMP_CONFIG_INVALID", field: "errorRate" } });
    expect(mock.settings().ttftMs).toBe(5);
    expect(await (await fetch(`${url}/__mock/config`)).json()).toMatchObject({ ttftMs: 5, recordLimit: 2 });
  });

  it.each([
    ["POST", "/__mock/config", "{", 400],
    ["POST", "/__mock/config", `"${"x".repeat(70_000)}"`, 413],
    ["GET", "/__mock/requests?after=-1", undefined, 422],
    ["GET", "/__mock/requests?limit=x", undefined, 422],
    ["GET", "/__mock/other", undefined, 404],
    ["PUT", "/__mock/config", "{}", 404],
  ])("%s %s is refused", async (method, path, body, status) => {
    const { url } = await startMock();
    const response = await fetch(url + path, { method, ...(body === undefined ? {} : { body }) });
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error: { code: expect.stringMatching(/^RMP_/) } });
  });

  const outside = Object.values(networkInterfaces())
    .flat()
    .find((address) => address?.family === "IPv4" && !address.internal)?.address;

  it.skipIf(outside === undefined)(
    "are not there for peers beyond loopback (needs a network address)",
    async () => {
      const mock = createMockLlm();
      onTestFinished(() => mock.close());
      const { port } = await mock.listen({ port: 0, host: outside! });
      expect((await fetch(`http://${outside}:${port}/__mock/config`)).status).toBe(404);
      expect((await fetch(`http://${outside}:${port}/v1/models`)).status).toBe(200);
    },
  );
});

describe("listen and close", () => {
  it("says which port is in use", async () => {
    const { url } = await startMock();
    const second = createMockLlm();
    await expect(second.listen({ port: Number(new URL(url).port) })).rejects.toMatchObject({
      code: "RMP_NET_PORT_IN_USE",
    });
    await expect(second.listen({ port: 0, host: "203.0.113.1" })).rejects.toMatchObject({
      code: "RMP_CONFIG_INVALID",
    });
  });

  it("closes with requests under way, and can listen again", async () => {
    const { url, mock } = await startMock({ fault: "hang" });
    const failed = post(url + PATH, chatBody("x")).catch(() => "closed");
    while (mock.record.page().total === 0) await new Promise((resolve) => setImmediate(resolve));
    await mock.close();
    expect(await failed).toBe("closed");
    mock.configure({ fault: "none" });
    const again = await mock.listen({ port: 0 });
    expect((await post(again.url + PATH, chatBody("x"))).status).toBe(200);
  });

  it("serves on after a request that is no HTTP", async () => {
    const { url } = await startMock();
    const { port, hostname } = new URL(url);
    await new Promise<void>((resolve) => {
      const socket = createConnection(Number(port), hostname, () => socket.write("NONSENSE\r\n\r\n"));
      socket.on("close", () => resolve());
      socket.resume();
    });
    expect((await post(url + PATH, chatBody("x"))).status).toBe(200);
  });
});
