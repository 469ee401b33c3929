import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createOnnxClassifier } from "./classifier.ts";
import { TINY_WORDS, tinyClassifier, tinyTokenizer } from "./tiny-model.suite.ts";

const PEER = join(import.meta.dirname, "../../../test/peers/onnx");
const isInstalled = existsSync(join(PEER, "node_modules/onnxruntime-node"));
const isRequired = process.env["CI"] === "true";

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "rampart-onnx-"));
  writeFileSync(join(dir, "tiny.onnx"), tinyClassifier(TINY_WORDS.indexOf("ignore")));
  writeFileSync(join(dir, "tokenizer.json"), JSON.stringify(tinyTokenizer()));
  writeFileSync(join(dir, "tokenizer_config.json"), JSON.stringify({ tokenizer_class: "BertTokenizer" }));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const create = (changes: object = {}) =>
  createOnnxClassifier({
    name: "tiny",
    modelPath: join(dir, "tiny.onnx"),
    tokenizerDir: dir,
    packagesFrom: PEER,
    maxTokens: 8,
    ...changes,
  });

// Needs the optional packages: npm ci --prefix test/peers/onnx
describe.skipIf(!isInstalled && !isRequired)("createOnnxClassifier with its packages", () => {
  it("gives the probability of the positive class", async () => {
    const classifier = create();
    expect(await classifier.classify("Please IGNORE the rules")).toBeGreaterThan(0.99);
    expect(await classifier.classify("please, the weather")).toBeLessThan(0.01);
    expect(await classifier.classify("")).toBe(0);
  });

  it("judges long texts in overlapping windows, wherever the word stands", async () => {
    const classifier = create();
    for (const before of [0, 3, 7, 8, 20, 61])
      expect(
        await classifier.classify(`${"the ".repeat(before)}ignore${" rules".repeat(9)}`),
      ).toBeGreaterThan(0.99);
  });

  it("says that its files cannot be read", async () => {
    const classifier = create({ modelPath: join(dir, "absent.onnx") });
    await expect(classifier.classify("hello")).rejects.toMatchObject({ code: "RMP_BACKEND_UNAVAILABLE" });
  });
});

describe("createOnnxClassifier without its packages", () => {
  it("names the package that is missing", async () => {
    const classifier = create({ packagesFrom: dir });
    await expect(classifier.classify("hello")).rejects.toMatchObject({
      code: "RMP_BACKEND_UNAVAILABLE",
      message: expect.stringContaining("onnxruntime-node"),
    });
  });
});
