import type { MetricsSource } from "./family.ts";

/** CPU time that this process has used since its start, user and system. */
export const processCpu: MetricsSource = {
  families() {
    const { user, system } = process.cpuUsage();
    return [
      {
        name: "rampart_process_cpu_seconds_total",
        type: "counter",
        help: "CPU time of the gateway's serving processes, user and system.",
        samples: [{ value: (user + system) / 1e6 }],
      },
    ];
  },
};
