"""Somebody who is told of events: agrees or not, checks the signature, breaks when told to."""

import hashlib
import hmac
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Receiver:
    """`faults`: what the next deliveries meet: 500, 410, cut (taken, but the answer breaks),
    timeout, lose (taken, answered with 500)."""

    def __init__(self) -> None:
        self.allows = "*"
        self.rate = ""
        self.secret = ""
        self.faults: list[str] = []
        self.events: list[dict[str, Any]] = []
        self.asked: list[str] = []
        self.forged = 0
        self.released = threading.Event()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_args: object) -> None:
                pass

            def do_OPTIONS(self) -> None:
                receiver.asked.append(self.headers["WebHook-Request-Origin"])
                self.send_response(200)
                if receiver.allows:
                    self.send_header("WebHook-Allowed-Origin", receiver.allows)
                if receiver.rate:
                    self.send_header("WebHook-Allowed-Rate", receiver.rate)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def do_POST(self) -> None:
                receiver.take(self)

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}/hooks"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def stop(self) -> None:
        self.released.set()
        self.server.shutdown()
        self.server.server_close()

    def take(self, request: Any) -> None:
        body = request.rfile.read(int(request.headers["Content-Length"]))
        fault = self.faults.pop(0) if self.faults else ""
        if fault == "timeout":
            self.released.wait(20)
            return None
        if not self.is_genuine(request.headers["Webhook-Signature"], body):
            self.forged += 1
            return self._answer(request, 401)
        if fault in ("", "cut", "lose"):
            assert request.headers["Content-Type"].startswith("application/cloudevents+json")
            self.events.append(json.loads(body))
        if fault == "cut":
            return request.connection.close()
        self._answer(request, {"500": 500, "410": 410, "lose": 500}.get(fault, 202))
        return None

    def is_genuine(self, header: str, body: bytes) -> bool:
        parts = [part.split("=", 1) for part in header.split(",")]
        [stamp] = [value for name, value in parts if name == "t"]
        right = hmac.new(
            self.secret.encode(), stamp.encode() + b"." + body, hashlib.sha256
        ).hexdigest()
        return any(hmac.compare_digest(right, value) for name, value in parts if name == "v1")

    @staticmethod
    def _answer(request: Any, status: int) -> None:
        request.send_response(status)
        request.send_header("Content-Length", "0")
        request.end_headers()
