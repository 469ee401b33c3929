import { createHash } from "node:crypto";
import { Pool } from "undici";
import { createGuard, DEFAULT_POLICY, type Guard } from "#detect";
import { createGateway } from "#gateway";
import { createMockLlm } from "#mock";
import { createRandom } from "#shared";

/** What a run of the isolation proof counted; all but `requests`, `hits` and `shared` must be 0. */
export interface IsolationCounts {
  readonly requests: number;
  /** Answers with a status other than 200. */
  readonly failed: number;
  /** Own values that reached the provider. */
  readonly leaked: number;
  /** Answers that hold a value of another client. */
  readonly foreign: number;
  /** Answers without all own values, or with a placeholder that the client did not type. */
  readonly unrestored: number;
  /** Answers in which a literal look-alike did not come back as it was typed. */
  readonly lookAlikesTouched: number;
  /** Answers of the provider that clients of more than one tenant got. */
  readonly crossTenant: number;
  /** Requests that were answered from the cache, and those that shared the upstream call of an equal one. */
  readonly hits: number;
  readonly shared: number;
}

/** How much is proven. */
export interface IsolationPlan {
  readonly clients: number;
  readonly tenants: number;
  readonly requests: number;
  /** Requests under way at the same time. */
  readonly concurrency: number;
  /** Default: the guard as shipped, detection of names left out. */
  readonly guard?: Guard;
}

const policy = { ...DEFAULT_POLICY, injection: { action: "off" as const, threshold: 0.5 } };

/** A guard for the proof; injection is off because it has no part in it. */
export function isolationGuard(): Guard {
  return createGuard({ policy });
}

/** Clients guess the placeholders of others up to this number. */
const GUESSED_NUMBERS = 60;
const SESSIONS_PER_CLIENT = 3;
const STREAM_SHARE = 0.5;
const SESSION_SHARE = 0.5;
/** Share of requests that differ in nothing but their values from others of the same moment. */
const EQUAL_SHARE = 0.5;
/** Requests under way times this: then the subject changes, and new answers are fetched while others wait for the same. */
const ROUNDS_PER_SUBJECT = 5;
const PLACEHOLDER = /\[[A-Z_]+_\d+\]/g;

/**
 * Runs the clients of several tenants against one gateway, plain and streaming, with guessed and reused sessions, with the
 * caches and shared upstream calls at work: half of the requests are equal but for their values.
 */
export async function proveIsolation(plan: IsolationPlan): Promise<IsolationCounts> {
  const mock = createMockLlm({
    config: { charsPerEvent: 40, recordLimit: 1_000 },
  });
  const upstream = await mock.listen({ port: 0 });
  const hash = (key: string) => `sha256:${createHash("sha256").update(key).digest("hex")}`;
  const gateway = createGateway({
    config: {
      port: 0,
      providers: { openai: { baseUrl: upstream.url }, anthropic: { baseUrl: upstream.url } },
      customers: Array.from({ length: plan.clients }, (_, i) => ({
        name: `client-${i}`,
        tenant: `tenant-${i % plan.tenants}`,
        role: "caller" as const,
        keys: [hash(`key-${i}`)],
      })),
    },
    guard: plan.guard ?? isolationGuard(),
    version: "isolation",
  });
  const { url } = await gateway.listen();
  const pool = new Pool(url, { connections: plan.concurrency });
  const random = createRandom(7);
  const counts = {
    ...{ requests: 0, failed: 0, leaked: 0, foreign: 0, unrestored: 0, lookAlikesTouched: 0 },
    ...{ crossTenant: 0, hits: 0, shared: 0 },
  };
  const tenantByAnswer = new Map<string, number>();
  let lastSeq = 0;

  const one = async (): Promise<void> => {
    const client = Math.floor(random() * plan.clients);
    const turn = Math.floor(random() * 1e6);
    const values = [`canary-${client}-${turn}@example.com`, `canary-${client}-home@example.org`];
    const subject = Math.floor(counts.requests / (plan.concurrency * ROUNDS_PER_SUBJECT));
    const guess = (): number => 1 + Math.floor(random() * GUESSED_NUMBERS);
    const isEqual = random() < EQUAL_SHARE;
    const guesses = (isEqual ? [1, 2, 9] : [guess(), guess(), guess()])
      .map((number) => `[EMAIL_${number}]`)
      .join(" ");
    const stream = random() < STREAM_SHARE;
    const inSession = random() < SESSION_SHARE;
    const answer = await pool.request({
      path: "/v1/chat/completions",
      method: "POST",
      headers: {
        "content-type": "application/json",
        "x-rampart-key": `key-${client}`,
        // The same session names for all: a name is no secret and must not be enough.
        ...(inSession ? { "x-session-id": `session-${Math.floor(random() * SESSIONS_PER_CLIENT)}` } : {}),
      },
      body: JSON.stringify({
        model: "gpt-4",
        temperature: 0,
        stream,
        messages: [
          { role: "system", content: `The subject of today is number ${subject}.` },
          { role: "user", content: `Mine: ${values.join(" and ")}. Literally: ${guesses}.` },
        ],
      }),
    });
    const raw = await answer.body.text();
    const text = stream ? textOfStream(raw) : raw;
    counts.requests += 1;
    if (answer.statusCode !== 200) counts.failed += 1;
    for (const [, owner] of text.matchAll(/canary-(\d+)-[\w-]+@example\.(?:com|org)/g))
      if (Number(owner) !== client) counts.foreign += 1;
    const isForeignPlaceholder = (placeholder: string): boolean => !guesses.includes(placeholder);
    if (!values.every((value) => text.includes(value)) || text.match(PLACEHOLDER)?.some(isForeignPlaceholder))
      counts.unrestored += 1;
    if (!text.includes(guesses)) counts.lookAlikesTouched += 1;
    const state = answer.headers["x-rampart-cache"];
    if (state === "hit") counts.hits += 1;
    if (state === "shared") counts.shared += 1;
    // Every call of the provider has an id of its own.
    const id = /"id":"(chatcmpl-[^"]+)"/.exec(raw)?.[1] ?? "";
    const tenant = client % plan.tenants;
    if ((tenantByAnswer.get(id) ?? tenant) !== tenant) counts.crossTenant += 1;
    tenantByAnswer.set(id, tenant);
    const page = mock.record.page({ after: lastSeq });
    for (const { seq, body } of page.records) {
      lastSeq = Math.max(lastSeq, seq);
      if (body.includes("canary-")) counts.leaked += 1;
    }
  };

  let begun = 0;
  const worker = async (): Promise<void> => {
    while (begun < plan.requests) {
      begun += 1;
      await one();
    }
  };
  try {
    await Promise.all(Array.from({ length: plan.concurrency }, worker));
  } finally {
    await pool.close();
    await gateway.close();
    await mock.close();
  }
  return counts;
}

function textOfStream(stream: string): string {
  let text = "";
  for (const line of stream.split("\n")) {
    if (!line.startsWith("data: {")) continue;
    const event = JSON.parse(line.slice("data: ".length)) as { choices: { delta: { content?: string } }[] };
    text += event.choices[0]?.delta.content ?? "";
  }
  return text;
}
