"""An outside system in memory, for tests: the same contract as the real ones
(tests/db/exchange/test_port_contract.py). Its memory is the class's, because each job makes a
port of its own."""

import json
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import ClassVar

from yukuai.exchange.gateways import signing
from yukuai.exchange.gateways.port import (
    Call,
    Channel,
    Heard,
    Outgoing,
    Page,
    Rejected,
    Said,
    Taken,
    Unreachable,
    Wanted,
)


@dataclass
class World:
    """What the outside knows. `fault` is raised by the next `failing` calls."""

    stories: dict[str, list[Said]] = field(default_factory=dict)
    order: list[Said] = field(default_factory=list)
    received: dict[str, Taken] = field(default_factory=dict)
    pushed: list[Outgoing] = field(default_factory=list)
    failing: int = 0
    refusing: str = ""


@dataclass(frozen=True)
class FakePort:
    channel: Channel
    worlds: ClassVar[dict[str, World]] = {}

    @classmethod
    def reset(cls) -> None:
        cls.worlds.clear()

    @property
    def world(self) -> World:
        return self.worlds.setdefault(self.channel.code, World())

    def push(self, outgoing: Outgoing) -> Taken:
        self._fail()
        if self.world.refusing:
            raise Rejected(self.world.refusing)
        if known := self.world.received.get(outgoing.key):
            return known
        external_id = outgoing.external_id or f"F{len(self.world.received) + 1}"
        taken = Taken(external_id, f"伪{external_id}")
        self.world.received[outgoing.key] = taken
        self.world.pushed.append(replace(outgoing, external_id=external_id))
        return taken

    def pull(self, wanted: Wanted) -> Page:
        self._fail()
        if wanted.external_id:
            return Page(tuple(self.world.stories.get(wanted.external_id, ())), "", False)
        if wanted.day is not None:
            last = {said.external_id: said for said in self.world.order}
            return Page(tuple(last.values()), wanted.cursor, False)
        start = int(wanted.cursor or 0)
        items = self.world.order[start : start + 2]
        cursor = str(start + len(items))
        return Page(tuple(items), cursor, len(self.world.order) > start + len(items))

    def say(self, said: Said) -> None:
        """Something happens with them."""
        self.world.stories.setdefault(said.external_id, []).append(said)
        self.world.order.append(said)

    def signed(self, *items: Said, at: datetime) -> Call:
        """As they would call us."""
        values = [asdict(item) | {"at": item.at.isoformat()} for item in items]
        body = json.dumps(values, ensure_ascii=False).encode()
        return Call(signing.sign("hmac-sm3", self.channel.secrets[0], body, at=at), body)

    def callback(self, call: Call, *, at: datetime) -> Heard:
        signing.verify(
            "hmac-sm3",
            self.channel.secrets,
            stamp=call.headers.get(signing.WHEN, ""),
            nonce=call.headers.get(signing.ONCE, ""),
            signature=call.headers.get(signing.SIGNATURE, ""),
            body=call.body,
            window=self.channel.replay_seconds,
            at=at,
        )
        rows = json.loads(call.body)
        items = [Said(**row | {"at": datetime.fromisoformat(row["at"])}) for row in rows]
        return Heard(call.headers[signing.ONCE], tuple(items))

    def _fail(self) -> None:
        if self.world.failing:
            self.world.failing -= 1
            raise Unreachable("伪系统没有回应。")
