import { defineConfig } from "vitest/config";

const conditions = ["source", "node"];

/**
 * `npm test`: unit tests beside the code and everything under `test/` but the long proofs. Only the end-to-end tests,
 * which start real processes, need a built `dist/`.
 */
export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: "forks",
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: [
            "src/**/*.test.ts",
            "test/architecture/**/*.test.ts",
            "test/integration/**/*.test.ts",
            "test/security/**/*.test.ts",
          ],
        },
      },
      {
        extends: true,
        test: { name: "e2e", include: ["test/e2e/**/*.test.ts"], globalSetup: ["test/global-setup.ts"] },
      },
    ],
  },
});
