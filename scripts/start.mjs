// `npm start`: builds when the sources are newer than dist/, then hands over to `rampart up` with the same arguments. npm starts it
// with exec, so that a signal sent to npm reaches it and everything drains.
import { execFileSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
execFileSync(process.execPath, [join(root, "scripts/build.mjs"), "--if-stale"], {
  cwd: root,
  stdio: "inherit",
});
const { main } = await import(new URL("../dist/cli/main.js", import.meta.url).href);
await main(["up", ...process.argv.slice(2)]);
