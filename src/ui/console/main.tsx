import { render } from "preact";
import "../parts/theme.css";
import { applySystemTheme } from "../parts/theme.ts";
import { App } from "./app.tsx";

applySystemTheme();
const host = document.getElementById("app");
if (host !== null) render(<App />, host);
