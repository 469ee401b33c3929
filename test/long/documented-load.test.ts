/** Every load command of the documents of both seeds, with `rampart load` in place of `locust`. */
import { describe } from "vitest";
import { describeDocumentedLoad } from "../e2e/documented-load.suite.ts";
import { DOCUMENTED_LOAD_COMMANDS } from "../e2e/documented-load-commands.ts";

describe("rampart load in place of locust", () => {
  describeDocumentedLoad(DOCUMENTED_LOAD_COMMANDS);
});
