/** The mock LLM: a deterministic upstream with timing, faults and a record of what it received. */
export { OVERRIDE_HEADER } from "./exchange.ts";
export { createMockLlm, type MockLlm, type MockLlmOptions } from "./mock-llm.ts";
export type { MockRecordReader } from "./record-book.ts";
export { DEFAULT_MOCK_SETTINGS, type MockSettings } from "./settings.ts";
