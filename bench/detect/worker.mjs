// Runs in a fresh process on the built library: `node worker.mjs CASE` prints one JSON object.
import { createRequire } from "node:module";
import { CHAT_480, chatsNotSeenBefore, GROUNDING, PROMPT_400, PROSE_KB } from "./texts.mjs";

const root = new URL("../../", import.meta.url);
const [name = ""] = process.argv.slice(2);
const rssBefore = process.memoryUsage().rss;
const startedMs = performance.now();
const startCpu = process.cpuUsage();
const library = await import(new URL("dist/backends/library.js", root).href);
const importMs = performance.now() - startedMs;
const guard = library.createGuard();
const readyMs = performance.now() - startedMs;
const startCpuMs = (({ user, system }) => (user + system) / 1000)(process.cpuUsage(startCpu));
const rssMb = (process.memoryUsage().rss - rssBefore) / 1e6;

/** CPU microseconds per call: median and all rounds. */
function measure(work, texts, rounds = 7, targetUs = 60_000) {
  const cpuUs = (count) => {
    const from = process.cpuUsage();
    for (let i = 0; i < count; i++) work(texts[i % texts.length]);
    const { user, system } = process.cpuUsage(from);
    return (user + system) / count;
  };
  for (let spent = 0; spent < 8 * targetUs; ) spent += Math.max(1, cpuUs(200)) * 200;
  const count = Math.max(50, Math.ceil(targetUs / Math.max(0.1, cpuUs(500))));
  const all = Array.from({ length: rounds }, () => cpuUs(count));
  return { median: median(all), rounds: all.map((value) => Number(value.toFixed(3))) };
}

/** The same for work that answers by a promise; one call after the other. */
async function measureAsync(work, texts, rounds = 7, calls = 200) {
  const cpuUs = async () => {
    const from = process.cpuUsage();
    for (let i = 0; i < calls; i++) await work(texts[i % texts.length]);
    const { user, system } = process.cpuUsage(from);
    return (user + system) / calls;
  };
  for (let i = 0; i < 3; i++) await cpuUs();
  const all = [];
  for (let round = 0; round < rounds; round++) all.push(await cpuUs());
  return { median: median(all), rounds: all.map((value) => Number(value.toFixed(3))) };
}

/**
 * Microseconds per call as it is between other work: before each call 1 MiB of memory is touched (a second-level cache) and
 * a body parsed and written. Time of the clock, because CPU time has no such grain; medians of the calls of a round.
 */
function measureInPlace(work, texts, rounds = 7, calls = 1000) {
  const memory = new Uint8Array(1 << 20);
  const bodies = texts
    .slice(0, 64)
    .map((content) => JSON.stringify({ messages: [{ role: "user", content }] }));
  const round = (number) => {
    const all = [];
    for (let i = 0; i < calls; i++) {
      for (let at = 0; at < memory.length; at += 64) memory[at]++;
      JSON.stringify(JSON.parse(bodies[i % bodies.length]));
      const from = process.hrtime.bigint();
      work(texts[(number * calls + i) % texts.length]);
      all.push(Number(process.hrtime.bigint() - from) / 1000);
    }
    return median(all);
  };
  for (let i = 0; i < 4; i++) round(i);
  const all = Array.from({ length: rounds }, (_, number) => round(number));
  return { median: median(all), rounds: all.map((value) => Number(value.toFixed(3))) };
}

function median(values) {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}

/** time(2n)/time(n) for one input: median of alternating pairs, CPU time. */
function linearity(work, input, chars) {
  const short = library.adversarialText(input, chars);
  const long = library.adversarialText(input, 2 * chars);
  const cpuUs = (text) => {
    const from = process.cpuUsage();
    let calls = 0;
    let spentUs = 0;
    while (spentUs < 20_000) {
      work(text);
      calls++;
      const { user, system } = process.cpuUsage(from);
      spentUs = user + system;
    }
    return spentUs / calls;
  };
  cpuUs(short);
  const ratios = [];
  let longUs = 0;
  for (let round = 0; round < 7; round++) {
    const [first, second] = round % 2 === 0 ? [short, long] : [long, short];
    const a = cpuUs(first);
    const b = cpuUs(second);
    longUs = round % 2 === 0 ? b : a;
    ratios.push(round % 2 === 0 ? b / a : a / b);
  }
  return { ratio: median(ratios), nsPerChar: (longUs * 1000) / (2 * chars) };
}

function peer(packageName) {
  try {
    return createRequire(new URL("bench/peers/detect/package.json", root))(packageName);
  } catch {
    return undefined;
  }
}

const cases = {
  start: () => ({ importMs, readyMs, cpuMs: startCpuMs, rssMb }),
  structured: () => {
    const structured = library.createStructuredRecogniser();
    return measure((text) => structured.find(text), PROSE_KB);
  },
  default: () => measure((text) => guard.inspect(text), PROSE_KB),
  chat: () =>
    measure(
      (text) => {
        guard.inspect(text);
        guard.detectInjection(text);
      },
      [CHAT_480],
    ),
  chatInPlace: () =>
    measureInPlace((text) => {
      guard.inspect(text);
      guard.detectInjection(text);
    }, chatsNotSeenBefore(14_000)),
  anonymise: () =>
    measure(
      (text) => {
        const { text: sent, vault } = guard.anonymise(text);
        guard.restore(sent, vault);
      },
      [CHAT_480],
    ),
  injection: () => measure((text) => guard.detectInjection(text), [PROMPT_400]),
  grounding: () => {
    const detector = library.createShippedGroundingDetector();
    return measure((input) => detector.assess(input), [GROUNDING]);
  },
  "redact-pii": () => {
    const found = peer("redact-pii");
    if (found === undefined) return null;
    const redactor = new found.SyncRedactor();
    return measure((text) => redactor.redact(text), PROSE_KB);
  },
  guardrails: () => {
    const found = peer("@openai/guardrails/dist/checks/pii.js");
    if (found === undefined) return null;
    const config = found.PIIConfig.parse({});
    return measureAsync((text) => found.pii({}, text, config), PROSE_KB);
  },
  linearity: () => {
    const vault = () => guard.createVault();
    const work = (text) => {
      const { text: sent, vault: used } = guard.anonymise(text, vault());
      guard.restore(sent, used);
    };
    return Object.fromEntries(
      library.ADVERSARIAL_INPUTS.map((input) => [input.name, linearity(work, input, 65_536)]),
    );
  },
};

const work = cases[name];
if (work === undefined) {
  process.stderr.write(`worker: name one of ${Object.keys(cases).join(", ")}\n`);
  process.exit(2);
}
process.stdout.write(JSON.stringify(await work()));
