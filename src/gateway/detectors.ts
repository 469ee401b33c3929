import { createImageBackend, createShippedBiasDetector, createShippedGroundingDetector } from "#backends";
import {
  type BiasDetector,
  biasJudge,
  type Consensus,
  createConsensus,
  createImageDetector,
  type GroundingDetector,
  type Guard,
  groundingJudge,
  type ImageDetector,
  injectionJudge,
  knownFactsJudge,
} from "#detect";
import type { MonotonicClock } from "#shared";

/** The detectors behind the detection routes, beside the guard. */
export interface Detectors {
  readonly bias: BiasDetector;
  readonly grounding: GroundingDetector;
  readonly consensus: Consensus;
  readonly image: ImageDetector;
  /** Ends worker threads that were started. */
  close(): Promise<void>;
}

/** The detectors that ship; each loads its model or library when it is first asked. */
export function createShippedDetectors(guard: Guard, clock: MonotonicClock): Detectors {
  const bias = createShippedBiasDetector();
  const grounding = createShippedGroundingDetector();
  const images = createImageBackend();
  return {
    bias,
    grounding,
    consensus: createConsensus(
      [
        groundingJudge(grounding),
        knownFactsJudge(),
        injectionJudge("injection-guard", { inspect: (text) => guard.detectInjection(text) }),
        biasJudge(bias),
      ],
      clock,
    ),
    image: createImageDetector(guard, images.readers),
    close: () => images.close(),
  };
}
