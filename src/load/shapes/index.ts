/** Shapes that ship with the engine, by the name that `--shape` takes. */
import type { LoadShape } from "../model/shape-types.ts";
import { spikeLoadShape } from "./spike-load.ts";
import { stepLoadShape } from "./step-load.ts";

/** Shapes by name. */
export const SHIPPED_SHAPES: Readonly<Record<string, () => LoadShape>> = {
  StepLoadShape: () => stepLoadShape(),
  SpikeLoadShape: () => spikeLoadShape(),
};
