/** `new`: nothing was sent before; `repeated`: all was; `revalued`: all but the personal values was. */
export type Texts = "new" | "repeated" | "revalued";

/** What the parent asks a process of the benchmark, and what it answers. */
export type ToChild =
  | { readonly kind: "cpu" }
  | {
      readonly kind: "load";
      readonly port: number;
      readonly connections: number;
      readonly requests: number;
      readonly texts: Texts;
      /** Header lines that the server under measurement wants, each ended by CR LF. */
      readonly headers: string;
    };

/** Answers of a process of the benchmark. */
export type FromChild =
  | { readonly kind: "listening"; readonly port: number }
  /** CPU time so far, user and system, µs, and resident memory, bytes. */
  | { readonly kind: "cpu"; readonly cpuUs: number; readonly rssBytes: number }
  | {
      readonly kind: "done";
      readonly requests: number;
      readonly wrong: number;
      readonly latencyUs: number[];
    };
