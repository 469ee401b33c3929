/** Fastify in, undici's pool out, JSON parsed and written both ways: what a framework costs before it guards anything. */
import Fastify from "fastify";
import { Pool } from "undici";
import { answerCpu, tell } from "./control.mjs";

const pool = new Pool(process.env["UPSTREAM"] ?? "", { connections: 256 });
const app = Fastify({ logger: false });
app.post("/v1/chat/completions", async (request, reply) => {
  const answer = await pool.request({
    path: "/v1/chat/completions",
    method: "POST",
    headers: { "content-type": "application/json", authorization: request.headers.authorization ?? "" },
    body: JSON.stringify(request.body),
  });
  reply.code(answer.statusCode);
  return answer.body.json();
});
await app.listen({ port: 0, host: "127.0.0.1" });
tell({ kind: "listening", port: app.server.address().port });
answerCpu();
