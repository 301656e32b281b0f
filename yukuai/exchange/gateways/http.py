"""One adapter for every system that speaks JSON or XML over HTTP; what differs is its protocol."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

from yukuai.exchange.gateways import shapes, signing, wire
from yukuai.exchange.gateways.port import (
    Call,
    Channel,
    Forged,
    Heard,
    Outgoing,
    Page,
    Rejected,
    Said,
    Taken,
    Unreachable,
    Wanted,
)
from yukuai.exchange.gateways.protocol import read_time
from yukuai.kernel import clock

AGAIN = {408, 425, 429}
"""Refusals that pass by themselves (RFC 9110)."""


@dataclass(frozen=True)
class HttpPort:
    channel: Channel

    def push(self, outgoing: Outgoing) -> Taken:
        spec = self._spec("create" if outgoing.opens else "update")
        values = {**outgoing.fields, "key": outgoing.key, "external_id": outgoing.external_id}
        fields = {path: values.get(name, "") for path, name in spec["fields"].items()}
        body = shapes.write(self._format, spec.get("constant", {}) | fields)
        answer = self._call(
            spec.get("method", "POST"),
            self._path(spec, outgoing.external_id),
            body=body,
            extra={"Idempotency-Key": outgoing.key},
        )
        taken = self.channel.protocol.get("taken", {})
        external_id = shapes.text(answer, taken.get("external_id", "")) or outgoing.external_id
        if not external_id:
            raise Unreachable("对方收了，但没有说编号，不知道收下没有。")
        return Taken(external_id, shapes.text(answer, taken.get("number", "")))

    def pull(self, wanted: Wanted) -> Page:
        if wanted.external_id:
            return self._pull_one(wanted.external_id)
        spec = self._spec("changes")
        asked = {spec.get("cursor", "cursor"): wanted.cursor} if wanted.cursor else {}
        if wanted.day is not None:
            asked[spec.get("day", "day")] = wanted.day.isoformat()
        answer = self._call("GET", self._path(spec, ""), query=urlencode(asked))
        rows = shapes.listed(answer, spec.get("items", "items"))
        cursor = shapes.text(answer, spec.get("next", "next"))
        items = tuple(said for row in rows for said in self._story(row))
        return Page(
            items, cursor or wanted.cursor, _is_yes(shapes.text(answer, spec.get("more", "")))
        )

    def _pull_one(self, external_id: str) -> Page:
        spec = self._spec("one")
        answer = self._call("GET", self._path(spec, external_id))
        rows = shapes.listed(answer, spec.get("items", ""))
        return Page(tuple(said for row in rows for said in self._story(row)), "", False)

    def callback(self, call: Call, *, at: datetime) -> Heard:
        headers = {name.lower(): value for name, value in call.headers.items()}
        nonce = headers.get(signing.ONCE.lower(), "")
        signing.verify(
            self._algorithm,
            self.channel.secrets,
            stamp=headers.get(signing.WHEN.lower(), ""),
            nonce=nonce,
            signature=headers.get(signing.SIGNATURE.lower(), ""),
            body=call.body,
            window=self.channel.replay_seconds,
            at=at,
        )
        try:
            tree = shapes.read(self._format, call.body)
            rows = shapes.listed(tree, self.channel.protocol.get("callback", {}).get("items", ""))
            return Heard(nonce, tuple(said for row in rows for said in self._story(row)))
        except Unreachable as error:
            raise Forged(f"内容读不懂：{error.message}") from error

    def _story(self, row: Any) -> list[Said]:
        """One matter as it stands, or, where they tell it, each state it went through."""
        path = self.channel.protocol.get("story", "")
        steps = shapes.listed(row, path) if path else []
        return [self._said(step, row) for step in steps] or [self._said(row, row)]

    def _said(self, row: Any, matter: Any) -> Said:
        """Fields of the step; what it does not say, the matter does."""
        paths: Mapping[str, str] = self.channel.protocol["fields"]
        steps: Mapping[str, str] = self.channel.protocol.get("steps", {})

        def value(name: str) -> str:
            own = shapes.text(row, steps[name]) if name in steps and row is not matter else ""
            if own or (row is not matter and name in ("sequence", "words", "days")):
                return own
            return shapes.text(matter, paths.get(name, ""))

        moment = self._moment(value("at"))
        numbered = "sequence" in paths
        return Said(
            external_id=self._needed(value("external_id"))[:80],
            sequence=_number(value("sequence"))
            if numbered
            else int(moment.timestamp() * 1_000_000),
            state=self._needed(value("state"))[:60],
            at=moment,
            numbered=numbered,
            number=value("number")[:80],
            words=value("words")[:2000],
            days=int(value("days")) if value("days").isdigit() and len(value("days")) < 4 else None,
            **{name: value(name) for name in _MATTER},
        )

    def _moment(self, text: str) -> datetime:
        try:
            return read_time(text, self.channel.protocol.get("time", ""))
        except (ValueError, OverflowError):
            raise Unreachable(f"对方的时间读不懂：{text[:40]}。") from None

    @staticmethod
    def _needed(text: str) -> str:
        if not text:
            raise Unreachable("对方的回应里缺编号或状态。")
        return text

    @property
    def _format(self) -> str:
        return str(self.channel.protocol["format"])

    @property
    def _algorithm(self) -> str:
        return str(self.channel.protocol["signature"])

    def _spec(self, name: str) -> Mapping[str, Any]:
        spec: Mapping[str, Any] = self.channel.protocol["calls"][name]
        return spec

    @staticmethod
    def _path(spec: Mapping[str, Any], external_id: str) -> str:
        return str(spec["path"]).replace("{external_id}", quote(external_id, safe=""))

    def _call(
        self,
        method: str,
        path: str,
        *,
        query: str = "",
        body: bytes = b"",
        extra: Mapping[str, str] | None = None,
    ) -> Any:
        secret = self.channel.secrets[0] if self.channel.secrets else ""
        signed = signing.sign(self._algorithm, secret, body or query.encode(), at=clock.now())
        kind = shapes.FORMATS[self._format]
        answer = wire.call(
            method,
            f"{self.channel.base_url.rstrip('/')}{path}{'?' if query else ''}{query}",
            headers={"Content-Type": kind, "Accept": kind, **signed, **(extra or {})},
            body=body,
            connect_seconds=self.channel.connect_seconds,
            read_seconds=self.channel.read_seconds,
        )
        return self._judged(answer)

    def _judged(self, answer: wire.Answer) -> Any:
        if answer.status >= 500 or answer.status in AGAIN or 300 <= answer.status < 400:
            raise Unreachable(f"对方回应 {answer.status}，现在办不了。")
        told = self.channel.protocol.get("verdict", {})
        if answer.status >= 400:
            raise Rejected(f"对方不收（{answer.status}）：{self._why(answer, told)}")
        tree = shapes.read(self._format, answer.body)
        if "path" in told and shapes.text(tree, told["path"]) not in told["good"]:
            raise Rejected(
                f"对方不收：{shapes.text(tree, told.get('words', ''))[:200] or '没有说原因'}"
            )
        return tree

    def _why(self, answer: wire.Answer, told: Mapping[str, Any]) -> str:
        try:
            tree = shapes.read(self._format, answer.body)
        except Unreachable:
            return "没有说原因"
        return shapes.text(tree, told.get("words", ""))[:200] or "没有说原因"


_MATTER = ("our_number", "body", "division_code", "category_code", "place_text", "name", "phone")


def _is_yes(text: str) -> bool:
    return text.lower() in ("true", "1", "yes")


def _number(text: str) -> int:
    if not (text.isdigit() and text.isascii() and 0 < len(text) < 19):
        raise Unreachable(f"对方的序号读不懂：{text[:40] or '没有写'}。")
    return int(text)
