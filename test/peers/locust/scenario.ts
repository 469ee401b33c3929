/** The scenario of the fleet tests: two classes, each worker process marks its requests. */
import { constant, defineScenario, defineUser, type Scenario, task } from "../../../src/load/scenario.ts";

/** The scenario. @param worker put into each request's `x-worker` header and into the names of its requests */
export function fleetScenario(worker: string): Scenario {
  const headers = { "x-worker": worker };
  const reader = defineUser({
    name: "Reader",
    weight: 2,
    wait: constant(0.05),
    tasks: [
      task("read", async (user) => {
        await user.http.get("/read", { headers, name: worker === "" ? "/read" : `/read ${worker}` });
      }),
    ],
  });
  const writer = defineUser({
    name: "Writer",
    wait: constant(0.05),
    tasks: [
      task("write", { weight: 3 }, async (user) => {
        await user.http.post("/write", {
          headers,
          json: { a: 1 },
          name: worker === "" ? "/write" : `/write ${worker}`,
        });
      }),
      task("bad", async (user) => {
        await user.http.get("/bad", { headers, name: worker === "" ? "/bad" : `/bad ${worker}` });
      }),
    ],
  });
  return defineScenario({ name: "fleet", userClasses: [reader, writer], stopTimeoutSec: 3 });
}

/** The same classes for Locust. @param names suffix of the request names */
export function fleetLocustfile(names = ""): string {
  const suffix = names === "" ? "" : ` ${names}`;
  return `
from locust import HttpUser, constant, task
class Reader(HttpUser):
    weight = 2
    wait_time = constant(0.05)
    @task
    def read(self):
        self.client.get("/read", name="/read${suffix}", headers={"x-worker": "${names}"})
class Writer(HttpUser):
    wait_time = constant(0.05)
    @task(3)
    def write(self):
        self.client.post("/write", json={"a": 1}, name="/write${suffix}", headers={"x-worker": "${names}"})
    @task
    def bad(self):
        self.client.get("/bad", name="/bad${suffix}", headers={"x-worker": "${names}"})
`;
}
