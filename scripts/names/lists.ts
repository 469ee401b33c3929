/** Word lists and name pools for the tagger: from @faker-js/faker (MIT) and the text files beside this one. */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { allFakers, allLocales } from "@faker-js/faker";
import { createRandom } from "#shared";
import { type NamePools, pick } from "../../src/detect/pii/tagger/augment.ts";
import { buildGazetteer, type Gazetteer, WORD } from "../../src/detect/pii/tagger/gazetteer.ts";
import {
  CALENDAR_WORDS,
  INTRODUCING_WORDS,
  ORGANISATION_WORDS,
  PARTICLES,
  PLACE_WORDS,
  TITLES,
} from "../../src/detect/pii/tagger/words.data.ts";

const here = dirname(fileURLToPath(import.meta.url));
/** Slots of the shipped table; about 100,000 entries. */
const SLOTS = 2 ** 18;
/** Locales whose names and addresses fill the pools, the languages several times. */
const POOL_LOCALES = [
  "en_US",
  "en_US",
  "en_US",
  "en_GB",
  "en_GB",
  "en_AU",
  "en_CA",
  "en_IN",
  "en_ZA",
  "en_NG",
  "en_IE",
  "de",
  "de",
  "de",
  "de_AT",
  "de_CH",
  "fr",
  "fr",
  "fr_CA",
  "fr_BE",
  "es",
  "es",
  "es_MX",
  "it",
  "it",
  "pt_BR",
  "pt_PT",
  "nl",
  "nl",
  "nl_BE",
  "pl",
  "cs_CZ",
  "sv",
  "da",
  "nb_NO",
  "fi",
  "tr",
  "uk",
  "ru",
  "ja",
  "zh_CN",
  "ko",
  "hu",
  "ro",
  "hr",
  "el",
  "id_ID",
  "vi",
  "sk",
  "ar",
] as const;

/** Lines of a list file, without comments and blank lines; '' where a blank line parts it. */
function lines(file: string): string[] {
  return readFileSync(join(here, file), "utf8")
    .split("\n")
    .filter((line) => !line.startsWith("#"));
}

/** All strings below a locale's value, whatever its shape. */
function strings(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap(strings);
  if (value !== null && typeof value === "object") {
    const weighted = value as { value?: unknown };
    return typeof weighted.value === "string" ? [weighted.value] : Object.values(value).flatMap(strings);
  }
  return [];
}

/**
 * The gazetteer that ships.
 * @param texts texts whose lower-case words count as everyday words from three occurrences on
 */
