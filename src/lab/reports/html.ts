import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import {
  REPORT_DATA_ELEMENT_ID,
  REPORT_RESULT_ELEMENT_ID,
  type ReportModel,
  type RunResult,
} from "#contract";
import { RampartError } from "#shared";
import { packResult } from "../results/file.ts";
import { checkRunResult } from "../results/validate.ts";
import { escapeHtml } from "./format.ts";
import { plainReport } from "./plain-html.ts";

const gunzipAsync = promisify(gunzip);
const MAX_UNPACKED_BYTES = 512 * 1024 * 1024;
const DATA_ELEMENT = new RegExp(`(<script\\b[^>]*\\bid="?${REPORT_DATA_ELEMENT_ID}"?[^>]*>)\\s*(</script>)`);
const RESULT_ELEMENT = new RegExp(
  `<script\\b[^>]*\\bid="?${REPORT_RESULT_ELEMENT_ID}"?[^>]*>([^<]*)</script>`,
);

/** Where the built pages lie: `dist/ui`, seen from `src/lab/reports` and from `dist/lab/reports` alike. */
export const UI_DIRECTORY = join(import.meta.dirname, "../../../dist/ui");

/**
 * The report as one HTML file that works offline: the built page with the model and the packed results file inside, or
 * a plain page with the same figures in tables where no page was built.
 * @param uiDirectory folder with `report.html`
 */
export async function renderHtml(
  model: ReportModel,
  result: RunResult,
  uiDirectory = UI_DIRECTORY,
): Promise<string> {
  const packed = (await packResult(result)).toString("base64");
  const resultElement = `<script id="${REPORT_RESULT_ELEMENT_ID}" type="text/plain">${packed}</script>`;
  const template = await readFile(join(uiDirectory, "report.html"), "utf8").catch(() => null);
  if (template === null) return plainReport(model, resultElement);
  const title = `<title>${escapeHtml(`${model.scenario}: ${model.verdict?.outcome ?? "not judged"}`)}</title>`;
  const json = jsonForHtml(model);
  let isFilled = false;
  const page = template
    .replace(/<title>[^<]*<\/title>/, () => title)
    .replace(RESULT_ELEMENT, "")
    .replace(DATA_ELEMENT, (_match, open: string, close: string) => {
      isFilled = true;
      return `${open}${json}${close}${resultElement}`;
    });
  return isFilled ? page : plainReport(model, resultElement);
}

/**
 * The results file inside a report of ours.
 * @param path for messages
 * @throws RMP_LAB_RESULT_INVALID when there is none or it is damaged
 */
export async function resultOfHtml(html: string, path: string): Promise<RunResult> {
  const packed = RESULT_ELEMENT.exec(html)?.[1];
  if (packed === undefined)
    throw new RampartError(
      "RMP_LAB_RESULT_INVALID",
      `${path}: holds no results; only reports written by rampart can be judged`,
    );
  let value: unknown;
  try {
    const plain = await gunzipAsync(Buffer.from(packed, "base64"), { maxOutputLength: MAX_UNPACKED_BYTES });
    value = JSON.parse(plain.toString("utf8"));
  } catch (cause) {
    throw new RampartError("RMP_LAB_RESULT_INVALID", `${path}: the results inside are damaged`, { cause });
  }
  return checkRunResult(value, path);
}

/** JSON that can stand inside a script element: no `<`, and none of the two line ends that old JavaScript refuses. */
export function jsonForHtml(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll("<", "\\u003c")
    .replaceAll("\u2028", "\\u2028")
    .replaceAll("\u2029", "\\u2029");
}
