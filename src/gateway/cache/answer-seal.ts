import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import type { AnswerKey } from "./answer-keys.ts";
import type { CachedAnswer } from "./cached-answer.ts";

/** First byte of a sealed answer; others are not read. */
const VERSION = 1;
/** AES-256-GCM with the lengths of NIST SP 800-38D. */
const CIPHER = "aes-256-gcm";
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEAD_BYTES = 1 + NONCE_BYTES + TAG_BYTES;

/** What stands before the body, as JSON. */
type SealedHead = Omit<CachedAnswer, "body">;

/**
 * Encrypts an answer for a place outside this process, under the secret that only its request gives, and bound to its name.
 * Version, nonce, tag, then encrypted: length of the head (32 bits), head as JSON, body.
 */
export function sealAnswer(answer: CachedAnswer, key: AnswerKey): Buffer {
  const { body, ...rest } = answer;
  const head = Buffer.from(JSON.stringify(rest satisfies SealedHead), "utf8");
  const length = Buffer.alloc(4);
  length.writeUInt32BE(head.length);
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key.secret, nonce).setAAD(Buffer.from(key.name));
  const parts = [cipher.update(length), cipher.update(head), cipher.update(body), cipher.final()];
  return Buffer.concat([Buffer.of(VERSION), nonce, cipher.getAuthTag(), ...parts]);
}

/** The answer in what {@link sealAnswer} made; null for anything else, or when it was sealed under another key. */
export function openAnswer(sealed: Buffer, key: AnswerKey): CachedAnswer | null {
  if (sealed.length < HEAD_BYTES || sealed[0] !== VERSION) return null;
  const nonce = sealed.subarray(1, 1 + NONCE_BYTES);
  const tag = sealed.subarray(1 + NONCE_BYTES, HEAD_BYTES);
  const decipher = createDecipheriv(CIPHER, key.secret, nonce, { authTagLength: TAG_BYTES })
    .setAAD(Buffer.from(key.name))
    .setAuthTag(tag);
  try {
    const plain = Buffer.concat([decipher.update(sealed.subarray(HEAD_BYTES)), decipher.final()]);
    const bodyAt = 4 + plain.readUInt32BE(0);
    // The tag has shown that this was written by sealAnswer.
    const head = JSON.parse(plain.toString("utf8", 4, bodyAt)) as SealedHead;
    return { ...head, body: plain.subarray(bodyAt) };
  } catch {
    // Changed, or sealed under another key: there is no answer here.
    return null;
  }
}
