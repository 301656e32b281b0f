"""The two calls of a webhook: may we come (CloudEvents HTTP 1.1 Web Hooks §4), and here it is."""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings

from yukuai.exchange.cloudevents import CONTENT_TYPE
from yukuai.exchange.gateways import wire
from yukuai.exchange.gateways.port import Unreachable

CONNECT, READ = 5, 10
SIGNATURE = "Webhook-Signature"
ASKED_PER_MINUTE = 120
GONE = 410


@dataclass(frozen=True)
class Allowed:
    """They agree; `per_minute` is None where they name no limit."""

    per_minute: int | None


def origin() -> str:
    """Who asks: the host of this installation."""
    return str(urlsplit(settings.PUBLIC_BASE_URL).hostname)


def signature(secrets: Iterable[str], body: bytes, *, at: datetime) -> str:
    """`t=<seconds>,v1=<HMAC-SHA256 of "seconds.body">`, one v1 a secret while they change."""
    stamp = str(int(at.timestamp()))
    message = stamp.encode() + b"." + body
    macs = [hmac.new(one.encode(), message, hashlib.sha256).hexdigest() for one in secrets]
    return ",".join([f"t={stamp}", *(f"v1={mac}" for mac in macs)])


def shake_hands(address: str) -> Allowed:
    """Raises Unreachable, also where they do not agree."""
    answer = wire.call(
        "OPTIONS",
        address,
        headers={
            "WebHook-Request-Origin": origin(),
            "WebHook-Request-Rate": str(ASKED_PER_MINUTE),
        },
        connect_seconds=CONNECT,
        read_seconds=READ,
    )
    said = {name.lower(): value.strip() for name, value in answer.headers.items()}
    agreed = said.get("webhook-allowed-origin", "")
    if answer.status >= 300 or agreed not in ("*", origin()):
        raise Unreachable(
            f"对方没有同意接收：回应 {answer.status}，WebHook-Allowed-Origin 要写 {origin()} 或 *。"
        )
    rate = said.get("webhook-allowed-rate", "")
    return Allowed(int(rate) if rate.isdigit() and 0 < len(rate) < 7 and int(rate) else None)


def tell(address: str, body: bytes, secrets: Iterable[str], *, at: datetime) -> wire.Answer:
    """One event. Raises Unreachable; otherwise whatever they answer."""
    return wire.call(
        "POST",
        address,
        headers={"Content-Type": CONTENT_TYPE, SIGNATURE: signature(secrets, body, at=at)},
        body=body,
        connect_seconds=CONNECT,
        read_seconds=READ,
    )
