import { createLabServer } from "#lab";
import { drainOnSignal } from "../signals.ts";
import { reportReady } from "../supervisor.ts";

/** Flags of `rampart lab`. */
export interface LabOptions {
  readonly port: number;
  readonly gateway: string;
  readonly mock: string;
}

/** Serves the lab over `results/` and `reports/` of the working folder. @returns the line that says where */
export async function serveLab(options: LabOptions): Promise<string> {
  const lab = createLabServer({
    resultsDirectory: "results",
    reportsDirectory: "reports",
    gatewayUrl: options.gateway,
    settings: { mock: options.mock },
  });
  const { url } = await lab.listen({ port: options.port });
  drainOnSignal(() => lab.close());
  reportReady(url, {});
  return `lab on ${url}`;
}
