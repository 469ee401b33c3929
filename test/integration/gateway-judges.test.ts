import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createGuard } from "#backends";
import type { GatewayConfigInput } from "#contract";
import { createGateway, type Gateway } from "#gateway";
import { createMockLlm, type MockLlm } from "#mock";

let gateway: Gateway;
let url: string;
let services: Server;
let mock: MockLlm;
/** Bodies that the judging model received. */
const judged: string[] = [];
let presidioWorks = true;

beforeAll(async () => {
  mock = createMockLlm();
  const echo = await mock.listen({ port: 0 });
  // One server plays the judging model and the Presidio analyzer.
  services = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      if (request.url === "/analyze") {
        const at = (JSON.parse(body) as { text: string }).text.indexOf("Zorblax");
        response.statusCode = presidioWorks ? 200 : 500;
        return response.end(
          JSON.stringify(at < 0 ? [] : [{ entity_type: "PERSON", start: at, end: at + 7, score: 0.9 }]),
        );
      }
      judged.push(body);
      return response.end(
        JSON.stringify({
          choices: [{ message: { content: '{"score": 0.9, "reason": "the moon is rock"}' } }],
        }),
      );
    });
  });
  await new Promise<void>((resolve) => services.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(services.address() as AddressInfo).port}`;
  const nowhere = { baseUrl: "http://127.0.0.1:1" };
  gateway = createGateway({
    config: asFile({
      port: 0,
      providers: { openai: nowhere, anthropic: nowhere },
      detectors: {
        llmJudges: [
          { name: "strict", baseUrl: origin, model: "m", apiKey: "k" },
          { name: "echo", baseUrl: echo.url, model: "m" },
        ],
        onnxJudges: [
          { name: "absent", concern: "injection", modelPath: "/nowhere.onnx", tokenizerDir: "/nowhere" },
        ],
        presidio: { url: origin },
      },
    }),
    guard: createGuard(),
    version: "1.2.3",
  });
  url = (await gateway.listen()).url;
});

afterAll(async () => {
  await gateway?.close();
  await mock?.close();
  services?.closeAllConnections();
  services?.close();
});

/** A configuration as a file gives it: entries of lists have defaults too, which the type does not say. */
function asFile(config: object): GatewayConfigInput {
  return config as GatewayConfigInput;
}

// biome-ignore lint/suspicious/noExplicitAny: answers are read field by field
type Loose = any;

async function post(path: string, body: unknown): Promise<{ status: number; body: Loose }> {
  const answer = await fetch(`${url}${path}`, { method: "POST", body: JSON.stringify(body) });
  return { status: answer.status, body: await answer.json() };
}

describe("/multi-model/detect with configured judges", () => {
  const text = "The moon is made of green cheese, says ada@example.org.";

  it("counts a model that gives a verdict, names those that do not", async () => {
    const { status, body } = await post("/multi-model/detect", { text, strategy: "MAJORITY" });
    expect(status).toBe(200);
    const votes = Object.fromEntries(body.model_results.map((r: Loose) => [r.model_name, r]));
    expect(votes.strict).toMatchObject({
      status: "voted",
      is_hallucination: true,
      reasoning: "the moon is rock",
    });
    expect(votes.echo).toMatchObject({ status: "failed", is_hallucination: false });
    expect(votes.absent).toMatchObject({ status: "failed", concern: "injection" });
    expect(body.is_hallucination).toBe(true);
  });

  it("takes personal data out of what a model judges", async () => {
    judged.length = 0;
    await post("/multi-model/detect", { text, context: "Mail ada@example.org.", models: ["strict"] });
    expect(judged).toHaveLength(1);
    expect(judged[0]).toContain("green cheese");
    expect(judged[0]).not.toContain("ada@example.org");
    const { text: sent, context } = JSON.parse(JSON.parse(judged[0]!).messages[1].content);
    const [placeholder] = /\[EMAIL_\d+\]/.exec(sent)!;
    expect(context).toContain(placeholder);
  });

  it("asks only the judges that are named, in every strategy", async () => {
    for (const strategy of ["majority", "weighted", "unanimous", "cascading", "threshold", "adaptive"]) {
      const { body } = await post("/multi-model/detect", {
        text,
        strategy,
        models: ["strict", "known-facts"],
      });
      const names = body.model_results.map((r: Loose) => r.model_name).sort();
      expect([strategy, names]).toEqual([strategy, ["known-facts", "strict"]]);
      expect(body.flagged).toBe(true);
    }
    const wrong = await post("/multi-model/detect", { text, models: ["gpt-9"] });
    expect(wrong.status).toBe(422);
    expect(wrong.body.error).toMatchObject({ code: "RMP_REQ_INVALID", field: "models" });
  });
});

describe("/pii-protection/detect with Presidio", () => {
  const text = "Zorblax writes to ada@example.org";

  it("joins its findings with the guard's, in a batch as well", async () => {
    presidioWorks = true;
    const { body } = await post("/pii-protection/detect", { text });
    expect(body.pii_types_found).toEqual(["PERSON", "EMAIL_ADDRESS"]);
    expect(body.failed_recognisers).toEqual([]);
    const batch = await post("/pii-protection/detect", { texts: ["nothing", text] });
    expect(batch.body.results.map((r: Loose) => r.total_detections)).toEqual([0, 2]);
  });

  it("answers what the guard found and names it when it fails", async () => {
    presidioWorks = false;
    const { body } = await post("/pii-protection/detect", { text });
    expect(body.pii_types_found).toContain("EMAIL_ADDRESS");
    expect(body.failed_recognisers).toEqual(["presidio"]);
  });
});

it("refuses two judges of one name", () => {
  const nowhere = { baseUrl: "http://127.0.0.1:1" };
  const judge = { name: "bias", baseUrl: "http://127.0.0.1:1", model: "m" };
  expect(() =>
    createGateway({
      config: asFile({
        port: 0,
        providers: { openai: nowhere, anthropic: nowhere },
        detectors: { llmJudges: [judge] },
      }),
      guard: createGuard(),
      version: "1.2.3",
    }),
  ).toThrow(expect.objectContaining({ code: "RMP_CONFIG_INVALID", field: "detectors" }));
});
