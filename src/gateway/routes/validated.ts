import type { Static, TSchema } from "typebox";
import { Compile } from "typebox/compile";
import { RampartError } from "#shared";

/**
 * Makes a validator of request bodies from their schema; compiled on first use.
 * The returned function throws RMP_REQ_INVALID naming the first wrong field, never its value.
 */
export function validatorOf<T extends TSchema>(schema: T): (body: unknown) => Static<T> {
  let compiled: ReturnType<typeof Compile> | undefined;
  return (body) => {
    compiled ??= Compile(schema);
    // The check that follows is what makes it one.
    if (compiled.Check(body)) return body as Static<T>;
    const [first] = compiled.Errors(body);
    const field = first === undefined ? "" : first.instancePath.slice(1).replaceAll("/", ".");
    throw new RampartError(
      "RMP_REQ_INVALID",
      `${field === "" ? "body" : field}: ${first?.message ?? "is invalid"}`,
      {
        field,
      },
    );
  };
}
