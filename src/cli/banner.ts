import pc from "picocolors";

/** One running part as it told of itself. */
interface Part {
  readonly url: string;
  readonly facts: Readonly<Record<string, string>>;
}

/** What the banner shows. */
export interface BannerModel {
  readonly version: string;
  readonly gateway: Part;
  readonly mock: Part;
  readonly lab: Part;
}

/** Prints on stdout what runs where, what is embedded, and three lines to copy. */
export function printBanner(model: BannerModel): void {
  process.stdout.write(formatBanner(model));
}

/** The banner as text. */
export function formatBanner({ version, gateway, mock, lab }: BannerModel): string {
  const { facts } = gateway;
  const upstream = (name: string): string => {
    const url = facts[name] ?? "";
    return url === mock.url ? "mock LLM" : url;
  };
  const row = (name: string, text: string): string => `  ${name.padEnd(10)}${text}`;
  const lines = [
    "",
    pc.bold(`Rampart ${version}`),
    "",
    row(
      "gateway",
      `${pc.cyan(gateway.url)}  policy ${facts["policy"]}; ${facts["processes"]}; API keys: ${facts["keys"]}`,
    ),
    row("mock LLM", `${pc.cyan(mock.url)}  answers by quoting you; control routes at /__mock/`),
    row("lab", `${pc.cyan(lab.url)}  console, runs, reports: open it in a browser`),
    row("openai", `/openai/v1/*, /v1/*   -> ${upstream("openai")}`),
    row("anthropic", `/anthropic/v1/*       -> ${upstream("anthropic")}`),
    row("stores", `sessions: ${facts["sessions"]}; limits: ${facts["limits"]}; audit log: ${facts["audit"]}`),
    "",
    pc.bold("Try it:"),
    "",
    pc.dim("# a guarded chat: the mock LLM sees [NAME_1] and [EMAIL_1], you get your values back"),
    `curl -s ${gateway.url}/openai/v1/chat/completions -H 'content-type: application/json' -d '{"model":"gpt-4","messages":[{"role":"user","content":"My name is Alice Johnson, write to alice@example.com"}]}'`,
    "",
    pc.dim("# what is in this text?"),
    `curl -s ${gateway.url}/pii-protection/detect -H 'content-type: application/json' -d '{"text":"Call me at 555-1234 or mail john.doe@example.com"}'`,
    "",
    pc.dim("# a real load run, judged against targets (60 s)"),
    `npx rampart load light --host ${gateway.url}`,
    "",
    pc.dim("Ctrl-C stops everything."),
    "",
  ];
  return `${lines.join("\n")}\n`;
}
