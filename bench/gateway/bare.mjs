/** The yardstick: node:http in, undici's pool out, JSON parsed and written both ways, nothing else. */
import { createServer } from "node:http";
import { Pool } from "undici";
import { answerCpu, tell } from "./control.mjs";

const pool = new Pool(process.env["UPSTREAM"] ?? "", { connections: 256 });
const server = createServer((request, response) => {
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => {
    const parsed = JSON.parse(Buffer.concat(chunks).toString("utf8"));
    const received = [];
    let status = 0;
    pool.dispatch(
      {
        path: "/v1/chat/completions",
        method: "POST",
        headers: { "content-type": "application/json", authorization: request.headers.authorization ?? "" },
        body: JSON.stringify(parsed),
      },
      {
        onConnect() {},
        onHeaders(code) {
          status = code;
          return true;
        },
        onData(chunk) {
          received.push(chunk);
          return true;
        },
        onComplete() {
          const text = JSON.stringify(JSON.parse(Buffer.concat(received).toString("utf8")));
          response.writeHead(status, {
            "content-type": "application/json",
            "content-length": Buffer.byteLength(text),
          });
          response.end(text);
        },
        onError() {
          response.writeHead(502).end();
        },
      },
    );
  });
});
server.listen(0, "127.0.0.1", () => tell({ kind: "listening", port: server.address().port }));
answerCpu();
