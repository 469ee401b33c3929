/** Recogniser of persons, places and organisations: the trained tagger behind the common interface. */
import type { Finding, Recogniser } from "../../types.ts";
import { createLabelling, decode } from "./decode.ts";
import { createWordFacts, lookUpWords } from "./features.ts";
import { ADDRESS_PART, BEGIN_PERSON, isInside, LABEL_TYPES, OUTSIDE } from "./labels.ts";
import { decodeNamesModel, type NamesModel } from "./model.ts";
import { createTokenBuffer, GAP, hashWord, SHAPE, scanTokens, type TokenBuffer } from "./tokens.ts";
import { ADDRESS_FORMS } from "./words.data.ts";

/** Name of this recogniser in findings. */
const SOURCE = "names";
/** Forms of address are cut off the front of a person. */
const FORM_HASHES: ReadonlySet<number> = new Set(ADDRESS_FORMS.map(hashWord));
const STREET_HASHES: ReadonlySet<number> = new Set(
  "street st road rd avenue ave lane drive boulevard square terrace court place highway parkway crescent close way rue calle via rua straße weg platz allee straat laan ulica ul caddesi sokak gata"
    .split(" ")
    .map(hashWord),
);
/** The tagger is never surer than a check digit or a settled street address. */
const HIGHEST_SCORE = 0.9;
const EVIDENCE: readonly string[] = ["tagger"];

/**
 * Finds PERSON, LOCATION and ORGANIZATION with the trained tagger, and ADDRESS where it labels a house number with a
 * street. The score is the mean probability of the type over the words of the span. Linear in the text.
 * @param model bytes of `models/names.bin`, or the model read from them
 * @throws RMP_DETECT_MODEL_INVALID when the bytes are not a names model
 */
export function createNamesRecogniser(model: Uint8Array | NamesModel): Recogniser {
  const names = model instanceof Uint8Array ? decodeNamesModel(model) : model;
  const tokens = createTokenBuffer();
  const facts = createWordFacts(tokens.start.length);
  const labelling = createLabelling(tokens.start.length);
  return {
    name: SOURCE,
    types: ["PERSON", "LOCATION", "ORGANIZATION", "ADDRESS"],
    find(text) {
      scanTokens(text, tokens);
      lookUpWords(tokens, names.gazetteer, facts);
      decode(text, tokens, facts, names, labelling);
      const findings: Finding[] = [];
      const { label, score } = labelling;
      const { start, end, gap, shape, hash, count } = tokens;
      for (let i = 0; i < count; i += 1) {
        const first = label[i]!;
        if (first === OUTSIDE) continue;
        const type = LABEL_TYPES[first]!;
        let total = score[i]!;
        let digits = shape[i] === SHAPE.digits || shape[i] === SHAPE.alphanumeric;
        let words = !digits;
        let j = i + 1;
        for (; j < count; j += 1) {
          const next = label[j]!;
          const joins =
            next === ADDRESS_PART
              ? first === ADDRESS_PART
              : LABEL_TYPES[next] === type && (isInside(next) || gap[j] === GAP.hyphen);
          if (!joins) break;
          total += score[j]!;
          if (shape[j] === SHAPE.digits || shape[j] === SHAPE.alphanumeric) digits = true;
          else words = true;
        }
        let from = i;
        if (first === BEGIN_PERSON) while (from < j && FORM_HASHES.has(hash[from]!)) from += 1;
        if (from < j && words && (first !== ADDRESS_PART || digits || isStreet(tokens, i, j)))
          findings.push({
            type,
            start: start[from]!,
            end: end[j - 1]!,
            score: Math.min(HIGHEST_SCORE, total / (j - i)),
            source: SOURCE,
            evidence: EVIDENCE,
          });
        i = j - 1;
      }
      return findings;
    },
  };
}

/** Whether address parts without a number form the name of a street: "Sauer Terrace", "Rue Vernet". */
function isStreet(tokens: TokenBuffer, from: number, to: number): boolean {
  return to - from > 1 && (STREET_HASHES.has(tokens.hash[to - 1]!) || STREET_HASHES.has(tokens.hash[from]!));
}
