"""Users of the second document's load test: same requests, weights and waits, texts of our own."""
import random
import time

from locust import HttpUser, between, task

TEXTS = [
    "Could you write to john@example.com and say that the draft is ready?",
    "Please call me back, my phone number is 555-123-4567, any time after lunch.",
    "Hello there! My name is Alice Johnson and I would like to change my plan.",
    "Book a follow-up with Dr. Sarah Johnson. Her email is sarah@hospital.com and her phone is 555-0123.",
    "Open an account. Name: John Smith, SSN: 123-45-6789, email: john@example.com.",
    "Please contact Bob Williams by email at bob@company.com or by phone at 555-9876.",
    "Patient: Jane Doe\nDate of birth: 1985-03-15\nSSN: 987-65-4321\nEmail: jane.doe@email.com\nPhone: 555-1234\n"
    "Address: 123 Main St, Boston, MA",
    "Name: Michael Chen\nEmployee ID: EMP-12345\nEmail: m.chen@company.com\nPhone: +1-555-0100\n"
    "Credit Card: 4532-1234-5678-9010",
]
CHAT = "/openai/v1/chat/completions"


class PromptGuardUser(HttpUser):
    wait_time = between(1, 3)
    numbers = iter(range(1, 1_000_000))

    def on_start(self):
        self.headers = {"X-User-ID": f"user_{next(self.numbers)}"}

    def chat(self, name=None):
        body = {
            "model": "gpt-4",
            "temperature": 0.7,
            "messages": [{"role": "user", "content": random.choice(TEXTS)}],
        }
        with self.client.post(
            CHAT, json=body, headers=self.headers, name=name, catch_response=True
        ) as answer:
            if answer.status_code != 200 or not answer.json().get("choices"):
                answer.failure(f"status {answer.status_code}")
            elif body["messages"][0]["content"] not in answer.json()["choices"][0]["message"]["content"]:
                answer.failure("the answer does not hold the text that was sent")

    @task(10)
    def health(self):
        self.client.get("/health")

    @task(5)
    def metrics(self):
        with self.client.get("/metrics", catch_response=True) as answer:
            answer.json()

    @task(30)
    def chat_with_personal_data(self):
        self.chat()

    @task(15)
    def completion(self):
        body = {"model": "gpt-3.5-turbo-instruct", "prompt": random.choice(TEXTS), "max_tokens": 100}
        self.client.post("/openai/v1/completions", json=body, headers=self.headers)

    @task(2)
    def message(self):
        body = {
            "model": "claude-3-opus-20240229",
            "max_tokens": 100,
            "messages": [{"role": "user", "content": random.choice(TEXTS)}],
        }
        with self.client.post(
            "/anthropic/v1/messages", json=body, headers=self.headers, catch_response=True
        ) as answer:
            if answer.status_code not in (200, 404):
                answer.failure(f"status {answer.status_code}")
            else:
                answer.success()

    @task(5)
    def batch(self):
        for _ in range(3):
            self.chat(name=f"{CHAT} (batch)")
            time.sleep(0.1)
