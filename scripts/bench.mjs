// `npm run bench -- NAME [--json]`: runs bench/NAME.bench.ts through jiti; one JSON object on stdout with --json.
import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { createJiti } from "jiti";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [name, ...rest] = process.argv.slice(2);
const names = readdirSync(join(root, "bench"))
  .filter((file) => file.endsWith(".bench.ts"))
  .map((file) => file.slice(0, -".bench.ts".length));
const file = join(root, "bench", `${name}.bench.ts`);
if (name === undefined || !existsSync(file)) {
  process.stderr.write(`bench: name one of ${names.join(", ")}\n`);
  process.exit(2);
}
const { run } = await createJiti(import.meta.url).import(file);
const result = await run(rest);
if (rest.includes("--json")) process.stdout.write(`${JSON.stringify(result)}\n`);
process.exit(0);
