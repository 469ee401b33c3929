import type { ImageAssessment, ImagePart } from "#detect";
import { RampartError } from "#shared";
import type { Exchange, Outcome } from "../exchange.ts";
import { guardFailed } from "./inspect.ts";

/** Parts of a picture that carry text. */
const READ: ReadonlySet<ImagePart> = new Set<ImagePart>(["text", "metadata", "codes"]);

/** Base64 with either alphabet. */
const BASE64 = /^[A-Za-z0-9+/_-]*={0,2}$/;

/**
 * Step 5, pictures: none, reading them, or refusing them all, as the policy says. A picture cannot be anonymised: what the
 * policy would replace in a text refuses the request. Pictures that are elsewhere are never fetched; they count as not
 * readable, for which `guard.imageFailMode` says what happens.
 */
export function inspectImages(exchange: Exchange): Outcome {
  const { leaves } = exchange;
  if (leaves === null || (leaves.pictures === null && leaves.remotePictures === 0)) return "next";
  const { images } = exchange.guard.policy;
  if (images === "skip") return "next";
  if (images === "block") throw new RampartError("RMP_GUARD_BLOCKED", "the policy refuses pictures");
  if (leaves.remotePictures > 0)
    unreadable(exchange, "a picture is elsewhere, and the gateway fetches none: send it with the request");
  if (leaves.pictures === null) return "next";
  const { pipeline } = exchange.context;
  readAll(exchange, leaves.pictures).then(
    () => {
      if (!exchange.isOver && exchange.failure === null) pipeline.advance(exchange);
    },
    (error: unknown) => pipeline.fail(exchange, error),
  );
  return "wait";
}

/** One after the other: text recognition has one worker, and the first finding ends it. */
async function readAll(exchange: Exchange, pictures: readonly string[]): Promise<void> {
  const { context } = exchange;
  const startedMs = context.clock();
  for (const picture of pictures) {
    let assessment: ImageAssessment;
    try {
      assessment = await within(
        context.config.guard.imageBudgetMs,
        context.detectors.image.assess(decode(picture)),
      );
    } catch (error) {
      unreadable(exchange, "a picture cannot be read", error);
      continue;
    }
    if (exchange.isOver) return;
    judge(exchange, assessment);
    if (assessment.notAssessed.some(({ part }) => READ.has(part)))
      unreadable(exchange, "a part of a picture was not read");
    else exchange.imagesInspected += 1;
  }
  exchange.guardMs += context.clock() - startedMs;
}

/** The result of a reader, or a failure when it takes longer; the reader then goes on for nobody. */
async function within<T>(budgetMs: number, reading: Promise<T>): Promise<T> {
  if (budgetMs === 0) return reading;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new RampartError("RMP_GUARD_FAILED", "reading the picture exceeded its time budget")),
      budgetMs,
    );
  });
  try {
    return await Promise.race([reading, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** @throws RMP_GUARD_BLOCKED when the picture holds what the policy does not let out */
function judge(exchange: Exchange, { texts, hasPosition }: ImageAssessment): void {
  const { entities, injection } = exchange.guard.policy;
  let isRefused = hasPosition === true && isTakenOut(entities["LOCATION"]?.operator);
  for (const text of texts) {
    for (const { type, score } of text.pii) {
      const rule = entities[type];
      if (rule === undefined || score < rule.threshold) continue;
      exchange.countFinding(type);
      isRefused ||= isTakenOut(rule.operator);
    }
    if (injection.action !== "off" && text.injection.score > (exchange.injection?.score ?? -1))
      exchange.injection = text.injection;
  }
  if (isRefused) throw new RampartError("RMP_GUARD_BLOCKED", "a picture holds personal data");
}

function isTakenOut(operator: string | undefined): boolean {
  return operator !== undefined && operator !== "keep";
}

/** @throws RMP_GUARD_FAILED unless the fail mode lets pictures pass that were not read */
function unreadable(exchange: Exchange, why: string, cause?: unknown): void {
  guardFailed(
    exchange,
    "image",
    exchange.context.config.guard.imageFailMode,
    cause ?? new RampartError("RMP_DETECT_IMAGE_INVALID", why),
  );
}

/** @throws RMP_DETECT_IMAGE_INVALID */
function decode(picture: string): Uint8Array {
  const base64 = picture.startsWith("data:") ? picture.slice(picture.indexOf(",") + 1) : picture;
  if (!BASE64.test(base64)) throw new RampartError("RMP_DETECT_IMAGE_INVALID", "the picture is not base64");
  return Buffer.from(base64, "base64");
}
