import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { answering, childrenOf, cpuUsOf, freePort, rssOf } from "./process-figures.ts";

/** A running nginx with one worker. */
export interface Nginx {
  readonly port: number;
  /** CPU time of master and worker so far, user and system, µs. */
  cpuUs(): number;
  /** Resident memory of the worker, bytes. */
  rssBytes(): number;
  stop(): void;
}

/** Whether nginx is installed. */
export function hasNginx(): boolean {
  try {
    execFileSync("nginx", ["-v"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** Starts nginx as a proxy with kept-alive connections to the upstream; it reads no JSON. */
export async function startNginx(upstreamPort: number): Promise<Nginx> {
  const folder = mkdtempSync(join(tmpdir(), "rampart-nginx-"));
  const port = await freePort();
  writeFileSync(
    join(folder, "nginx.conf"),
    `daemon off; worker_processes 1; pid ${folder}/nginx.pid; error_log ${folder}/error.log;
events { worker_connections 1024; }
http {
  access_log off; keepalive_requests 1000000; client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi; uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
  upstream provider { server 127.0.0.1:${upstreamPort}; keepalive 256; }
  server {
    listen 127.0.0.1:${port};
    location / { proxy_pass http://provider; proxy_http_version 1.1; proxy_set_header Connection ""; }
  }
}
`,
  );
  const child = spawn("nginx", ["-p", folder, "-c", join(folder, "nginx.conf")], { stdio: "ignore" });
  await answering(port, child);
  const pids = [child.pid ?? 0, ...childrenOf(child.pid ?? 0)];
  return {
    port,
    cpuUs: () => pids.reduce((sum, pid) => sum + cpuUsOf(pid), 0),
    rssBytes: () => Math.max(...pids.map(rssOf)),
    stop() {
      child.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
