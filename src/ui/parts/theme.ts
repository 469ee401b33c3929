/** Shows the page in the reader's system theme until he chooses otherwise. */
export function applySystemTheme(): void {
  setTheme(matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
}

/** Switches between light and dark; charts redraw in the new colours. */
export function toggleTheme(): void {
  setTheme(document.documentElement.dataset["theme"] === "dark" ? "light" : "dark");
}

/** Name of the event on `window` after the theme changed. */
export const THEME_EVENT = "rampart-theme";

function setTheme(theme: "light" | "dark"): void {
  document.documentElement.dataset["theme"] = theme;
  window.dispatchEvent(new Event(THEME_EVENT));
}
