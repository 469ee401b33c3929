/** PostgreSQL for tests: databases of their own on the server that is there, and servers of their own to stop and freeze. */
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { freePort } from "../fixtures/free-port.ts";

/** Where a server is looked for when the environment names none. */
const DEFAULT_URL = "postgresql://postgres@127.0.0.1:5432/postgres";
/** The user that a server runs as when the tests run as root, which PostgreSQL refuses. */
const SERVER_USER = "postgres";

let count = 0;

/** A database of its own. */
export interface TestDatabase {
  readonly url: string;
  /** Runs a statement as the test's own client. */
  query<Row extends object>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  drop(): Promise<void>;
}

/** A server that a test may stop and freeze. */
export interface PrivateServer {
  readonly url: string;
  start(): void;
  /** Ends it at once, as a crash would. */
  stop(): void;
  /** All of its processes keep their connections and answer nothing. */
  freeze(): void;
  thaw(): void;
  remove(): void;
}

/**
 * The address of a server, or null when there is none. With `CI=true` a missing server is a failure.
 */
export async function findServer(): Promise<string | null> {
  for (const url of [process.env["DATABASE_URL"], DEFAULT_URL]) {
    if (url === undefined) continue;
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
    try {
      await client.connect();
      await client.end();
      return url;
    } catch {
      // The next one.
    }
  }
  if (process.env["CI"] === "true") throw new Error("these tests need PostgreSQL: set DATABASE_URL");
  return null;
}

/** Makes a database on a server. */
export async function createTestDatabase(serverUrl: string): Promise<TestDatabase> {
  count += 1;
  const name = `rampart_test_${process.pid}_${count}`;
  await query(serverUrl, `CREATE DATABASE ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    query: (text, values) => query(url.href, text, values),
    drop: async () => {
      await query(serverUrl, `DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
}

/** Where the binaries of a server are; null when none is installed. */
export function findBinaries(): string | null {
  const root = "/usr/lib/postgresql";
  const versions = existsSync(root) ? readdirSync(root) : [];
  const found = versions
    .map((version) => join(root, version, "bin"))
    .filter((dir) => existsSync(join(dir, "initdb")));
  const dir = found.at(-1) ?? null;
  if (dir === null && process.env["CI"] === "true") throw new Error("these tests need PostgreSQL's binaries");
  return dir;
}

/** Makes and starts a server with a folder and port of its own. */
export async function startPrivateServer(binaries: string): Promise<PrivateServer> {
  const dir = mkdtempSync(join(tmpdir(), "rampart-postgres-"));
  const port = await freePort();
  const data = join(dir, "data");
  chmodSync(dir, 0o755);
  mkdirSync(data, { mode: 0o700 });
  const as =
    process.getuid?.() === 0
      ? ["setpriv", "--reuid", SERVER_USER, "--regid", SERVER_USER, "--clear-groups"]
      : [];
  if (as.length > 0) execFileSync("chown", ["-R", SERVER_USER, dir]);
  const run = (args: readonly string[]): void => {
    const [command, ...rest] = [...as, ...args];
    const { status, stderr } = spawnSync(command!, rest, { cwd: dir, encoding: "utf8" });
    if (status !== 0) throw new Error(`${args[0]}: ${stderr}`);
  };
  const pids = (): number[] => {
    const postmaster = Number(readFileSync(join(data, "postmaster.pid"), "utf8").split("\n")[0]);
    const children = spawnSync("ps", ["-o", "pid=", "--ppid", String(postmaster)], {
      encoding: "utf8",
    }).stdout;
    return [postmaster, ...children.trim().split(/\s+/).filter(Boolean).map(Number)];
  };
  const signal = (name: NodeJS.Signals): void => {
    for (const pid of pids()) process.kill(pid, name);
  };
  run([join(binaries, "initdb"), "-D", data, "-A", "trust", "-U", SERVER_USER, "-E", "UTF8", "--no-sync"]);
  const options = `-p ${port} -k ${dir} -h 127.0.0.1 -c fsync=off`;
  const server: PrivateServer = {
    url: `postgresql://${SERVER_USER}@127.0.0.1:${port}/postgres`,
    start: () =>
      run([join(binaries, "pg_ctl"), "-D", data, "-w", "-l", join(dir, "log"), "-o", options, "start"]),
    stop: () => run([join(binaries, "pg_ctl"), "-D", data, "-w", "-m", "immediate", "stop"]),
    freeze: () => signal("SIGSTOP"),
    thaw: () => {
      if (existsSync(join(data, "postmaster.pid"))) signal("SIGCONT");
    },
    remove: () => {
      process.off("exit", server.remove);
      server.thaw();
      if (existsSync(join(data, "postmaster.pid"))) server.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
  // A test that runs out of time never comes to its own end.
  process.once("exit", server.remove);
  server.start();
  return server;
}

/** Runs a statement with a connection of its own. */
export async function query<Row extends object>(
  url: string,
  text: string,
  values: readonly unknown[] = [],
): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  await client.connect();
  try {
    return (await client.query<Row>(text, [...values])).rows;
  } finally {
    await client.end();
  }
}
