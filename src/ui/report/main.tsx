import { render } from "preact";
import type { ReportModel } from "#contract";
import "../parts/theme.css";
import { applySystemTheme } from "../parts/theme.ts";
import { Report } from "./report.tsx";

applySystemTheme();
const data = document.getElementById("report-data")?.textContent ?? "";
const host = document.getElementById("app");
if (host !== null) {
  if (data.trim() === "")
    host.textContent = "This page is the empty template of a report: it carries no run.";
  else {
    // written by the lab into this very file
    const model = JSON.parse(data) as ReportModel;
    document.title = `${model.scenario} · Rampart load report`;
    render(<Report model={model} />, host);
  }
}
