/** What detectors need from outside: policies and models from files, OCR, model runtimes, services. */
export { createImageBackend, type ImageBackend } from "./image/readers.ts";
export { createLlmJudge, type LlmJudgeOptions } from "./llm/judge.ts";
export { createOnnxClassifier, type OnnxClassifierOptions } from "./onnx/classifier.ts";
export { createPresidioRecogniser, type PresidioOptions } from "./presidio/presidio.ts";
export {
  createGuard,
  createShippedBiasDetector,
  createShippedGroundingDetector,
  type LibraryGuardOptions,
  loadPolicy,
  packagePath,
  SHIPPED_POLICIES,
  shippedModels,
} from "./shipped.ts";
