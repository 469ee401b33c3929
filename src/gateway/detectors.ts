import {
  createImageBackend,
  createLlmJudge,
  createOnnxClassifier,
  createPresidioRecogniser,
  createShippedBiasDetector,
  createShippedGroundingDetector,
} from "#backends";
import type { DetectorsConfig } from "#contract";
import {
  type BiasDetector,
  biasJudge,
  type Consensus,
  classifierJudge,
  createConsensus,
  createImageDetector,
  type GroundingDetector,
  type Guard,
  groundingJudge,
  type ImageDetector,
  injectionJudge,
  type Judge,
  type JudgeInput,
  knownFactsJudge,
  type RemoteRecogniser,
} from "#detect";
import { type MonotonicClock, RampartError } from "#shared";

/** The detectors behind the detection routes, beside the guard. */
export interface Detectors {
  readonly bias: BiasDetector;
  readonly grounding: GroundingDetector;
  readonly consensus: Consensus;
  readonly image: ImageDetector;
  /** Services asked for personal data beside the guard's own recognisers; none by default. */
  readonly recognisers: readonly RemoteRecogniser[];
  /** Ends worker threads that were started. */
  close(): Promise<void>;
}

/**
 * The detectors that ship and those that the configuration adds; each loads its model or library when it is first asked.
 * @throws RMP_CONFIG_INVALID when two judges have the same name
 */
export function createShippedDetectors(
  guard: Guard,
  clock: MonotonicClock,
  config: DetectorsConfig,
): Detectors {
  const bias = createShippedBiasDetector();
  const grounding = createShippedGroundingDetector();
  const images = createImageBackend();
  const judges = [
    groundingJudge(grounding),
    knownFactsJudge(),
    injectionJudge("injection-guard", { inspect: (text) => guard.detectInjection(text) }),
    biasJudge(bias),
    ...configuredJudges(config, guard),
  ];
  checkNames(judges);
  return {
    bias,
    grounding,
    consensus: createConsensus(judges, clock),
    image: createImageDetector(guard, images.readers),
    recognisers: config.presidio === undefined ? [] : [createPresidioRecogniser(config.presidio)],
    close: () => images.close(),
  };
}

function configuredJudges({ llmJudges, onnxJudges, judgeTimeoutMs }: DetectorsConfig, guard: Guard): Judge[] {
  return [
    ...onnxJudges.map(({ concern, weight, ...model }) =>
      classifierJudge(createOnnxClassifier(model), concern, weight),
    ),
    ...llmJudges.map(({ sendPersonalData, ...model }) =>
      createLlmJudge({
        ...model,
        timeoutMs: judgeTimeoutMs,
        ...(sendPersonalData ? {} : { redact: (input: JudgeInput) => redactInput(guard, input) }),
      }),
    ),
  ];
}

/** Personal data as placeholders, the same in all fields: a claim must still match its reference. */
function redactInput(guard: Guard, input: JudgeInput): JudgeInput {
  const { text, prompt, context } = input;
  const [a, b, c] = guard.anonymiseAll([text, prompt ?? "", context ?? ""], guard.createVault());
  return {
    text: a?.text ?? "",
    ...(prompt === undefined ? {} : { prompt: b?.text ?? "" }),
    ...(context === undefined ? {} : { context: c?.text ?? "" }),
  };
}

function checkNames(judges: readonly Judge[]): void {
  const names = judges.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice === undefined) return;
  throw new RampartError("RMP_CONFIG_INVALID", `detectors: two judges are called ${twice}`, {
    field: "detectors",
  });
}
