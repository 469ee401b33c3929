import { ENDPOINTS, type Endpoint } from "./endpoints.ts";
import type { Shape } from "./shape.ts";

/** Way of a text: to the provider, back in one piece, back as a stream. */
export type Direction = "request" | "answer" | "stream";

/** What happens to the strings at a place. */
export type Treatment =
  | "inspected and replaced"
  | "inspected and replaced, JSON leaf by leaf"
  | "identifier; anything else is inspected"
  | "link is inspected; picture data as `images` of the policy says"
  | "link is inspected; file data is not"
  | "picture data: as `images` of the policy says"
  | "bytes, not inspected"
  | "token ids, not inspected"
  | "restored"
  | "restored where the policy restores in tool calls"
  | "left as it is";

/** One place of one route. */
export interface CoverageRow {
  readonly route: string;
  readonly direction: Direction;
  /** Path with `*` for list items and `**` for everything below; in streams after the event's name. */
  readonly field: string;
  readonly treatment: Treatment;
  /** The name under which `x-rampart-guards` tells that a guard did not look. */
  readonly told: string;
}

/** Every place of every guarded route, from the tables that the gateway itself runs by. */
export function coverageRows(endpoints: readonly Endpoint[] = ENDPOINTS): CoverageRow[] {
  return endpoints.flatMap((endpoint) => {
    const route = `${endpoint.method} /${endpoint.provider}${endpoint.path}`;
    const rows: CoverageRow[] = [];
    if (endpoint.request !== undefined) {
      const walk = new ShapeWalk(route, "request");
      walk.shape(endpoint.request, "", "");
      rows.push(...walk.rows);
    }
    const walk = new ShapeWalk(route, "answer");
    walk.shape(endpoint.answer, "", "");
    rows.push(...walk.rows);
    for (const { event, path, channel } of endpoint.stream?.fields ?? [])
      rows.push({
        route,
        direction: "stream",
        field: `${event}: ${path}`,
        treatment: channel === "tool" ? "restored where the policy restores in tool calls" : "restored",
        told: "",
      });
    return rows;
  });
}

/** The matrix as a page. */
export function coverageMarkdown(rows: readonly CoverageRow[] = coverageRows()): string {
  const routes = [...new Set(rows.map(({ route }) => route))];
  const parts = routes.map((route) => {
    const lines = rows
      .filter((row) => row.route === route)
      .map(
        ({ direction, field, treatment, told }) => `| ${direction} | \`${field}\` | ${treatment} | ${told} |`,
      );
    return `## ${route}\n\n| way | field | what happens to text there | told in x-rampart-guards as |\n|---|---|---|---|\n${lines.join("\n")}\n`;
  });
  return `# What is guarded, field by field

Generated from the tables that the gateway runs by. \`*\` is any item of a list, \`**\` everything below. Text in request fields that
are not listed is refused, guarded and named, or passed and named, as \`guard.unknownFields\` says; text in answer fields that are
not listed is restored. Numbers and booleans are no text.

${parts.join("\n")}`;
}

class ShapeWalk {
  readonly rows: CoverageRow[] = [];
  private readonly route: string;
  private readonly direction: Direction;
  /** Shapes on the way here: tables may hold themselves. */
  private readonly way = new Set<Shape>();

  constructor(route: string, direction: Direction) {
    this.route = route;
    this.direction = direction;
  }

  shape(shape: Shape, path: string, told: string): void {
    if (this.way.has(shape)) return;
    this.way.add(shape);
    const name = shape.unread ?? told;
    if (shape.free === true) this.row(`${path}${path === "" ? "" : "."}**`, shape, "text", name);
    else if (shape.string !== undefined) this.row(path, shape, shape.string, name);
    if (shape.tokens === true) this.rows.push(this.make(path, "token ids, not inspected", "tokens"));
    if (shape.tokenTexts !== undefined)
      this.row(join(join(path, "*"), shape.tokenTexts), shape, "text", name);
    for (const [field, below] of Object.entries(shape.fields ?? {}))
      this.shape(below, join(path, field), name);
    for (const [type, below] of Object.entries(shape.byType ?? {}))
      this.shape(below, `${path}(${type})`, name);
    if (shape.array !== undefined) this.shape(shape.array, join(path, "*"), name);
    this.way.delete(shape);
  }

  private row(path: string, shape: Shape, kind: NonNullable<Shape["string"]>, told: string): void {
    this.rows.push(
      this.make(path, this.treatment(shape, kind), kind === "data" || kind === "image" ? told : ""),
    );
  }

  private make(field: string, treatment: Treatment, told: string): CoverageRow {
    return { route: this.route, direction: this.direction, field, treatment, told };
  }

  private treatment(shape: Shape, kind: NonNullable<Shape["string"]>): Treatment {
    if (this.direction !== "request") {
      if (kind === "name" || kind === "data") return "left as it is";
      return shape.tool === true ? "restored where the policy restores in tool calls" : "restored";
    }
    switch (kind) {
      case "text":
        return "inspected and replaced";
      case "json":
        return "inspected and replaced, JSON leaf by leaf";
      case "name":
        return "identifier; anything else is inspected";
      case "image":
        return shape.picture === true
          ? "link is inspected; picture data as `images` of the policy says"
          : "link is inspected; file data is not";
      case "data":
        return shape.picture === true
          ? "picture data: as `images` of the policy says"
          : "bytes, not inspected";
    }
  }
}

function join(path: string, step: string): string {
  if (step === "") return path;
  return path === "" ? step : `${path}.${step}`;
}
