import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Gateway } from "#gateway";
import {
  answerWith,
  chatBody,
  chunkEvent,
  completion,
  type Provider,
  postJson,
  startGateway,
  startProvider,
  textOfStream,
} from "./cache-upstream.ts";

const CHAT = "/v1/chat/completions";
const STREAM = { stream: true };
/** Megabytes: more than the buffers of a loopback connection take. */
const PIECES = 24;
let provider: Provider;
let gateway: Gateway;
let url: string;

beforeEach(async () => {
  // Every request waits until the test answers it.
  provider = await startProvider();
  ({ gateway, url } = await startGateway(provider.url, { drainTimeoutMs: 1_000 }));
});

afterEach(async () => {
  await gateway.close();
  await provider.close();
});

function ask(content: string, more = {}, signal?: AbortSignal): Promise<Response> {
  return postJson(url, CHAT, chatBody(content, more), {}, signal);
}

const stateOf = (answer: Response): string | null => answer.headers.get("x-rampart-cache");

/** Resolves when so many requests have come to an end of the pipeline or wait in it. */
async function underWay(count: number): Promise<void> {
  for (;;) {
    const figures = (await (await fetch(`${url}/metrics`)).json()) as Record<string, number>;
    // The question itself is one of them.
    if ((figures["active_requests"] ?? 0) - 1 === count) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Reads a stream until it holds a text; the rest can be read on. */
function reader(answer: Response) {
  const source = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  return {
    async until(part: string): Promise<string> {
      while (!text.includes(part)) {
        const { value, done } = await source.read();
        if (done) break;
        text += value;
      }
      return text;
    },
    async rest(): Promise<string> {
      for (;;) {
        const { value, done } = await source.read();
        if (done) return text;
        text += value;
      }
    },
  };
}

describe("equal requests at the same time", () => {
  it("share one plain upstream call, each with his own values", async () => {
    const first = ask("I am anna@example.com");
    const request = await provider.request(0);
    const others = ["bert@example.com", "carl@example.com"].map((mail) => ask(`I am ${mail}`));
    await underWay(3);
    answerWith(request, completion("Hello [EMAIL_1]."));
    const answers = await Promise.all([first, ...others]);
    expect(answers.map(stateOf)).toEqual(["miss", "shared", "shared"]);
    const texts = await Promise.all(answers.map((answer) => answer.text()));
    for (const [i, name] of ["anna", "bert", "carl"].entries())
      expect(texts[i]).toContain(`Hello ${name}@example.com.`);
    expect(provider.requests).toHaveLength(1);
  });

  it("follow a stream as it comes, also those who join late", async () => {
    const first = ask("I am anna@example.com", STREAM);
    const { response } = await provider.request(0);
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(chunkEvent("Hello "));
    const leader = reader(await first);
    await leader.until("Hello ");
    const late = await ask("I am bert@example.com", STREAM);
    expect(stateOf(late)).toBe("shared");
    const follower = reader(late);
    await follower.until("Hello ");
    response.write(chunkEvent("[EMA"));
    response.write(chunkEvent("IL_1]!"));
    await Promise.all([leader.until("anna@example.com!"), follower.until("bert@example.com!")]);
    response.end(`${chunkEvent("", "stop")}data: [DONE]\n\n`);
    expect(textOfStream(await leader.rest())).toBe("Hello anna@example.com!");
    expect(textOfStream(await follower.rest())).toBe("Hello bert@example.com!");
    expect(stateOf(await ask("I am carl@example.com", STREAM))).toBe("hit");
    expect(provider.requests).toHaveLength(1);
  });

  it("send requests of their own when the first one fails", async () => {
    const first = ask("again");
    const request = await provider.request(0);
    const second = ask("again");
    await underWay(2);
    answerWith(request, '{"error":{"message":"bad"}}', 400);
    answerWith(await provider.request(1), completion("fine"));
    expect((await first).status).toBe(400);
    const answer = await second;
    expect([answer.status, stateOf(answer)]).toEqual([200, "miss"]);
    expect(await answer.text()).toContain("fine");
  });

  it("are told the truth when a stream breaks that they have begun to read", async () => {
    const first = ask("again", STREAM);
    const { response } = await provider.request(0);
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(chunkEvent("half"));
    const leader = reader(await first);
    await leader.until("half");
    const follower = reader(await ask("again", STREAM));
    await follower.until("half");
    response.destroy();
    for (const text of await Promise.all([leader.rest(), follower.rest()])) {
      expect(text).toContain("RMP_UPSTREAM_RESET");
      expect(text).not.toContain("[DONE]");
    }
  });

  it("have their answer although the client of the first one has gone", async () => {
    const gone = new AbortController();
    const first = ask("I am anna@example.com", {}, gone.signal).catch(() => null);
    const request = await provider.request(0);
    const second = ask("I am bert@example.com");
    await underWay(2);
    gone.abort();
    await first;
    await underWay(1);
    answerWith(request, completion("Hello [EMAIL_1]."));
    expect(await (await second).text()).toContain("Hello bert@example.com.");
    expect(provider.requests).toHaveLength(1);
  });

  it("have their stream although the client of the first one has gone", async () => {
    const gone = new AbortController();
    const first = ask("again", STREAM, gone.signal);
    const { response } = await provider.request(0);
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(chunkEvent("one "));
    await reader(await first).until("one ");
    const follower = reader(await ask("again", STREAM));
    await follower.until("one ");
    gone.abort();
    await underWay(1);
    response.end(`${chunkEvent("two")}${chunkEvent("", "stop")}data: [DONE]\n\n`);
    expect(textOfStream(await follower.rest())).toBe("one two");
  });

  it("are not held up by one of them who does not read", async () => {
    const first = ask("again", STREAM);
    const { response } = await provider.request(0);
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(chunkEvent("begin"));
    // Nobody reads this body: the gateway's writes to it stop being taken.
    await first;
    const follower = reader(await ask("again", STREAM));
    await follower.until("begin");
    const megabyte = "x".repeat(1024 * 1024);
    for (let i = 0; i < PIECES; i += 1) response.write(chunkEvent(megabyte));
    response.end("data: [DONE]\n\n");
    expect(textOfStream(await follower.rest())).toHaveLength("begin".length + PIECES * megabyte.length);
    const figures = (await (await fetch(`${url}/metrics`)).json()) as Record<string, unknown>;
    expect(figures["errors_by_code"]).toEqual({ RMP_UPSTREAM_TOO_LARGE: 1 });
  }, 60_000);

  it("end at the provider when the last client has gone", async () => {
    const clients = [new AbortController(), new AbortController()];
    const answers = clients.map(({ signal }) => ask("again", {}, signal).catch(() => null));
    const request = await provider.request(0);
    await underWay(2);
    for (const client of clients) client.abort();
    await Promise.all([...answers, request.gone]);
    const next = ask("again");
    answerWith(await provider.request(1), completion("fresh"));
    expect(stateOf(await next)).toBe("miss");
    await (await next).text();
  });
});
