import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createGuard } from "#backends";
import { createGateway, type Gateway } from "#gateway";
import { createMockLlm, type MockLlm } from "#mock";

let mock: MockLlm;
let gateway: Gateway;
let url: string;

beforeAll(async () => {
  mock = createMockLlm();
  const upstream = await mock.listen({ port: 0 });
  gateway = createGateway({
    config: {
      port: 0,
      providers: { openai: { baseUrl: upstream.url }, anthropic: { baseUrl: upstream.url } },
    },
    guard: createGuard(),
    version: "0.0.0-test",
  });
  url = (await gateway.listen()).url;
});

afterAll(async () => {
  await gateway?.close();
  await mock?.close();
});

/** The second seed's sample values in sentences of our own: what must not reach the provider. */
const SAMPLES: readonly { readonly text: string; readonly values: readonly string[] }[] = [
  { text: "Please write to john@example.com about the offer.", values: ["john@example.com"] },
  { text: "You can reach me by phone: 555-123-4567.", values: ["555-123-4567"] },
  { text: "My name is Alice Johnson and I need help.", values: ["Alice Johnson"] },
  {
    text: "The referral came from Dr. Sarah Johnson, e-mail sarah@hospital.com, phone 555-0123.",
    values: ["Sarah Johnson", "sarah@hospital.com", "555-0123"],
  },
  {
    text: "Applicant name: John Smith, SSN: 123-45-6789, e-mail john@example.com",
    values: ["John Smith", "123-45-6789", "john@example.com"],
  },
  {
    text: "My colleague's name is Bob Williams, his e-mail bob@company.com, his phone 555-9876.",
    values: ["Bob Williams", "bob@company.com", "555-9876"],
  },
  {
    text: "Patient: Jane Doe\nDate of birth: 1985-03-15\nSSN: 987-65-4321\nE-mail: jane.doe@email.com\nPhone: 555-1234\nAddress: 123 Main St, Boston, MA",
    values: ["Jane Doe", "1985-03-15", "987-65-4321", "jane.doe@email.com", "555-1234", "123 Main St"],
  },
  {
    text: "Employee: Michael Chen\nE-mail: m.chen@company.com\nPhone: +1-555-0100\nCredit Card: 4532-1234-5678-9010",
    values: ["Michael Chen", "m.chen@company.com", "+1-555-0100", "4532-1234-5678-9010"],
  },
];

async function post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${url}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
}

function receivedSince(seq: number): string {
  return mock.record
    .page({ after: seq })
    .records.map(({ body }) => body)
    .join("\n");
}

function lastSeq(): number {
  return mock.record.page().total;
}

describe("guarded chat", () => {
  for (const [index, { text, values }] of SAMPLES.entries())
    for (const stream of [false, true])
      it(`sends none of the values of sample ${index + 1} out and gives all back, stream ${stream}`, async () => {
        const before = lastSeq();
        const answer = await post("/openai/v1/chat/completions", {
          model: "gpt-4",
          stream,
          messages: [{ role: "user", content: text }],
        });
        expect(answer.status).toBe(200);
        const content = stream ? chatText(await answer.text()) : plainChatText(await answer.json());
        for (const value of values) expect(content).toContain(value);
        const received = receivedSince(before);
        for (const value of values) expect(received).not.toContain(value);
        expect(received).toContain("[");
      });
});

function plainChatText(body: unknown): string {
  return (body as { choices: { message: { content: string } }[] }).choices[0]!.message.content;
}

function chatText(stream: string): string {
  return stream
    .split("\n\n")
    .filter((event) => event.startsWith("data: {"))
    .map((event) => JSON.parse(event.slice(6)) as { choices: { delta: { content?: string } }[] })
    .map((event) => event.choices[0]?.delta.content ?? "")
    .join("");
}
