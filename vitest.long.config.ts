import { defineConfig } from "vitest/config";

/** `npm run test:long`: the full-size proofs behind the figures in `docs/results/`. */
export default defineConfig({
  resolve: { conditions: ["source", "node"] },
  ssr: { resolve: { conditions: ["source", "node"] } },
  test: {
    include: ["test/long/**/*.test.ts"],
    globalSetup: ["test/global-setup.ts"],
    testTimeout: 3_600_000,
    hookTimeout: 120_000,
    pool: "forks",
    maxWorkers: 1,
    fileParallelism: false,
  },
});
