/**
 * `npx jiti scripts/leave-one-out-injection.ts DATA [SOURCE...]`: one JSON line per source and label, judged by models that
 * never saw the source; all sources of at least 50 items by default. `A+B` leaves both out of one training. The lines are
 * kept in `models/injection.left-out.jsonl`.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { SketchedItem } from "../src/detect/injection/corpus.ts";
import { judgeLeftOut, sourcesToLeaveOut } from "../src/detect/injection/leave-one-out.ts";
import { parseInjectionModel } from "../src/detect/injection/model.ts";
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
const whole = parseInjectionModel(readFileSync(join(import.meta.dirname, "../models/injection.bin")));
const cache = new Map<string, SketchedItem>();
for (const name of wanted.length > 0 ? wanted : sourcesToLeaveOut([...train, ...dev])) {
  for (const result of judgeLeftOut(name.split("+"), train, dev, whole, cache))
    process.stdout.write(`${JSON.stringify(result)}\n`);
}
