/** Bodies that carry a text in every field that takes one, by route; a route that is missing here fails the test. */
export function bodiesFor(path: string, text: string): object[] {
  const made = BODIES.find(([pattern]) => pattern.test(path))?.[1](text);
  if (made === undefined) throw new Error(`${path}: say in canary-bodies.ts where this route takes text`);
  return made;
}

const chat = (text: string) => ({
  model: "gpt-4",
  user: text,
  metadata: { note: text },
  unknown_field: text,
  tools: [{ type: "function", function: { name: "f", description: text, parameters: { enum: [text] } } }],
  messages: [
    { role: "system", content: text },
    { role: "user", name: text, content: [{ type: "text", text }] },
    {
      role: "assistant",
      content: null,
      tool_calls: [
        { id: "c1", type: "function", function: { name: "f", arguments: JSON.stringify({ to: text }) } },
      ],
    },
    { role: "tool", tool_call_id: "c1", content: text },
    { role: "user", content: `Please write to ${text} about it` },
  ],
});
const messages = (text: string) => ({
  model: "claude-3-5-haiku-latest",
  max_tokens: 64,
  system: text,
  metadata: { user_id: text },
  messages: [{ role: "user", content: [{ type: "text", text: `Please write to ${text}` }] }],
});
const responses = (text: string) => ({
  model: "gpt-4",
  instructions: text,
  input: [{ role: "user", content: [{ type: "input_text", text }] }],
});
const streamed = (body: object) => [body, { ...body, stream: true }];
const judged = (text: string) => ({
  agent_output: text,
  ground_truth: text,
  agent_input: text,
  text,
  context: text,
});

const BODIES: [RegExp, (text: string) => object[]][] = [
  [/chat\/completions$/, (text) => streamed(chat(text))],
  [
    /\/v1\/completions$/,
    (text) => streamed({ model: "gpt-4", prompt: [text, `Write to ${text}`], suffix: text, user: text }),
  ],
  [/responses$/, (text) => streamed(responses(text))],
  [/messages\/count_tokens$/, (text) => [messages(text)]],
  [/messages$/, (text) => streamed(messages(text))],
  [/embeddings$|moderations$/, (text) => [{ model: "text-embedding-3-small", input: [text], user: text }]],
  [
    /^\/pii-protection\//,
    (text) =>
      ["token", "mask", "hash", "remove"].map((redaction_method) => ({
        text,
        texts: [text],
        redaction_method,
      })),
  ],
  [
    /injection|guard-prompt|batch-guard/,
    (text) => [
      { prompt: text, context: text, user_history: [text] },
      { prompts: [text], texts: [text] },
    ],
  ],
  [/^\/bias/, (text) => [{ text, context: text }]],
  [/^\/test-agent$/, (text) => [judged(text)]],
  [/^\/batch\/test$/, (text) => [{ tests: [judged(text)], items: [judged(text)] }]],
  [/^\/multi-model\//, (text) => [{ ...judged(text), models: [text] }, judged(text)]],
  [/^\/multimodal\//, (text) => [{ text_description: text }, { image: text, text_description: text }]],
  [/^\/admin\//, (text) => [{ text }]],
];
