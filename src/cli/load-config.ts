/** Locust's configuration files for `rampart load`. */
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Command } from "commander";
import { RampartError } from "#shared";
import { readText } from "./input.ts";

/**
 * Puts values of configuration files where neither a flag nor the environment gave one. Files, later ones win:
 * `~/.locust.conf`, `locust.conf`, `pyproject.toml` section `[tool.locust]`, the one named by `--config`
 * (Locust's order).
 * @throws RMP_CONFIG_NOT_FOUND for a named file, RMP_CONFIG_INVALID naming a key that is no flag or a value that is none
 */
export function withConfigFiles<T extends { readonly config?: string }>(command: Command, options: T): T {
  const files = [join(homedir(), ".locust.conf"), "locust.conf", "pyproject.toml"].filter((path) =>
    existsSync(path),
  );
  if (options.config !== undefined) files.push(options.config);
  for (const file of files)
    for (const [key, value] of Object.entries(parseConfig(readText(file), file.endsWith(".toml"))))
      setOption(command, file, key, value);
  return command.opts<T>();
}

/**
 * Reads `key = value`, `key: value` and bare `key` lines; comments start with # or ;. In TOML only the section
 * `[tool.locust]` counts.
 */
export function parseConfig(text: string, isToml: boolean): Record<string, string> {
  const values: Record<string, string> = {};
  let isOurs = !isToml;
  for (const line of text.split(/\r?\n/)) {
    const section = /^\s*\[([^\]]*)\]\s*$/.exec(line);
    if (section !== null) {
      isOurs = isToml ? section[1] === "tool.locust" : true;
      continue;
    }
    const entry = /^\s*([\w-]+)\s*(?:[=:]\s*(.*?))?\s*$/.exec(line.replace(/\s[#;].*$/, ""));
    if (!isOurs || entry === null || /^\s*[#;]/.test(line)) continue;
    const [, key = "", value = "true"] = entry;
    values[key.replaceAll("_", "-")] = value.replace(/^(["'])(.*)\1$/, "$2");
  }
  return values;
}

function setOption(command: Command, file: string, key: string, value: string): void {
  const option = command.options.find(({ long }) => long === `--${key}`);
  if (option === undefined)
    throw new RampartError("RMP_CONFIG_INVALID", `${file}: ${key} is no flag of rampart load`, {
      field: key,
    });
  const name = option.attributeName();
  const source = command.getOptionValueSource(name);
  if (source === "cli" || source === "env") return;
  if (!option.required && !option.optional) {
    command.setOptionValueWithSource(name, /^(?:true|yes|on|1)$/i.test(value), "config");
    return;
  }
  const items = option.variadic
    ? value
        .replace(/^\[|\]$/g, "")
        .split(/[\s,]+/)
        .filter((item) => item !== "")
    : value;
  try {
    const parsed = option.parseArg === undefined ? items : option.parseArg(value, option.defaultValue);
    command.setOptionValueWithSource(name, parsed, "config");
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : "not understood";
    throw new RampartError("RMP_CONFIG_INVALID", `${file}: ${key}: ${reason}`, { cause, field: key });
  }
}
