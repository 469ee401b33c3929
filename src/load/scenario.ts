/**
 * The scenario API, published as `rampart/load`.
 *
 * @example
 * import { between, defineScenario, defineUser, task } from "rampart/load";
 *
 * const caller = defineUser({
 *   name: "Caller",
 *   wait: between(1, 3),
 *   tasks: [
 *     task("health", { weight: 10 }, async (user) => {
 *       const res = await user.http.get("/health");
 *       user.check(res, "is healthy", (r) => r.status === 200);
 *     }),
 *   ],
 * });
 *
 * export default defineScenario({ name: "smoke", users: 10, spawnRate: 2, runTime: "60s", userClasses: [caller] });
 */
export { defineScenario, defineUser, sequence, task, taskSet } from "./model/define.ts";
export type {
  ConstantArrivalRateConfig,
  ConstantUsersConfig,
  ExecutorCommon,
  ExecutorConfig,
  PerUserIterationsConfig,
  RampingArrivalRateConfig,
  RampingUsersConfig,
  SessionsConfig,
  ShapeConfig,
  SharedIterationsConfig,
  Stage,
} from "./model/executor-types.ts";
export { type Feeder, type FeederOrder, feedArray, feedCsv, feedJsonLines } from "./model/feeders.ts";
export type {
  CatchableResponse,
  GoodputBounds,
  HttpClient,
  HttpOptions,
  HttpResponse,
  RequestError,
  RequestOptions,
  SseEvent,
  StreamOptions,
  StreamResponse,
  TimeoutOptions,
  TlsClientOptions,
} from "./model/http-types.ts";
export type {
  Beside,
  Scenario,
  ScenarioOptions,
  SetupContext,
  TeardownContext,
  TeardownSummary,
  ThresholdSpec,
} from "./model/scenario-types.ts";
export type { LoadShape, ShapeContext, ShapeTick } from "./model/shape-types.ts";
export type {
  Metrics,
  Task,
  TaskFunction,
  TaskGroup,
  TaskNode,
  TaskOptions,
  TaskSetOptions,
  User,
  UserClass,
  UserOptions,
  WaitTime,
} from "./model/user-types.ts";
export { between, constant, constantPacing, constantThroughput } from "./model/waits.ts";
export type {
  EchoOptions,
  WebSocketClient,
  WebSocketConnection,
  WebSocketOptions,
} from "./model/websocket-types.ts";
export { type SpikeLoadOptions, spikeLoadShape } from "./shapes/spike-load.ts";
export { type StepLoadOptions, stepLoadShape } from "./shapes/step-load.ts";
