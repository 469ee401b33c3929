/** Makes training pairs for grounding out of plain passages: sentences kept, shortened or reworded, and sentences made false. */
import type { Random } from "#shared";
import { falsify } from "./falsify.ts";
import { tablesOf } from "./perturb-tables.ts";
import { keep, openWithPronoun, retell } from "./reword.ts";
import { spansOf, WORD } from "./sentence-parts.ts";

/** A made answer with its reference. */
export interface MadePair {
  readonly context: string;
  readonly answer: string;
  /** What was asked; empty when the pair has no question. */
  readonly question: string;
  /** 1: the answer says something that the context does not support. */
  readonly label: 0 | 1;
}

/** Something to make pairs of: the sentences of one passage. */
export interface Passage {
  readonly sentences: readonly string[];
}

/** Sentences of a text that are long enough to say something and short enough to be one statement. */
export function toPassage(text: string): Passage {
  const sentences = text
    .split(/(?<=[.!?])\s+|\n+/)
    .map((sentence) => sentence.trim())
    .filter((sentence) => {
      const words = sentence.match(WORD)?.length ?? 0;
      return words >= 5 && words <= 50 && /^["'(\p{L}\p{N}]/u.test(sentence);
    });
  return { sentences };
}

/**
 * Makes pairs: for each passage a few, half of them false, of one to five sentences, against the sentence itself or the whole passage.
 * @param passages sources; `others` for foreign facts are drawn from the same list
 * @param perPassage pairs made of each
 */
export function makePairs(passages: readonly Passage[], perPassage: number, random: Random): MadePair[] {
  const usable = passages.filter((passage) => passage.sentences.length > 0);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const tables = tablesOf();
  const pairs: MadePair[] = [];
  for (const passage of usable) {
    for (let made = 0; made < perPassage; made++) {
      if (random() < 0.35) {
        const other = pick(pick(usable).sentences);
        const span =
          random() < 0.65 ? questionPair(passage, other, random) : spanPair(passage, other, random);
        if (span !== undefined) pairs.push(span);
        continue;
      }
      const single = passage.sentences.length === 1 || random() < 0.35;
      const whole = single ? pick(passage.sentences) : passage.sentences.join(" ");
      // References often open with a pronoun whose name stands in a title that was cut off.
      const context = single && random() < 0.2 ? openWithPronoun(whole, random) : whole;
      const sources = single
        ? [whole]
        : sample(passage.sentences, 1 + Math.floor(random() * (random() < 0.4 ? 9 : 4)), random);
      const told = !single && sources.length >= 3 && random() < 0.5;
      const answers = sources.map((sentence) => {
        const kept = keep(sentence, tables, random);
        return told ? retell(kept, tables, random) : kept;
      });
      const label: 0 | 1 = random() < 0.5 ? 1 : 0;
      if (label === 1) {
        const at = Math.floor(random() * answers.length);
        // A fact of the same passage in the wrong place is the commonest error of models that read it.
        const other =
          passage.sentences.length > 1 && random() < 0.5
            ? pick(passage.sentences)
            : pick(pick(usable).sentences);
        const falsehood =
          random() < (single ? 0.1 : 0.25)
            ? keep(other, tables, random)
            : falsify(answers[at]!, other, tables, random);
        if (falsehood === undefined || context.includes(falsehood)) continue;
        // Answers written without the reference: most of the rest is foreign too.
        if (!single && random() < 0.3) {
          const foreign = pick(usable).sentences;
          for (let index = 0; index < answers.length; index++)
            if (random() < 0.7) answers[index] = retell(pick(foreign), tables, random);
        }
        if (random() < 0.3 && answers.length > 1) answers.splice(at + 1, 0, falsehood);
        else answers[at] = falsehood;
        // The same pair the other way round: the falsehood is the reference, the truth is the answer.
        if (single && random() < 0.4) {
          pairs.push({ question: "", context: falsehood, answer: keep(whole, tables, random), label: 1 });
          pairs.push({ question: "", context: falsehood, answer: keep(falsehood, tables, random), label: 0 });
          continue;
        }
      }
      const opening =
        random() < 0.12
          ? pick(["Yes, ", "No, ", "Sure. ", "Based on the passage, ", "According to the text, "])
          : "";
      pairs.push({ question: "", context, answer: opening + answers.join(" "), label });
    }
  }
  return pairs;
}

/** A question that leaves one name or number out, answered by it, by another, or by the whole sentence with either. */
function questionPair(passage: Passage, other: string, random: Random): MadePair | undefined {
  const sentence = passage.sentences[Math.floor(random() * passage.sentences.length)]!;
  const context = random() < 0.5 ? sentence : passage.sentences.join(" ");
  const mine = spansOf(sentence);
  if (mine.length === 0) return undefined;
  const right = mine[Math.floor(random() * mine.length)]!;
  const label: 0 | 1 = random() < 0.5 ? 1 : 0;
  const asked = sentence.replace(right, random() < 0.5 ? "which" : "what").replace(/[.!]+$/, "");
  const words = asked.split(" ");
  const question = `${random() < 0.5 ? words.slice(0, 18).join(" ") : `Which ${words.slice(-14).join(" ")}`}?`;
  const wrongs = [...spansOf(context), ...spansOf(other)].filter(
    (span) => !right.includes(span) && !span.includes(right),
  );
  const wrong = wrongs[Math.floor(random() * wrongs.length)];
  if (label === 1 && wrong === undefined) return undefined;
  const span = label === 1 ? wrong! : right;
  // A bare name that the passage has elsewhere cannot be told from the right one by its words: such pairs teach nothing.
  if (random() < 0.4)
    return label === 1 && context.includes(span) ? undefined : { context, question, answer: span, label };
  const restated = sentence.replace(right, span);
  const from = Math.max(0, restated.indexOf(span) - 60);
  const short =
    random() < 0.5
      ? restated
      : restated.slice(restated.indexOf(" ", from) + 1, restated.indexOf(span) + span.length + 50);
  return { context, question, answer: short, label };
}

/** A short answer: a name or number of the passage, or one that it lacks. */
function spanPair(passage: Passage, other: string, random: Random): MadePair | undefined {
  const context = passage.sentences.join(" ");
  const from = random() < 0.5 ? context : other;
  const spans = spansOf(from);
  if (spans.length === 0) return undefined;
  const answer = spans[Math.floor(random() * spans.length)]!;
  const isThere = context.includes(answer);
  return isThere === (from === context)
    ? { question: "", context, answer, label: isThere ? 0 : 1 }
    : undefined;
}

function sample<T>(list: readonly T[], count: number, random: Random): T[] {
  const start = Math.floor(random() * list.length);
  return Array.from(
    { length: Math.min(count, list.length) },
    (_, index) => list[(start + index) % list.length]!,
  );
}
