/** The server under the load generators: nginx when it is installed, else a raw socket server in Node. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A server under way. */
export interface BenchServer {
  readonly kind: "nginx" | "node";
  readonly url: string;
  stop(): void;
}

/** The answer: 629 bytes of JSON, as a short chat completion. */
const ANSWER = JSON.stringify({ id: "chatcmpl-1", text: "y".repeat(629 - 31) });

/** Whether a program can be found. */
export function hasProgram(name: string): boolean {
  try {
    execFileSync("which", [name], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** Prefix of a command that keeps it on one core, where that is possible. */
export function onCore(core: number): readonly string[] {
  return hasProgram("taskset") ? ["taskset", "-c", String(core)] : [];
}

/** Starts the server on a free port. @param workers processes of nginx; one is kept on core 0 */
export async function startServer(workers = 1): Promise<BenchServer> {
  const port = await freePort();
  const directory = mkdtempSync(join(tmpdir(), "rampart-bench-"));
  const isNginx = hasProgram("nginx");
  const command = isNginx ? nginxCommand(directory, port, workers) : nodeCommand(directory, port);
  const [program = "", ...args] = workers === 1 ? [...onCore(0), ...command] : command;
  const child: ChildProcess = spawn(program, args, { stdio: "ignore" });
  await untilListening(port);
  return {
    kind: isNginx ? "nginx" : "node",
    url: `http://127.0.0.1:${port}`,
    stop: () => {
      child.kill("SIGTERM");
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function nginxCommand(directory: string, port: number, workers: number): readonly string[] {
  mkdirSync(join(directory, "temp"));
  const paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map((name) => `${name}_temp_path ${directory}/temp;`)
    .join(" ");
  writeFileSync(
    join(directory, "nginx.conf"),
    `daemon off; master_process ${workers === 1 ? "off" : "on"}; worker_processes ${workers}; pid ${directory}/pid; error_log /dev/null crit;
events { worker_connections 16384; }
http {
  access_log off; keepalive_requests 1000000000; keepalive_timeout 600; ${paths}
  server { listen 127.0.0.1:${port}; default_type application/json; location / { return 200 '${ANSWER}'; } }
}`,
  );
  return ["nginx", "-p", directory, "-c", join(directory, "nginx.conf")];
}

function nodeCommand(directory: string, port: number): readonly string[] {
  const file = join(directory, "server.mjs");
  writeFileSync(
    file,
    `import net from "node:net";
const answer = ${JSON.stringify(`HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${ANSWER.length}\r\n\r\n${ANSWER}`)};
net.createServer({ noDelay: true }, (socket) => {
  let rest = "";
  socket.on("error", () => {});
  socket.on("data", (data) => {
    rest += data.toString("latin1");
    for (let end; (end = rest.indexOf("\\r\\n\\r\\n")) >= 0; ) {
      const length = Number(/content-length: *(\\d+)/i.exec(rest.slice(0, end))?.[1] ?? 0);
      if (rest.length < end + 4 + length) return;
      rest = rest.slice(end + 4 + length);
      socket.write(answer, "latin1");
    }
  });
}).listen(${port}, "127.0.0.1");`,
  );
  return [process.execPath, file];
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

async function untilListening(port: number): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const isUp = await new Promise<boolean>((resolve) => {
      const socket = net.connect(port, "127.0.0.1");
      socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
      socket.once("connect", () => socket.destroy());
    });
    if (isUp) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("the benchmark's server did not start");
}
