import type { Random } from "#shared";
import { decodeLeet } from "./decoders.ts";
import { expandTemplate, pick, type Slots } from "./expand.ts";
import { ATTACK_SLOTS, ATTACK_TEMPLATES, PLANTED_SLOTS, PLANTED_TEMPLATES } from "./own-attacks.data.ts";
import {
  ATTACKS_BY_LANGUAGE,
  BENIGN_BY_LANGUAGE,
  BENIGN_SLOTS,
  BENIGN_TEMPLATES,
  MAIL_PIECES,
} from "./own-benign.data.ts";
import { COLUMN_NAMES, GIBBERISH_PIECES } from "./own-pieces.data.ts";
import type { TrainingItem } from "./training-item.ts";

/** Items made per unit of template weight. */
const PER_WEIGHT = 4;
/** Planted documents per clean document, at least one of them with an instruction that is harmless elsewhere. */
const PLANTED_PER_DOCUMENT = 1;
/** Documents shorter than this (UTF-16 units) are not planted: the instruction would be the text. */
const MIN_DOCUMENT_UNITS = 160;
const MAX_DOCUMENT_UNITS = 2_400;
const TABLES = 420;
const MAILS = 320;

/** Own attacks and harmless texts, from templates and by language. Sources are named `own/...`. */
export function ownItems(random: Random): TrainingItem[] {
  const items: TrainingItem[] = [];
  const attackSlots: Slots = { ...ATTACK_SLOTS, GIBBERISH: [""] };
  for (const [family, weight, template] of ATTACK_TEMPLATES) {
    for (let count = 0; count < weight * PER_WEIGHT; count++) {
      let text = expandTemplate(template, attackSlots, random).trim();
      if (template.includes("{GIBBERISH}")) text = `${text} ${gibberish(random)}`;
      items.push(own(`own/${family}`, 1, varyCase(text, random)));
    }
  }
  for (const [weight, template] of BENIGN_TEMPLATES) {
    for (let count = 0; count < weight * PER_WEIGHT; count++) {
      items.push(own("own/benign", 0, expandTemplate(template, BENIGN_SLOTS, random).trim()));
    }
  }
  const neutralSlots: Slots = { ...PLANTED_SLOTS, BADCODE: ["pass"] };
  for (const [weight, template] of PLANTED_TEMPLATES) {
    // Asked for directly these are plain tasks.
    if (template.includes("{BADCODE}")) continue;
    for (let count = 0; count < weight; count++) {
      items.push(own("own/task", 0, expandTemplate(template, neutralSlots, random)));
    }
  }
  for (const [lang, sentences] of Object.entries(BENIGN_BY_LANGUAGE)) {
    for (let count = 0; count < sentences.length * 2; count++) {
      const first = sentences[count % sentences.length]!;
      const text =
        count < sentences.length ? first : `${first} ${pick(sentences, random)} ${pick(sentences, random)}`;
      items.push({ ...own("own/benign-languages", 0, text), lang });
    }
  }
  for (const [lang, sentences] of Object.entries(ATTACKS_BY_LANGUAGE)) {
    const around = BENIGN_BY_LANGUAGE[lang] ?? [];
    for (let count = 0; count < sentences.length * 3; count++) {
      const attack = sentences[count % sentences.length]!;
      const text =
        count < sentences.length || around.length === 0 ? attack : `${pick(around, random)} ${attack}`;
      items.push({ ...own("own/attack-languages", 1, text), lang });
    }
  }
  return items;
}

/** Tables without meaning: columns of numbers, names and dates. */
export function ownTables(random: Random): TrainingItem[] {
  const items: TrainingItem[] = [];
  for (let count = 0; count < TABLES; count++) items.push(own("own/tables", 0, table(random)));
  return items;
}

/** Mails and list posts: quotes, headers, questions, links, footers. */
export function ownMails(random: Random): TrainingItem[] {
  const items: TrainingItem[] = [];
  const { subject, opening, body, closing, footer } = MAIL_PIECES;
  const write = (list: readonly string[]): string => expandTemplate(pick(list, random), BENIGN_SLOTS, random);
  for (let count = 0; count < MAILS; count++) {
    let text = random() < 0.8 ? `Subject: ${write(subject)}\n` : "";
    text += write(opening);
    const sentences = 2 + Math.floor(random() * 7);
    for (let sentence = 0; sentence < sentences; sentence++) {
      text += write(body) + pick([" ", " ", "\n", "\n\n"], random);
    }
    items.push({ ...own("own/mails", 0, text + write(closing) + write(footer)), kind: "benign-document" });
  }
  return items;
}

/**
 * Pairs: a document and the same document with one instruction planted at its start, end or between two lines or
 * sentences. The pair keeps the source of the document, so that leaving that source out leaves the pair out.
 */
export function plantedItems(documents: readonly TrainingItem[], random: Random): TrainingItem[] {
  const items: TrainingItem[] = [];
  const templates: string[] = [];
  for (const [weight, template] of PLANTED_TEMPLATES)
    for (let n = 0; n < weight; n++) templates.push(template);
  const attacks: string[] = [];
  for (const [family, weight, template] of ATTACK_TEMPLATES) {
    if (family === "indirect" || family === "override" || family === "exfil") {
      for (let n = 0; n < weight; n++) attacks.push(template);
    }
  }
  const slots: Slots = { ...ATTACK_SLOTS, ...PLANTED_SLOTS };
  for (const document of documents) {
    if (document.label !== 0 || document.text.length < MIN_DOCUMENT_UNITS) continue;
    const text = cut(document.text);
    for (let count = 0; count < PLANTED_PER_DOCUMENT; count++) {
      const plain = random() < 0.75;
      const template = pick(plain ? templates : attacks, random);
      const instruction = plantedSentence(template, slots, random);
      const { planted, start } = plant(text, instruction, random);
      items.push({
        id: `${document.id}/planted${count}`,
        text: planted,
        label: 1,
        source: document.source,
        family: "planted",
        licence: document.licence,
        lang: document.lang,
        kind: "indirect",
        planted: { start, end: start + instruction.length, plain },
      });
    }
  }
  return items;
}

