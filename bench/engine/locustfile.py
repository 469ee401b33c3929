"""Locust FastHttpUser that prints CPU time per request between the end of its ramp and the end of the run."""
import json
import time

from locust import FastHttpUser, constant, events, task


class Caller(FastHttpUser):
    wait_time = constant(0)

    @task
    def get_json(self):
        with self.client.get("/json", catch_response=True) as response:
            if response.status_code != 200:
                response.failure("not 200")


started = {}


@events.spawning_complete.add_listener
def on_spawned(user_count, **_):
    started["cpu"] = time.process_time()
    started["requests"] = environment["it"].stats.total.num_requests


environment = {}


@events.init.add_listener
def on_init(environment: object, **_):
    globals()["environment"]["it"] = environment


@events.test_stop.add_listener
def on_stop(**_):
    requests = environment["it"].stats.total.num_requests - started["requests"]
    cpu = time.process_time() - started["cpu"]
    print("BENCH " + json.dumps({"requests": requests, "cpuUs": cpu * 1e6 / max(1, requests)}), flush=True)
