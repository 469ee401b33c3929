// `node scripts/eval-names.mjs --data DIR [--file pii/dev.jsonl] [--model FILE] [--folds N [--limit N]] [--errors] [--write FILE]`:
// accuracy of names, places, organisations and addresses; with --folds by leaving templates of the training file out.
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { createJiti } from "jiti";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { values } = parseArgs({
  options: {
    data: { type: "string" },
    file: { type: "string", default: "pii/dev.jsonl" },
    model: { type: "string", default: join(root, "models", "names.bin") },
    folds: { type: "string", default: "0" },
    limit: { type: "string", default: "99" },
    errors: { type: "boolean", default: false },
    write: { type: "string" },
  },
});
if (values.data === undefined) {
  process.stderr.write("eval-names: --data DIR is missing\n");
  process.exit(2);
}
const aliases = Object.fromEntries(
  readdirSync(join(root, "src")).map((room) => [`#${room}`, join(root, "src", room, "index.ts")]),
);
const jiti = createJiti(import.meta.url, { alias: aliases, fsCache: false });
const { run } = await jiti.import(join(root, "scripts", "eval-names.ts"));
await run({
  dataDir: values.data,
  file: values.file,
  model: values.model,
  folds: Number(values.folds),
  limit: Number(values.limit),
  errors: values.errors,
  ...(values.write === undefined ? {} : { write: values.write }),
});
