/** `rampart up`, `gateway`, `mock-llm` and `lab`: the processes that serve. */
import { fileURLToPath } from "node:url";
import { type Command, InvalidArgumentError, Option } from "commander";
import type { GatewayOptions } from "../actions/serve.ts";
import type { LabOptions } from "../actions/serve-lab.ts";
import type { MockOptions } from "../actions/serve-mock.ts";
import { printBanner } from "../banner.ts";
import { portNumber } from "../numbers.ts";
import { packageVersion } from "../package-info.ts";
import { type ProcessRange, processRange } from "../process-range.ts";
import { drainOnSignal } from "../signals.ts";
import { CRASH_EXIT, createSupervisor } from "../supervisor.ts";

const DEFAULT_PORTS = { gateway: 8000, mock: 8001, lab: 8089 } as const;

/** Adds the commands that serve. */
export function addServerCommands(program: Command): void {
  addUp(program);

  program
    .command("gateway")
    .description("Serve the guard in front of LLM providers.")
    .option("--config <file>", "rampart.yaml")
    .option("--host <address>", "address to listen on (default: 127.0.0.1)")
    .addOption(portOption("--port <port>", "port to listen on (default: 8000)", "RAMPART_GATEWAY_PORT"))
    .addOption(
      new Option("--policy <name>", "shipped policy or path of a policy file").default("default_pii"),
    )
    .addOption(processesOption())
    .addOption(new Option("--fallback-upstream <url>").hideHelp())
    .action(async (options: GatewayOptions) => {
      const [{ serving }, { serveGateway }] = await Promise.all([
        import("../actions/serving.ts"),
        import("../actions/serve.ts"),
      ]);
      await serving(() => serveGateway(options));
    });

  program
    .command("mock-llm")
    .description("Serve a deterministic mock of OpenAI's and Anthropic's APIs, on loopback.")
    .addOption(
      portOption("--port <port>", "port to listen on", "RAMPART_MOCK_PORT").default(DEFAULT_PORTS.mock),
    )
    .option(
      "--set <key=value>",
      "behaviour, such as ttftMs=50 or errorRate=0.01; repeatable",
      collectSetting,
      {},
    )
    .action(async (options: MockOptions) => {
      const [{ serving }, { serveMock }] = await Promise.all([
        import("../actions/serving.ts"),
        import("../actions/serve-mock.ts"),
      ]);
      await serving(() => serveMock(options));
    });

  program
    .command("lab")
    .description("Serve the lab: console, live runs, results and reports.")
    .addOption(
      portOption("--port <port>", "port to listen on", "RAMPART_LAB_PORT").default(DEFAULT_PORTS.lab),
    )
    .addOption(
      new Option("--gateway <url>", "gateway that the console shows and scenarios load")
        .env("RAMPART_GATEWAY_URL")
        .default(`http://127.0.0.1:${DEFAULT_PORTS.gateway}`),
    )
    .addOption(
      new Option("--mock <url>", "mock LLM whose record scenarios check")
        .env("RAMPART_MOCK_URL")
        .default(`http://127.0.0.1:${DEFAULT_PORTS.mock}`),
    )
    .action(async (options: LabOptions) => {
      const [{ serving }, { serveLab }] = await Promise.all([
        import("../actions/serving.ts"),
        import("../actions/serve-lab.ts"),
      ]);
      await serving(() => serveLab(options));
    });
}

interface UpOptions {
  readonly processes?: ProcessRange;
  readonly config?: string;
  readonly policy: string;
  readonly gatewayPort: number;
  readonly mockPort: number;
  readonly labPort: number;
}

function addUp(program: Command): void {
  program
    .command("up")
    .description("Start gateway, mock LLM and lab as three processes with embedded defaults.")
    .option("--config <file>", "rampart.yaml of the gateway")
    .addOption(
      new Option("--policy <name>", "shipped policy or path of a policy file").default("default_pii"),
    )
    .addOption(processesOption())
    .addOption(portOption("--gateway-port <port>", "", "RAMPART_GATEWAY_PORT").default(DEFAULT_PORTS.gateway))
    .addOption(portOption("--mock-port <port>", "", "RAMPART_MOCK_PORT").default(DEFAULT_PORTS.mock))
    .addOption(portOption("--lab-port <port>", "", "RAMPART_LAB_PORT").default(DEFAULT_PORTS.lab))
    .action(async (options: UpOptions) => {
      const supervisor = createSupervisor(fileURLToPath(new URL("../../../bin/rampart.js", import.meta.url)));
      drainOnSignal(() => supervisor.stop());
      try {
        const mock = await supervisor.start({
          name: "mock LLM",
          args: ["mock-llm", "--port", String(options.mockPort)],
        });
        const gateway = await supervisor.start({
          name: "gateway",
          args: [
            "gateway",
            ...["--port", String(options.gatewayPort), "--policy", options.policy],
            ...["--fallback-upstream", mock.url],
            ...(options.processes === undefined
              ? []
              : ["--processes", `${options.processes.min}..${options.processes.max}`]),
            ...(options.config === undefined ? [] : ["--config", options.config]),
          ],
        });
        const lab = await supervisor.start({
          name: "lab",
          args: ["lab", "--port", String(options.labPort), "--gateway", gateway.url, "--mock", mock.url],
        });
        printBanner({ version: packageVersion(), gateway, mock, lab });
      } catch (error) {
        await supervisor.stop();
        throw error;
      }
      const name = await supervisor.crashed;
      process.stderr.write(`rampart: ${name} ended unexpectedly; stopping the others\n`);
      await supervisor.stop();
      process.exit(CRASH_EXIT);
    });
}

function processesOption(): Option {
  return new Option("--processes <n|min..max>", "processes that serve the gateway's port, scaled by load")
    .env("RAMPART_PROCESSES")
    .argParser(processRange);
}

function portOption(flags: string, description: string, env: string): Option {
  return new Option(flags, description).env(env).argParser(portNumber);
}

function collectSetting(text: string, settings: Record<string, unknown>): Record<string, unknown> {
  const at = text.indexOf("=");
  if (at <= 0) throw new InvalidArgumentError("expected key=value");
  const value = text.slice(at + 1);
  return {
    ...settings,
    [text.slice(0, at)]: value !== "" && Number.isFinite(Number(value)) ? Number(value) : value,
  };
}
