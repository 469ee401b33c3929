/** Data: words that introduce a person, in seven languages, and words that are no names though capitalised. */

/** How a word introduces a name: as a label before a colon, or as the end of a phrase. */
export interface IntroWord {
  readonly isLabel: boolean;
  /** What must stand before the word; undefined: the word introduces only as a label. */
  readonly before: RegExp | undefined;
}

const set = (words: string): ReadonlySet<string> => new Set(words.split(" "));

/** Titles before a name. */
export const TITLES = set(
  "mr mrs ms miss mx dr doctor prof professor sir madam dame rev reverend judge nurse captain herr frau hr fr monsieur madame mme mlle mademoiselle señor señora señorita sr sra srta don doña signor signora signorina sig dott dottoressa senhor senhora meneer mevrouw dhr mevr",
);

/** Lower-case words inside of names. */
export const NAME_PARTICLES = set("van von der den de la le du da dos das di del della ten ter zu bin ibn al el y e");

/** Capitalised words that end a name or are none. */
export const NOT_A_NAME = set(
  "us support sales team customer service i i'm i'd i've i'll my the a an and or but his her their our your email e-mail mail phone tel telephone mobile cell ssn social dob date born address card credit account id employee patient number no record mrn please thanks thank regards hello hi dear is was are contact call reach from at on in to for of with by not just very so here there this that these those it he she we you they what when where why how who monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november december ich mein meine und der die das je mon ma et le la les yo mi y el io mio e il eu meu ik mijn en het de",
);

const label: IntroWord = { isLabel: true, before: undefined };
const phrase = (before: RegExp, isLabel = false): IntroWord => ({ isLabel, before });

/** Last word before the name to how it introduces. Every expression looks back over at most 24 characters. */
export const INTRO_WORDS: ReadonlyMap<string, IntroWord> = new Map<string, IntroWord>([
  ...("patient name names client customer employee applicant contact attendee cardholder holder owner member user sender recipient author manager doctor physician provider insured beneficiary signed attn from to cc patientin patienten kunde kundin mitarbeiter nom client nombre paciente cliente nome paziente paciente naam patiënt klant"
    .split(" ")
    .map((word) => [word, label] as const)),
  ["name's", phrase(/(?:^|[^a-z])my\s+$/i)],
  ["is", phrase(/(?:^|[^a-z])(?:name|this)\s+$/i)],
  ["am", phrase(/(?:^|[^a-z])i\s+$/i)],
  ["i'm", phrase(/$/)],
  ["contact", phrase(/$/, true)],
  ["patient", phrase(/$/, true)],
  ["employee", phrase(/$/, true)],
  ["customer", phrase(/$/, true)],
  ["client", phrase(/$/, true)],
  ["named", phrase(/$/)],
  ["called", phrase(/(?:am|is|was|person|man|woman|someone|colleague|friend)\s+$/i)],
  ["me", phrase(/(?:^|[^a-z])call\s+$/i)],
  ["regards", phrase(/$/)],
  ["sincerely", phrase(/$/)],
  ["heiße", phrase(/ich\s+$/i)],
  ["heisse", phrase(/ich\s+$/i)],
  ["bin", phrase(/ich\s+$/i)],
  ["ist", phrase(/name\s+$/i)],
  ["m'appelle", phrase(/je\s+$/i)],
  ["suis", phrase(/je\s+$/i)],
  ["est", phrase(/nom\s+$/i)],
  ["llamo", phrase(/me\s+$/i)],
  ["soy", phrase(/$/)],
  ["es", phrase(/nombre\s+$/i)],
  ["chiamo", phrase(/mi\s+$/i)],
  ["sono", phrase(/$/)],
  ["è", phrase(/nome\s+$/i)],
  ["chamo", phrase(/me\s+$/i)],
  ["sou", phrase(/$/)],
  ["é", phrase(/nome\s+$/i)],
  ["heet", phrase(/ik\s+$/i)],
  ["ben", phrase(/ik\s+$/i)],
]);
