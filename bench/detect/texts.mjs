// Texts of the detection benchmark, written for it: clean prose, a chat request, a context with an answer.

const PARAGRAPHS = [
  "The committee met again in the spring to talk about the repairs of the old bridge. Nobody was sure how long the work would take, and the engineers asked for more time to look at the foundations.",
  "In the end it was decided that traffic should be led over the northern road until the summer, although many shop owners were not happy with this. They feared that customers would stay away for good.",
  "A model that answers questions about a document has to read the whole of it first; the longer the document, the more it costs. That is why people cut texts into pieces, and why the pieces sometimes miss the point.",
  "When the water is hot, add the noodles and stir them once. Meanwhile cut the onions, fry them slowly with a little butter, and wait until they are soft. Salt comes last, because the cheese brings some of its own.",
  "Could you explain the difference between the two plans? I have read the page about them twice, yet it does not say what happens when the trial ends. Is the price for each user, or for the whole team?",
];

/** One kilobyte pieces of prose without any datum of a person. */
export const PROSE_KB = PARAGRAPHS.map((_, shift) => {
  const turned = [...PARAGRAPHS.slice(shift), ...PARAGRAPHS.slice(0, shift)].join(" ");
  return `${turned} ${turned}`.slice(0, 1024);
});

/** A chat message of 480 bytes with a name, an address and a number in it. */
export const CHAT_480 =
  `My name is Alice Johnson and I have a question about my order. Please write to alice.johnson@example.com or call 555-123-4567 tomorrow morning. ${PARAGRAPHS[4]} ${PARAGRAPHS[1]}`.slice(
    0,
    480,
  );

/** About 400 characters without an attack. */
export const PROMPT_400 = `${PARAGRAPHS[2]} ${PARAGRAPHS[3]}`.slice(0, 400);

/** Two kilobytes of context and an answer of 300 characters. */
export const GROUNDING = {
  context: PARAGRAPHS.join(" ").repeat(3).slice(0, 2048),
  answer: `${PARAGRAPHS[1]} ${PARAGRAPHS[0]}`.slice(0, 300),
};

/** Chat messages like {@link CHAT_480}, no two alike: other names, addresses and numbers. */
export function chatsNotSeenBefore(count) {
  const first = ["Alice", "Bob", "Carla", "Dmitri", "Eva", "Farid", "Grace", "Hugo"];
  const last = ["Johnson", "Miller", "Rossi", "Petrov", "Nguyen", "Haddad", "Lopez", "Meyer"];
  return Array.from({ length: count }, (_, n) =>
    CHAT_480.replaceAll("Alice", first[n % 8])
      .replaceAll("Johnson", last[(n >> 3) % 8])
      .replace("alice.johnson", `customer.${n}`)
      .replace("555-123-4567", `555-${200 + (n % 700)}-${1000 + (n % 9000)}`),
  );
}
