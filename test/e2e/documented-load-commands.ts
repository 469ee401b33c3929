/**
 * Every load command that the documents of the two seeds give, as they stand there. Their locustfiles are this package's
 * scenarios, and `rampart load` takes the place of `locust`.
 */
export const DOCUMENTED_LOAD_COMMANDS: readonly string[] = [
  "locust -f tests/load/locustfile.py --host=http://localhost:8000",
  "locust -f tests/load/locustfile.py --host=http://localhost:8000 --users 10 --spawn-rate 2 --run-time 60s --headless --html reports/light-load.html",
  "locust -f tests/load/locustfile.py --host=http://localhost:8000 --users 50 --spawn-rate 5 --run-time 300s --headless --html reports/medium-load.html",
  "locust -f tests/load/locustfile.py --host=http://localhost:8000 --users 100 --spawn-rate 10 --run-time 600s --headless --html reports/heavy-load.html",
  "locust -f tests/load/locustfile.py --host=http://localhost:8000 --shape=StepLoadShape --headless --html reports/step-load.html",
  "locust -f tests/load/locustfile.py --host=http://localhost:8000 --shape=SpikeLoadShape --headless --html reports/spike-load.html",
  "locust -f tests/load/locustfile.py --headless --users 100 --spawn-rate 10 --run-time 2m --host=https://agentguard-api.onrender.com",
  "locust -f tests/load/locustfile.py --headless --users 1000 --spawn-rate 100 --run-time 5m --host=https://agentguard-api.onrender.com",
  "locust -f tests/load/locustfile.py --host=https://agentguard-api.onrender.com",
  "locust -f tests/load/locustfile.py --headless --users 100 --spawn-rate 10 --run-time 1m --host=https://staging-api.mothership-ai.com --csv=performance_results",
];

/** The pair that spreads the load over machines; one runs on the master's, one on each worker's. */
export const DOCUMENTED_FLEET_COMMANDS = {
  master: "locust -f tests/load/locustfile.py --host=http://localhost:8000 --master",
  worker:
    "locust -f tests/load/locustfile.py --host=http://localhost:8000 --worker --master-host=<master-ip>",
} as const;
