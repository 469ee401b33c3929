import { createHmac } from "node:crypto";
import { type PiiRedactRequest, PiiRedactRequestSchema } from "#contract";
import type { Finding, Vault } from "#detect";
import { RampartError } from "#shared";
import type { Exchange } from "../exchange.ts";
import { answerJson } from "./answer-json.ts";
import { answerTexts } from "./batch.ts";
import { findAndCount } from "./pii-detect.ts";
import { validatorOf } from "./validated.ts";

type Method = NonNullable<PiiRedactRequest["redaction_method"]>;

const METHODS: readonly Method[] = ["token", "mask", "partial", "hash", "remove"];
const VISIBLE_CHARACTERS = 4;
const HASH_HEX_CHARACTERS = 16;

const validate = validatorOf(PiiRedactRequestSchema);

/**
 * `POST /pii-protection/redact`: the text without its personal data. Neither the original nor a map back is answered: what
 * must come back goes through the proxy routes.
 */
export function redactPii(exchange: Exchange): void {
  const body = validate(exchange.json);
  const method = body.redaction_method ?? methodOf(body.method);
  const vault = exchange.guard.createVault({ tenant: exchange.tenant });
  for (const text of body.texts ?? [body.text ?? ""]) vault.reserve(text);
  const answer = answerTexts(exchange, body.texts, body.text, "text", (text) => {
    const findings = findAndCount(exchange, text);
    return {
      redacted_text: replaced(text, findings, (finding, value) =>
        redact(exchange, method, finding, value, vault),
      ),
      redaction_method: method,
      total_redactions: findings.length,
      pii_types_found: [...new Set(findings.map(({ type }) => type))],
      redactions: findings.map(({ type, start, end, score }) => ({
        pii_type: type,
        start_pos: start,
        end_pos: end,
        confidence: score,
      })),
    };
  });
  answerJson(exchange, answer);
}

function methodOf(name: string | undefined): Method {
  if (name === undefined) return "token";
  const method = METHODS.find((known) => known === name.toLowerCase());
  if (method === undefined)
    throw new RampartError("RMP_REQ_INVALID", `method: must be one of ${METHODS.join(", ")}`, {
      field: "method",
    });
  return method;
}

function redact(exchange: Exchange, method: Method, finding: Finding, value: string, vault: Vault): string {
  switch (method) {
    case "token":
      return vault.placeholderFor(finding.type, value);
    case "mask":
      return value.replace(/[\p{L}\p{N}]/gu, "*");
    case "partial": {
      const characters = value.match(/[\p{L}\p{N}]/gu)?.length ?? 0;
      let hidden = characters > 2 * VISIBLE_CHARACTERS ? characters - VISIBLE_CHARACTERS : characters;
      return value.replace(/[\p{L}\p{N}]/gu, (character) => (hidden-- > 0 ? "*" : character));
    }
    case "hash": {
      const digest = createHmac("sha256", exchange.context.hashKey)
        .update(`${exchange.tenant}\0${finding.type}\0${value}`)
        .digest("hex");
      return `[${finding.type}:${digest.slice(0, HASH_HEX_CHARACTERS)}]`;
    }
    case "remove":
      return "";
  }
}

/** The text with every finding replaced; findings are in order and do not overlap. */
function replaced(
  text: string,
  findings: readonly Finding[],
  by: (finding: Finding, value: string) => string,
): string {
  let out = "";
  let from = 0;
  for (const finding of findings) {
    out += text.slice(from, finding.start) + by(finding, text.slice(finding.start, finding.end));
    from = finding.end;
  }
  return out + text.slice(from);
}
