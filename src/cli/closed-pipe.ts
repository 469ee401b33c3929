/** What happens when whoever reads the output has had enough, as in `rampart audit export | head`. */

/** A server goes on without a reader; a command that only prints ends by the error of its write. */
export function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr])
    stream.on("error", (error) => {
      if (!isClosedPipe(error)) throw error;
    });
}

/** Whether an error says that nobody reads the output any more. */
export function isClosedPipe(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EPIPE";
}