export function createNamesGazetteer(texts: Iterable<string>): Gazetteer {
  const census = readFileSync(join(here, "first-names.txt"), "utf8").split("\n\n");
  const women = census[0]!.split("\n").filter((line) => !line.startsWith("#"));
  const men = census[1]!.split("\n").filter(Boolean);
  const surnames = lines("surnames.txt").filter(Boolean);
  const cities = lines("cities.txt").filter(Boolean);
  const lists: [number, string[]][] = [
    [WORD.first, [...women, ...men]],
    [WORD.firstTop, [...women.slice(0, 400), ...men.slice(0, 400)]],
    [WORD.last, surnames],
    [WORD.lastTop, surnames.slice(0, 3000)],
    [WORD.place, cities],
  ];
  for (const locale of Object.values(allLocales)) {
    const person = locale.person ?? {};
    const location = (locale.location ?? {}) as Record<string, unknown>;
    lists.push([WORD.first, strings(person.first_name)], [WORD.last, strings(person.last_name)]);
    lists.push([WORD.place, [...strings(location["city_name"]), ...strings(location["state"])]]);
    lists.push([WORD.place | WORD.country, strings(location["country"])]);
  }
  for (const name of ["de", "fr", "es", "it", "pt_BR", "pt_PT", "nl"] as const) {
    const person = allLocales[name].person ?? {};
    lists.push([WORD.lastTop, strings(person.last_name)]);
  }
  const counts = new Map<string, number>();
  for (const text of texts)
    for (const match of text.matchAll(/(?<![\p{L}\p{N}@#'’_/.])\p{Ll}[\p{Ll}'’]*(?![\p{L}\p{N}_@])/gu)) {
      const word = match[0].replace(/[’']s$/, "").replaceAll("’", "'");
      counts.set(word, (counts.get(word) ?? 0) + 1);
    }
  const everyday = [...counts].filter(([, count]) => count >= 3);
  lists.push([WORD.common, everyday.map(([word]) => word)]);
  lists.push([WORD.veryCommon, everyday.filter(([, count]) => count >= 40).map(([word]) => word)]);
  lists.push(
    [WORD.title, [...TITLES]],
    [WORD.orgWord, [...ORGANISATION_WORDS]],
    [WORD.geoWord, [...PLACE_WORDS]],
    [WORD.calendar, [...CALENDAR_WORDS]],
    [WORD.particle, [...PARTICLES]],
    [WORD.intro, [...INTRODUCING_WORDS]],
  );
  return buildGazetteer(lists, SLOTS);
}

/** Names, places, organisations and addresses to fill templates with; seeded. */
export function createPools(seed: number): NamePools {
  const random = createRandom(seed);
  const firstNames: string[] = [];
  const lastNames: string[] = [];
  const places: string[] = [];
  const organisations: string[] = [];
  const addresses: string[] = [];
  const surnames = lines("surnames.txt").filter(Boolean);
  const cities = lines("cities.txt").filter(Boolean);
  const words = strings(allLocales.en.word?.noun).filter((word) => /^[a-z]{4,9}$/.test(word));
  const title = (word: string) => word[0]!.toUpperCase() + word.slice(1);
  for (const [index, key] of POOL_LOCALES.entries()) {
    const faker = allFakers[key];
    faker.seed(seed + index);
    for (let n = 0; n < 150; n += 1) {
      firstNames.push(faker.person.firstName());
      lastNames.push(faker.person.lastName());
    }
    for (let n = 0; n < 40; n += 1) {
      places.push(faker.location.city());
      organisations.push(faker.company.name());
    }
    for (let n = 0; n < 60; n += 1) {
      const street = faker.location.streetAddress();
      const tail = random();
      addresses.push(
        tail < 0.4
          ? street
          : tail < 0.6
            ? `${street}, ${faker.location.city()}`
            : tail < 0.8
              ? `${street}, ${faker.location.city()} ${faker.location.zipCode()}`
              : `${street}, ${faker.location.zipCode()} ${faker.location.city()}`,
      );
    }
    for (let n = 0; n < 12; n += 1) places.push(faker.location.country(), faker.location.state());
  }
  for (let n = 0; n < 3000; n += 1) {
    lastNames.push(pick(surnames.slice(0, n < 2000 ? 4000 : 40000), random));
    places.push(pick(cities.slice(0, n < 1500 ? 1500 : 22000), random));
    const name = pick(surnames.slice(0, 4000), random);
    const place = pick(cities.slice(0, 3000), random);
    const first = title(pick(words, random));
    const second = title(pick(words, random));
    const forms = [
      `${name} Inc.`,
      `${name} & Sons`,
      `${name} and Company`,
      `${name} Group`,
      `University of ${place}`,
      `Bank of ${place}`,
      `${place} University`,
      `${place} City Council`,
      `${first} ${second} Ltd`,
      `${first}${second}`,
      `${first}${second} Inc`,
      `${first} Corp`,
      `${first} Technologies`,
      `${first} ${second}`,
      `${name} Pharmaceuticals`,
      `${place} General Hospital`,
      `St. ${name} Hospital`,
      `${first} Foundation`,
      `${name} GmbH`,
      `${first}soft AG`,
      `Autohaus ${name}`,
      `Banque de ${place}`,
      `${first} S.A.`,
      `Banco de ${place}`,
      `${name} S.p.A.`,
      `${first} Labs`,
      `${first} App`,
      `${first}.io`,
      `${name} Airlines`,
      `Department of ${first}`,
      `${place} Herald`,
      `${first.slice(0, 3).toUpperCase()}`,
      `${name}, ${first} & Partners`,
    ];
    organisations.push(pick(forms, random));
  }
  return { firstNames, lastNames, places, organisations, addresses };
}
