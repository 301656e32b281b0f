"""A case system of somebody else: it keeps matters, answers over HTTP, and breaks when told to.

Written without a line of the product: signatures, shapes and order are its own.
"""

import hashlib
import hmac
import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

PAGE = 2


@dataclass
class Step:
    state: str
    seq: int
    at: datetime
    words: str = ""
    days: int | None = None


@dataclass
class Matter:
    id: str
    number: str
    our_number: str = ""
    title: str = ""
    body: str = ""
    place: str = ""
    division: str = ""
    name: str = ""
    phone: str = ""
    steps: list[Step] = field(default_factory=list)


def mac(algorithm: str, secret: str, stamp: str, nonce: str, body: bytes) -> str:
    """With the interpreter's own HMAC, not with the product's."""
    name = {"hmac-sm3": "sm3", "hmac-sha256": "sha256"}[algorithm]
    message = stamp.encode() + b"\n" + nonce.encode() + b"\n" + body
    return hmac.new(secret.encode(), message, lambda data=b"": hashlib.new(name, data)).hexdigest()


class StandIn:
    """`faults`: what the next calls meet, one each: 500, slow, timeout, cut, cut-before, refuse."""

    def __init__(self, shape: Any, *, start: datetime) -> None:
        self.shape, self.start = shape, start
        self.secret = ""
        self.faults: list[str] = []
        self.matters: dict[str, Matter] = {}
        self.order: list[str] = []
        self.by_key: dict[str, str] = {}
        self.heard: list[dict[str, str]] = []
        self.forged: list[str] = []
        self.calls = 0
        self.released = threading.Event()
        self.lock = threading.Lock()
        stand_in = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_args: object) -> None:
                pass

            def handle_any(self) -> None:
                stand_in.answer(self)

            do_GET = do_POST = do_PUT = handle_any

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def stop(self) -> None:
        self.released.set()
        self.server.shutdown()
        self.server.server_close()

    # What happens there

    def open(self, **said: str) -> Matter:
        """Somebody brings them a matter."""
        made = Matter(f"{self.shape.letter}{len(self.matters) + 1}", "", **said)
        made.number = f"{self.shape.letter}-2026-{len(self.matters) + 1:04d}"
        self.matters[made.id] = made
        self.move(made.id, self.shape.first)
        return made

    def move(self, id: str, state: str, words: str = "", days: int | None = None) -> Step:
        matter = self.matters[id]
        last = len(self.order) + 1
        step = Step(state, len(matter.steps) + 1, self.start + timedelta(minutes=last), words, days)
        matter.steps.append(step)
        self.order.append(id)
        return step

    # What they send us

    def call(self, id: str, *steps: Step, stamp: int, nonce: str, secret: str = "") -> Any:
        """Headers and body of a callback that tells these steps of a matter."""
        body = self.shape.call(self.matters[id], steps)
        signed = mac(self.shape.algorithm, secret or self.secret, str(stamp), nonce, body)
        headers = {"X-Timestamp": str(stamp), "X-Nonce": nonce, "X-Signature": signed}
        return headers, body

    # What they answer

    def answer(self, request: Any) -> None:
        size = int(request.headers.get("Content-Length") or 0)
        body = request.rfile.read(size)
        parts = urlsplit(request.path)
        with self.lock:
            self.calls += 1
            fault = self.faults.pop(0) if self.faults else ""
        if fault == "timeout":
            self.released.wait(20)
            return None
        if fault == "slow":
            self.released.wait(0.3)
        if fault == "500":
            return self._send(request, 500, b"<html>Bad Gateway</html>")
        if fault == "refuse":
            return self._send(request, *self.shape.refuse("事项不归我们受理"))
        if fault == "cut-before":
            return request.connection.close()
        if not self._is_genuine(request, body or parts.query.encode()):
            self.forged.append(request.path)
            return self._send(request, 401, b"{}")
        with self.lock:
            status, content = self._route(request.command, parts, body, request.headers)
        self._send(request, status, content, cut=fault == "cut")
        return None

    def _is_genuine(self, request: Any, body: bytes) -> bool:
        stamp, nonce = request.headers["X-Timestamp"], request.headers["X-Nonce"]
        right = mac(self.shape.algorithm, self.secret, stamp, nonce, body)
        return hmac.compare_digest(right, request.headers["X-Signature"])

    def _route(self, method: str, parts: Any, body: bytes, headers: Any) -> tuple[int, bytes]:
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        kind, id = self.shape.route(method, parts.path)
        if kind == "create":
            return 200, self._create(body, headers["Idempotency-Key"])
        if kind == "changes":
            return 200, self._changes(query)
        if id not in self.matters:
            return 404, b"{}"
        if kind == "update":
            return 200, self._update(id, body, headers["Idempotency-Key"])
        return 200, self.shape.one(self.matters[id])

    def _create(self, body: bytes, key: str) -> bytes:
        if key not in self.by_key:
            made = self.open(**self.shape.read_create(body))
            self.by_key[key] = made.id
        return self.shape.taken(self.matters[self.by_key[key]])

    def _update(self, id: str, body: bytes, key: str) -> bytes:
        if key not in self.by_key:
            self.by_key[key] = id
            self.heard.append({"id": id, **self.shape.read_update(body)})
        return self.shape.taken(self.matters[id])

    def _changes(self, query: dict[str, str]) -> bytes:
        ids = list(dict.fromkeys(self.order))
        if self.shape.day in query:
            return self.shape.page([self.matters[id] for id in ids], "", False)
        start = int(query.get(self.shape.cursor, 0))
        moved = list(dict.fromkeys(self.order[start : start + PAGE]))
        end = min(start + PAGE, len(self.order))
        more = end < len(self.order)
        return self.shape.page([self.matters[id] for id in moved], str(end), more)

    def _send(self, request: Any, status: int, content: bytes, *, cut: bool = False) -> None:
        request.send_response(status)
        request.send_header("Content-Length", str(len(content)))
        request.send_header("Connection", "close")
        request.end_headers()
        request.wfile.write(content[: len(content) // 2] if cut else content)
        request.close_connection = True
