/** Compiles the engine as it ships, without the rest of the build, into a folder that finds node_modules. */
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** @param root folder of the package  @returns folder that holds `load/index.js` */
export function compileEngine(root: string): string {
  const directory = join(root, "node_modules", ".cache", "rampart-bench");
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(join(directory, "dist"), { recursive: true });
  writeFileSync(
    join(directory, "package.json"),
    `{"type":"module","version":"0.0.0","imports":{"#*":"./dist/*/index.js"}}`,
  );
  writeFileSync(
    join(directory, "tsconfig.json"),
    JSON.stringify({
      extends: join(root, "tsconfig.json"),
      compilerOptions: {
        noEmit: false,
        noCheck: true,
        rootDir: join(root, "src"),
        outDir: join(directory, "dist"),
      },
      files: [join(root, "src/load/index.ts")],
      include: [],
    }),
  );
  execFileSync(join(root, "node_modules/.bin/tsc"), ["-p", join(directory, "tsconfig.json")], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  return join(directory, "dist");
}