/** Share of items that are repeated in leetspeak as the decoder gives it back, and in small letters. */
const LEET_SHARE = 0.08;
const LOWER_SHARE = 0.06;
/** Longer texts in leetspeak are rare. */
const MAX_LEET_UNITS = 2_000;
const LEET_DIGITS: Readonly<Record<string, string>> = {
  a: "4",
  e: "3",
  i: "1",
  o: "0",
  s: "5",
  t: "7",
  b: "8",
  g: "9",
};

/** What the normaliser loses: items again as leetspeak read back, and without capitals. Sources and labels are kept. */
export function distortedItems(items: readonly TrainingItem[], random: Random): TrainingItem[] {
  const distorted: TrainingItem[] = [];
  for (const item of items) {
    const dice = random();
    if (item.planted || item.text.length > MAX_LEET_UNITS) continue;
    if (dice < LEET_SHARE) {
      const letters = random() < 0.5 ? /[aeiost]/gi : /[aeiostbg]/gi;
      const leet = item.text.replace(letters, (letter) => LEET_DIGITS[letter.toLowerCase()] ?? letter);
      distorted.push({ ...item, id: `${item.id}/leet`, text: decodeLeet(leet) });
    } else if (dice < LEET_SHARE + LOWER_SHARE) {
      distorted.push({ ...item, id: `${item.id}/lower`, text: item.text.toLowerCase() });
    }
  }
  return distorted;
}

function own(source: string, label: 0 | 1, text: string): TrainingItem {
  return { id: source, text, label, source, family: source, licence: "Apache-2.0", lang: "en", kind: "own" };
}

function plantedSentence(template: string, slots: Slots, random: Random): string {
  const at = template.indexOf("{BADCODE}");
  if (at < 0) return expandTemplate(template, slots, random);
  // Code has braces of its own.
  return (
    expandTemplate(template.slice(0, at), slots, random) +
    pick(PLANTED_SLOTS["BADCODE"]!, random).replaceAll("⟦", "{").replaceAll("⟧", "}") +
    template.slice(at + "{BADCODE}".length)
  );
}

function plant(text: string, instruction: string, random: Random): { planted: string; start: number } {
  const where = random();
  if (where < 0.33) return { planted: `${instruction}\n${text}`, start: 0 };
  if (where < 0.66) {
    const gap = random() < 0.5 ? "\n" : "\n\n";
    return { planted: text + gap + instruction, start: text.length + gap.length };
  }
  const breaks: number[] = [];
  for (let at = 20; at < text.length - 20; at++) {
    const unit = text.charCodeAt(at);
    if (unit === 10) breaks.push(at + 1);
    else if (unit === 32 && /[.!?]/.test(text[at - 1]!)) breaks.push(at + 1);
  }
  if (breaks.length === 0) return { planted: `${text}\n${instruction}`, start: text.length + 1 };
  const at = pick(breaks, random);
  const glue = text.charCodeAt(at - 1) === 10 ? "\n" : " ";
  return { planted: text.slice(0, at) + instruction + glue + text.slice(at), start: at };
}

function cut(text: string): string {
  if (text.length <= MAX_DOCUMENT_UNITS) return text;
  const end = text.lastIndexOf("\n", MAX_DOCUMENT_UNITS);
  return text.slice(0, end > MIN_DOCUMENT_UNITS ? end : MAX_DOCUMENT_UNITS);
}

function gibberish(random: Random): string {
  let out = "";
  const pieces = 8 + Math.floor(random() * 12);
  for (let count = 0; count < pieces; count++) {
    out += (random() < 0.6 ? " " : "") + pick(GIBBERISH_PIECES, random);
  }
  return out.trim();
}

/** Some attacks shout, some are typed without capitals. */
function varyCase(text: string, random: Random): string {
  const dice = random();
  if (dice < 0.08) return text.toUpperCase();
  return dice < 0.2 ? text.toLowerCase() : text;
}

function table(random: Random): string {
  const columns = 3 + Math.floor(random() * 5);
  const rows = 4 + Math.floor(random() * 18);
  const kinds = Array.from({ length: columns }, () => pick(COLUMN_NAMES, random));
  const style = random();
  const line = (cells: readonly string[]): string =>
    style < 0.75 ? `| ${cells.join(" | ")} |` : style < 0.9 ? cells.join(",") : cells.join("\t");
  const lines = [line(kinds.map(([name]) => name))];
  if (style < 0.25) lines.push(line(kinds.map(() => "---")));
  for (let row = 0; row < rows; row++) {
    lines.push(line(kinds.map(([, ...values]) => cell(pick(values, random), random))));
  }
  return lines.join("\n");
}

/** `#` in a cell pattern is a random digit; padding as in tables drawn with blanks. */
function cell(pattern: string, random: Random): string {
  const value = pattern.replace(/#/g, () => String(Math.floor(random() * 10)));
  return random() < 0.3 ? value.padEnd(18) : value;
}
