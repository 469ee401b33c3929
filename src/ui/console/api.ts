import { useEffect, useState } from "preact/hooks";
import type { LabErrorBody } from "#contract";

/** Calls a JSON route of the lab; rejects with the sentence of the lab's error. */
export async function call<T>(path: string, body?: unknown): Promise<T> {
  const response = await fetch(
    path,
    body === undefined
      ? {}
      : { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) },
  );
  const answer: unknown = await response.json().catch(() => null);
  if (!response.ok) throw new Error(messageOf(answer) ?? `the server answered ${response.status}`);
  // the lab and the gateway answer the shapes of the contract
  return answer as T;
}

/** A value that is being fetched. */
export type Loaded<T> =
  | { readonly kind: "loading" }
  | { readonly kind: "failed"; readonly message: string }
  | { readonly kind: "ready"; readonly value: T };

/**
 * Fetches a route when the component appears, and again every `everyMs`.
 * @param everyMs 0 = once
 */
export function useFetched<T>(path: string, everyMs = 0): Loaded<T> {
  const [state, setState] = useState<Loaded<T>>({ kind: "loading" });
  useEffect(() => {
    let isGone = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const load = async (): Promise<void> => {
      const next = await call<T>(path).then(
        (value): Loaded<T> => ({ kind: "ready", value }),
        (error: Error): Loaded<T> => ({ kind: "failed", message: error.message }),
      );
      if (isGone) return;
      setState(next);
      if (everyMs > 0) timer = setTimeout(load, everyMs);
    };
    void load();
    return () => {
      isGone = true;
      clearTimeout(timer);
    };
  }, [path, everyMs]);
  return state;
}

function messageOf(answer: unknown): string | undefined {
  const { error } = (answer ?? {}) as Partial<LabErrorBody>;
  return error === undefined ? undefined : `${error.message} (${error.hint})`;
}
