/** Rampart workers that announced themselves and have yet to prove the token. */
import { isProof, PEER_PROTOCOL, proofOf, readHello } from "./peer-protocol.ts";

/** A worker whose id promised a hello gets so long to send it, ms. */
const HELLO_MS = 5000;

/** A worker whose hello is awaited. */
interface Candidate {
  readonly nonce: string;
  readonly sinceMs: number;
  readonly version: unknown;
}

/** What a hello proved. */
export interface ProvenHello {
  readonly version: unknown;
  /** SHA-256 of the worker's scenario source. */
  readonly scenarioHash: string;
  /** The master's own proof, for the worker. */
  readonly proof: string;
}

/** The challenges under way, by id. */
export class Candidates {
  readonly #token: string;
  readonly #newNonce: () => string;
  readonly #byId = new Map<string, Candidate>();

  /**
   * @param token shared token; empty = none
   * @param newNonce random text for a challenge
   */
  constructor(token: string, newNonce: () => string) {
    this.#token = token;
    this.#newNonce = newNonce;
  }

  has(id: string): boolean {
    return this.#byId.has(id);
  }

  /** Begins a challenge. @returns what the `ack` offers */
  challenge(
    id: string,
    version: unknown,
    nowMs: number,
  ): { readonly protocol: number; readonly nonce: string } {
    const nonce = this.#newNonce();
    this.#byId.set(id, { nonce, sinceMs: nowMs, version });
    return { protocol: PEER_PROTOCOL, nonce };
  }

  /** Looks at a hello; it ends the challenge. @returns null when nobody waits for it or it cannot be read */
  answer(id: string, data: unknown): ProvenHello | "refused" | null {
    const candidate = this.#byId.get(id);
    const hello = readHello(data);
    if (candidate === undefined || hello === null) return null;
    this.#byId.delete(id);
    if (!isProof(hello.proof, proofOf(this.#token, "worker", candidate.nonce, id))) return "refused";
    return {
      version: candidate.version,
      scenarioHash: hello.hash,
      proof: proofOf(this.#token, "master", hello.nonce, id),
    };
  }

  /** Forgets those that never sent their hello. */
  expire(nowMs: number): void {
    for (const [id, candidate] of this.#byId) if (nowMs - candidate.sinceMs > HELLO_MS) this.#byId.delete(id);
  }
}
