import type { MockConfig } from "#contract";
import { createMockLlm } from "#mock";
import { drainOnSignal } from "../signals.ts";
import { reportReady } from "../supervisor.ts";

/** Flags of `rampart mock-llm`. */
export interface MockOptions {
  readonly port: number;
  readonly set: Partial<MockConfig>;
}

/** Serves the mock LLM. @returns the line that says where */
export async function serveMock(options: MockOptions): Promise<string> {
  const mock = createMockLlm({ config: options.set });
  const { url } = await mock.listen({ port: options.port });
  drainOnSignal(() => mock.close());
  reportReady(url, {});
  return `mock LLM on ${url}`;
}
