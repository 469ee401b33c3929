/** Tells the parent something; the shapes stand in messages.ts. */
export function tell(message) {
  process.send?.(message);
}

/** Answers the parent's questions about CPU time; ends when the parent is gone. */
export function answerCpu() {
  process.on("message", (message) => {
    if (message.kind !== "cpu") return;
    const { user, system } = process.cpuUsage();
    tell({ kind: "cpu", cpuUs: user + system, rssBytes: process.memoryUsage.rss() });
  });
  process.on("disconnect", () => process.exit(0));
}
