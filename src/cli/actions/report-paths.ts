import type { ReportPaths } from "#lab";

/** The report paths among a command's flags, without those that were not given. */
export function reportPaths({ csv, html, json, junit, markdown }: ReportPaths): ReportPaths {
  return {
    ...(csv === undefined ? {} : { csv }),
    ...(html === undefined ? {} : { html }),
    ...(json === undefined ? {} : { json }),
    ...(junit === undefined ? {} : { junit }),
    ...(markdown === undefined ? {} : { markdown }),
  };
}
