// Builds dist/: TypeScript rooms by tsc, the detection library in one file and browser pages by vite. `--if-stale` does nothing when dist/ is up to date.
import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stamp = join(root, "dist", ".built");
const inputs = ["src", "tsconfig.json", "tsconfig.build.json", "package.json", "scripts/build.mjs"];

function newestMs(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return path.endsWith(".test.ts") ? 0 : stat.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newestMs(join(path, name))));
}

const isStale = () =>
  !existsSync(stamp) || inputs.some((input) => newestMs(join(root, input)) > statSync(stamp).mtimeMs);

if (process.argv.includes("--if-stale") && !isStale()) process.exit(0);

// The door of the detection library loads twice as fast as one file; what it imports from npm stays outside.
async function bundleLibrary() {
  const entry = join(fresh, "backends", "library.js");
  await build({
    root,
    configFile: false,
    publicDir: false,
    logLevel: "warn",
    plugins: [
      {
        name: "rooms",
        enforce: "pre",
        resolveId: (id) => (/^#\w+$/.test(id) ? join(fresh, id.slice(1), "index.js") : null),
      },
    ],
    build: {
      ssr: entry,
      outDir: join(fresh, "bundle"),
      target: "node20",
      minify: false,
      rollupOptions: { output: { entryFileNames: "library.js", codeSplitting: false } },
    },
  });
  renameSync(join(fresh, "bundle", "library.js"), entry);
  rmSync(`${entry}.map`);
  rmSync(join(fresh, "bundle"), { recursive: true });
}

// Rooms that every command or the gateway's start needs, each in one file for the same reason. Other rooms and files that look
// for data beside themselves stay outside.
const BUNDLED_ROOMS = ["shared", "contract", "detect", "gateway"];

async function bundleRooms() {
  for (const room of BUNDLED_ROOMS) {
    const entry = join(fresh, room, "index.js");
    await build({
      root,
      configFile: false,
      publicDir: false,
      logLevel: "warn",
      build: {
        ssr: entry,
        outDir: join(fresh, "bundle"),
        target: "node20",
        minify: false,
        sourcemap: true,
        rollupOptions: {
          external: [/^#/, /[\\/]stores[\\/]postgres[\\/]/],
          output: { entryFileNames: "index.js", chunkFileNames: "[name]-[hash].js" },
        },
      },
    });
    for (const file of readdirSync(join(fresh, "bundle")))
      renameSync(join(fresh, "bundle", file), join(fresh, room, file));
    rmSync(join(fresh, "bundle"), { recursive: true });
  }
}

// Packages of many small modules load several times as fast as one file.
const VENDORED = ["typebox", "typebox/value", "typebox/compile", "lru-cache"];

async function bundlePackages() {
  const fileOf = (name) => `${name.replaceAll("/", "-")}.js`;
  await build({
    root,
    configFile: false,
    publicDir: false,
    logLevel: "warn",
    ssr: { noExternal: true, target: "node" },
    build: {
      ssr: true,
      outDir: join(fresh, "vendor"),
      target: "node20",
      minify: false,
      rollupOptions: {
        input: Object.fromEntries(VENDORED.map((name) => [fileOf(name), name])),
        preserveEntrySignatures: "strict",
        output: { entryFileNames: "[name]", chunkFileNames: "[name]-[hash].js" },
      },
    },
  });
  const names = VENDORED.map((name) => name.replace("/", "\\/")).join("|");
  const imports = new RegExp(`((?:\\bfrom|\\bimport|\\bimport\\()\\s*)"(${names})"`, "g");
  for (const file of readdirSync(fresh, { recursive: true })) {
    if (!file.endsWith(".js") || file.startsWith("vendor")) continue;
    const path = join(fresh, file);
    const text = readFileSync(path, "utf8");
    const up = relative(dirname(path), join(fresh, "vendor")).replaceAll("\\", "/");
    const changed = text.replace(
      imports,
      (_, before, name) => `${before}"${up.startsWith(".") ? up : `./${up}`}/${fileOf(name)}"`,
    );
    if (changed !== text) writeFileSync(path, changed);
  }
}

const startedMs = Date.now();
const bin = (name) => join(root, "node_modules", ".bin", name);
const run = (name, args) => execFileSync(bin(name), args, { cwd: root, stdio: ["ignore", 2, 2] });
// Built beside and renamed at the end, so that a failed build leaves the last good one in place.
const fresh = join(root, "dist.building");
try {
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true });
  run("tsc", ["-p", "tsconfig.build.json", "--outDir", fresh]);
  await bundleLibrary();
  await bundleRooms();
  await bundlePackages();
  for (const page of ["console", "report"])
    if (existsSync(join(root, "src/ui", `${page}.html`)))
      run("vite", [
        "build",
        "--config",
        "src/ui/vite.config.ts",
        "--mode",
        page,
        "--outDir",
        join(fresh, "ui"),
        "--logLevel",
        "warn",
      ]);
  writeFileSync(join(fresh, ".built"), "");
  rmSync(join(root, "dist"), { recursive: true, force: true });
  renameSync(fresh, join(root, "dist"));
  process.stderr.write(`built dist/ in ${((Date.now() - startedMs) / 1000).toFixed(1)} s\n`);
} catch (error) {
  rmSync(fresh, { recursive: true, force: true });
  process.stderr.write(`build failed: ${error.message}\n`);
  process.exit(1);
}
