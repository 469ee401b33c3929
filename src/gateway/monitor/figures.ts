/** What the live monitor tells about itself in the metrics. */
export interface MonitorFigures {
  /** Open monitor connections. */
  readonly connections: number;
  /** Events delivered, counted once for each connection they were written to. */
  readonly eventsSent: number;
  /** Events left out because they came faster than the bound. */
  readonly eventsSkipped: number;
  /** Connections cut because they did not read. */
  readonly slowReadersCut: number;
  /** Connections ended because they answered no ping. */
  readonly connectionsLost: number;
}
