// `npm run train -- --data DIR`: runs every scripts/train-*.ts (or those named) and writes models/; same data, same bits.
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { createJiti } from "jiti";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { values, positionals } = parseArgs({
  options: { data: { type: "string" }, out: { type: "string", default: join(root, "models") } },
  allowPositionals: true,
});
const names = readdirSync(join(root, "scripts"))
  .map((file) => /^train-(.+)\.ts$/.exec(file)?.[1])
  .filter((name) => name !== undefined && (positionals.length === 0 || positionals.includes(name)));
if (values.data === undefined || names.length === 0) {
  process.stderr.write("train: npm run train -- --data DIR [--out DIR] [NAME...]\n");
  process.exit(2);
}
const aliases = Object.fromEntries(
  readdirSync(join(root, "src")).map((room) => [`#${room}`, join(root, "src", room, "index.ts")]),
);
const jiti = createJiti(import.meta.url, { alias: aliases, fsCache: false });
for (const name of names) {
  process.stderr.write(`train: ${name}\n`);
  const { run } = await jiti.import(join(root, "scripts", `train-${name}.ts`));
  await run({ dataDir: values.data, outDir: values.out });
}
