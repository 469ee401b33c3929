/** `npx jiti scripts/leave-one-out-injection.ts DATA [SOURCE...]`: one JSON line per source and label, sources never seen. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { SketchedItem } from "../src/detect/injection/corpus.ts";
import { judgeLeftOut } from "../src/detect/injection/leave-one-out.ts";
import { parseTrainingItems } from "../src/detect/injection/training-item.ts";

const [dataDir, ...wanted] = process.argv.slice(2);
if (dataDir === undefined) {
  process.stderr.write("leave-one-out-injection: DATA [SOURCE...]\n");
  process.exit(2);
}
const read = (name: string): ReturnType<typeof parseTrainingItems> =>
  parseTrainingItems(readFileSync(join(dataDir, "injection", `${name}.jsonl`), "utf8"));
const train = read("train");
const dev = read("dev");
const sources = [...new Set([...train, ...dev].map((item) => item.source))].sort();
const cache = new Map<string, SketchedItem>();
for (const source of sources) {
  if (wanted.length > 0 && !wanted.includes(source)) continue;
  for (const result of judgeLeftOut(source, train, dev, cache))
    process.stdout.write(`${JSON.stringify(result)}\n`);
}
