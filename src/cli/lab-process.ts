import { createLabServer } from "#lab";

/** Where the lab serves and what it looks at. */
export interface LabProcessOptions {
  readonly port: number;
  readonly gateway: string;
  readonly mock: string;
}

/** Starts the lab's web server over `results/` and `reports/` of the working folder. */
export async function serveLab(
  options: LabProcessOptions,
): Promise<{ url: string; close: () => Promise<void> }> {
  const lab = createLabServer({
    resultsDirectory: "results",
    reportsDirectory: "reports",
    gatewayUrl: options.gateway,
    settings: { mock: options.mock },
  });
  const { url } = await lab.listen({ port: options.port });
  return { url, close: () => lab.close() };
}
