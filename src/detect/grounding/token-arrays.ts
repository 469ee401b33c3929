/** Tokens of a text as parallel arrays that can be used again for the next text. */

/** Kinds of token, combined as bits in {@link Tokens.flags}. */
export const TOKEN = {
  /** Begins with a capital letter. */
  capital: 1,
  /** First word of its sentence (a capital says nothing there). */
  opening: 2,
  /** Has a numeric value. */
  number: 4,
  /** Carried a negating contraction (`n't`). */
  negated: 8,
  /** Stands alone as a single letter. */
  letter: 16,
  /** Followed by punctuation. */
  closed: 32,
} as const;

/** Tokens of one text as parallel arrays; the first {@link Tokens.count} entries count. */
export interface Tokens {
  count: number;
  /** UTF-16 offsets, end exclusive. */
  start: Int32Array;
  end: Int32Array;
  /** Hash of the word in lower case without diacritics. */
  word: Int32Array;
  /** Hash of its stem. */
  stem: Int32Array;
  /** Hash of its first five letters, or 0 for words of fewer than six. */
  prefix: Int32Array;
  /** Length of the word in letters. */
  length: Int32Array;
  flags: Int32Array;
  /** Value of a number token, else NaN. */
  value: Float64Array;
  /** Index of the token's sentence. */
  sentence: Int32Array;
  sentenceCount: number;
  /** Where each sentence begins and ends in the text. */
  sentenceStart: Int32Array;
  sentenceEnd: Int32Array;
  /** First token of each sentence; one entry more than sentences. */
  sentenceToken: Int32Array;
}

/** Tokens of no text with room for `capacity` of them. */
export function emptyTokens(capacity: number): Tokens {
  return {
    count: 0,
    start: new Int32Array(capacity),
    end: new Int32Array(capacity),
    word: new Int32Array(capacity),
    stem: new Int32Array(capacity),
    prefix: new Int32Array(capacity),
    length: new Int32Array(capacity),
    flags: new Int32Array(capacity),
    value: new Float64Array(capacity),
    sentence: new Int32Array(capacity),
    sentenceCount: 0,
    sentenceStart: new Int32Array(16),
    sentenceEnd: new Int32Array(16),
    sentenceToken: new Int32Array(17),
  };
}

/** Doubles the room for tokens; what is there stays. */
export function growTokens(tokens: Tokens): void {
  tokens.start = doubled(tokens.start);
  tokens.end = doubled(tokens.end);
  tokens.word = doubled(tokens.word);
  tokens.stem = doubled(tokens.stem);
  tokens.prefix = doubled(tokens.prefix);
  tokens.length = doubled(tokens.length);
  tokens.flags = doubled(tokens.flags);
  tokens.sentence = doubled(tokens.sentence);
  const value = new Float64Array(tokens.value.length * 2);
  value.set(tokens.value);
  tokens.value = value;
}

/** Doubles the room for sentences; what is there stays. */
export function growSentences(tokens: Tokens): void {
  tokens.sentenceStart = doubled(tokens.sentenceStart);
  tokens.sentenceEnd = doubled(tokens.sentenceEnd);
  tokens.sentenceToken = doubled(tokens.sentenceToken);
}

function doubled(array: Int32Array): Int32Array {
  const grown = new Int32Array(array.length * 2);
  grown.set(array);
  return grown;
}
