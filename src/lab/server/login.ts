/** The login page of the lab: one user and password, then a session cookie. */
import { createHash, timingSafeEqual } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { FastifyInstance } from "fastify";
import { type EpochClock, RampartError, randomHex } from "#shared";
import { escapeHtml } from "../reports/format.ts";

const COOKIE = "rampart_lab_session";
/** A session lasts one working day. */
const SESSION_SEC = 12 * 3600;
/** Sessions kept; the oldest goes when there are more. */
const MAX_SESSIONS = 100;
/** A wrong login is answered only after so long, and so many may wait: guessing stays slow. */
const WRONG_DELAY_MS = 500;
const MAX_WAITING = 20;

/** What {@link createLogin} needs. */
export interface LoginOptions {
  /** `user:password`. */
  readonly credentials: string;
  /** Path before all routes, without a final slash; empty = none. */
  readonly basePath: string;
  /** True when the page is served over TLS: the cookie is then never sent without it. */
  readonly isTls: boolean;
  readonly epochMs: EpochClock;
}

/** The lab's login. */
export interface Login {
  /** True for a request with the cookie of a session that has not ended. */
  isLoggedIn(headers: { readonly cookie?: string | undefined }): boolean;
  /** Adds `GET` and `POST /login`, and `POST /logout`. */
  addRoutes(server: FastifyInstance): void;
}

/** Creates the login; sessions live as long as the process at most. */
export function createLogin({ credentials, basePath, isTls, epochMs }: LoginOptions): Login {
  const expected = digest(credentials);
  /** End of each session, ms since the epoch, by the digest of its token. */
  const sessions = new Map<string, number>();
  let waiting = 0;

  const tokenOf = (cookie: string | undefined): string | undefined =>
    cookie
      ?.split(";")
      .map((pair) => pair.trim())
      .find((pair) => pair.startsWith(`${COOKIE}=`))
      ?.slice(COOKIE.length + 1);
  const keyOf = (token: string): string => digest(token).toString("hex");
  const cookie = (token: string, seconds: number): string =>
    `${COOKIE}=${token}; Path=${basePath}/; HttpOnly; SameSite=Strict; Max-Age=${seconds}${isTls ? "; Secure" : ""}`;

  return {
    isLoggedIn(headers) {
      const token = tokenOf(headers.cookie);
      if (token === undefined) return false;
      const endsAtMs = sessions.get(keyOf(token));
      return endsAtMs !== undefined && endsAtMs > epochMs();
    },

    addRoutes(server) {
      server.get("/login", (_request, reply) =>
        reply.type("text/html; charset=utf-8").header("cache-control", "no-store").send(page("")),
      );
      server.post<{ Body: unknown }>("/login", async (request, reply) => {
        const form = request.body instanceof URLSearchParams ? request.body : new URLSearchParams();
        const given = `${form.get("username") ?? ""}:${form.get("password") ?? ""}`;
        if (!timingSafeEqual(digest(given), expected)) {
          if (waiting >= MAX_WAITING)
            throw new RampartError("RMP_LAB_LOGIN_REQUIRED", "too many wrong logins at once; try again");
          waiting += 1;
          await sleep(WRONG_DELAY_MS).finally(() => {
            waiting -= 1;
          });
          return reply.code(401).type("text/html; charset=utf-8").send(page("user or password is wrong"));
        }
        const token = randomHex(32);
        const [oldest] = sessions.keys();
        if (sessions.size >= MAX_SESSIONS && oldest !== undefined) sessions.delete(oldest);
        sessions.set(keyOf(token), epochMs() + SESSION_SEC * 1000);
        return reply.header("set-cookie", cookie(token, SESSION_SEC)).redirect(`${basePath}/`, 303);
      });
      server.post("/logout", (request, reply) => {
        const token = tokenOf(request.headers.cookie);
        if (token !== undefined) sessions.delete(keyOf(token));
        return reply.header("set-cookie", cookie("", 0)).redirect(`${basePath}/login`, 303);
      });
    },
  };
}

/** Digests have one length: comparing them tells nothing of the length of what was given. */
function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

function page(error: string): string {
  const alert = error === "" ? "" : `<p role="alert">${escapeHtml(error)}</p>`;
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Rampart lab: login</title>
<style>:root{color-scheme:light dark}body{font:15px/1.5 system-ui;margin:4rem auto;max-width:20rem}
label,input,button{display:block;width:100%;margin-bottom:.5rem;font:inherit;box-sizing:border-box}</style>
<h1>Rampart lab</h1>${alert}<form method="post" action="login">
<label>User <input name="username" autocomplete="username" required autofocus></label>
<label>Password <input name="password" type="password" autocomplete="current-password" required></label>
<button>Log in</button></form></html>`;
}
