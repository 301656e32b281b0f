"""Who calls: anybody may read the gist; a key opens what its client declared, and writing."""

from datetime import datetime
from typing import Any

from yukuai.accounts.actors import authenticate_client
from yukuai.accounts.policy import ANYBODY, Actor, Permission
from yukuai.api.open311.errors import Refusal, refuse
from yukuai.kernel import clock
from yukuai.kernel.limits import address_of, hit

READS_PER_MINUTE = 300
"""Of one address without a key."""
WRITES_PER_MINUTE = 120
"""Of one key, and of one address."""
WRONG_KEYS = 20
WRONG_KEYS_WITHIN = 600
LONGEST_KEY = 200


def reader(request: Any, api_key: str) -> Actor:
    """The client whose key was shown, or anybody. A wrong key is refused, not overlooked."""
    at = clock.now()
    key = _shown(request, api_key)
    if key:
        return _client(request, key, at)
    address = address_of(request)
    hit(f"open311:read:{address}", limit=READS_PER_MINUTE, per_seconds=60, at=at)
    return ANYBODY


def writer(request: Any, api_key: str) -> Actor:
    at = clock.now()
    address = address_of(request)
    hit(f"open311:write:{address}", limit=WRITES_PER_MINUTE, per_seconds=60, at=at)
    key = _shown(request, api_key)
    if not key:
        raise refuse(403, "没有收到 api_key。密钥找安全管理员领。", "api_key was not provided.")
    actor = _client(request, key, at)
    if not actor.may(Permission.API_WRITE):
        english = "This api_key may only read."
        raise refuse(403, "这个密钥只能读，不能送。要送请找安全管理员换。", english)
    client = actor.details["client_id"]
    hit(f"open311:write:client:{client}", limit=WRITES_PER_MINUTE, per_seconds=60, at=at)
    return actor


def _shown(request: Any, api_key: str) -> str:
    """As the specification says, a parameter; better in the header, where no log keeps it."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token.strip():
        return str(token.strip())[:LONGEST_KEY]
    return (api_key or request.GET.get("api_key", "")).replace("\x00", "").strip()[:LONGEST_KEY]


def _client(request: Any, key: str, at: datetime) -> Actor:
    actor = authenticate_client(key, at=at)
    if actor is None:
        raise _wrong_key(request, at)
    return actor


def _wrong_key(request: Any, at: datetime) -> Refusal:
    """Keys are not found by trying: after some wrong ones the address waits."""
    where = f"open311:wrong:{address_of(request)}"
    hit(where, limit=WRONG_KEYS, per_seconds=WRONG_KEYS_WITHIN, at=at)
    words = "api_key 不对，或者已经停用。请找安全管理员。"
    return refuse(403, words, "api_key is not valid.")
