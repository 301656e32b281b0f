"""POST requests: what was sent becomes a matter, once, and the answer is its number."""

import json
import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from uuid import UUID

from django.http import QueryDict

from yukuai.accounts.policy import Actor
from yukuai.api.open311.errors import Fault, Refusal, refuse
from yukuai.api.open311.forms import SentIn
from yukuai.api.open311.places import LONGEST_PLACE, Where, read_where
from yukuai.api.open311.services import find_service
from yukuai.cases.actions import register_case
from yukuai.cases.actions.intake import AlreadyReceived, Told
from yukuai.cases.gists import find_number
from yukuai.cases.public import preview_terms, was_received_as
from yukuai.cases.questions import check_answers, write_answers
from yukuai.kernel import wording
from yukuai.kernel.crypto import keyed_hash
from yukuai.kernel.scope import scope

if TYPE_CHECKING:
    from yukuai.cases.models import Category

WINDOW = 600
"""Seconds within which the same words of the same person are the same report."""
DESCRIPTION = 4000
LONGEST_URL = 500
KEY_LENGTHS = range(8, 121)
_ATTRIBUTE = re.compile(r"attribute\[([^\[\]]{1,40})\](?:\[\])?")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_EMAIL = re.compile(r"[^@\s<>]{1,64}@[^@\s<>]{1,180}\.[^@\s<>.]{2,24}")
_HAN = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True)
class Sent:
    """One POST: its form, the fields beside it, its pictures, the client's own key for it."""

    form: SentIn
    fields: QueryDict
    photos: tuple[Any, ...]
    key: str


@dataclass(frozen=True)
class Received:
    """The number of the matter, and the token by which it can be asked for."""

    number: str
    token: str
    notice: str


def receive(actor: Actor, sent: Sent, *, at: datetime) -> Received:
    """Raises Refusal, or the error of the action that would not take it."""
    with scope(actor.areas, actor.holders):
        told, where = _read(actor, sent, at)
        notice = _notice(actor, where, at)
        if known := _known(actor, told, sent, at):
            return Received(known[0], known[1].hex, notice)
    try:
        number = register_case(actor, told=told, source="api", at=at).number
    except AlreadyReceived:
        with scope(actor.areas, actor.holders):
            number = find_number(actor, client_uuid=told.client_uuid)
    return Received(number, told.client_uuid.hex, notice)


def _read(actor: Actor, sent: Sent, at: datetime) -> tuple[Told, Where]:
    form = sent.form
    if not form.service_code:
        words = "没有写 service_code。先查 services。"
        raise refuse(400, words, "service_code was not provided.")
    category = find_service(actor, code=form.service_code)
    answers = read_attributes(sent.fields)
    faults = [Fault(o.words, o.english) for o in check_answers(category.questions, answers)]
    faults += _faults(form, sent.key)
    if faults:
        raise Refusal(400, faults)
    where = read_where(actor, form)
    phone, name = _phone(form.phone), _name(form)
    told = Told(
        client_uuid=_report_ids(actor, sent, at)[0],
        division_id=where.division.pk,
        to_place=where.to_place,
        lon=where.lon,
        lat=where.lat,
        body=_body(form, category, write_answers(category.questions, answers)),
        place_text=_short(where.address),
        category_id=category.pk,
        anonymous=not (phone or name or form.email),
        name=name,
        phone=phone,
        email=form.email,
        photos=sent.photos,
    )
    return told, where


def read_attributes(fields: QueryDict) -> dict[str, list[str]]:
    """Of `attribute[CODE]=a`, and `attribute[CODE][]=a` several times."""
    answers: dict[str, list[str]] = defaultdict(list)
    for name in fields:
        if match := _ATTRIBUTE.fullmatch(name):
            said = [value.replace("\x00", "") for value in fields.getlist(name)]
            answers[match[1].replace("\x00", "")] += said
    return dict(answers)


def _faults(form: SentIn, key: str) -> list[Fault]:
    """What is wrong with the words themselves, all of it at once."""
    too_long = len(form.description) > DESCRIPTION
    checks = [
        (too_long, f"description 最多 {DESCRIPTION} 字。", "description is too long."),
        (
            form.phone and not _phone(form.phone),
            "phone 要写 11 位手机号，或者不写。",
            "phone is not a mobile number of mainland China.",
        ),
        (
            form.email and not _EMAIL.fullmatch(form.email),
            "email 写得不对。",
            "email is not valid.",
        ),
        (
            form.media_url and not _is_web_address(form.media_url),
            "media_url 要以 http:// 或 https:// 开头。",
            "media_url is not valid.",
        ),
        (
            key and len(key) not in KEY_LENGTHS,
            "Idempotency-Key 写 8 到 120 个字符。",
            "Idempotency-Key is not valid: 8 to 120 signs.",
        ),
    ]
    return [Fault(words, english) for wrong, words, english in checks if wrong]


def _is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    fits = len(text) <= LONGEST_URL and not any(sign.isspace() for sign in text)
    return fits and parts.scheme in ("http", "https") and bool(parts.netloc)


def _phone(typed: str) -> str:
    """Eleven digits, however they were spaced; '' for anything else."""
    digits = re.sub(r"[\s\-()]", "", typed)
    digits = digits.removeprefix("+86").removeprefix("0086")
    return digits if digits.isascii() and _MOBILE.fullmatch(digits) else ""


def _name(form: SentIn) -> str:
    """Family name first where it is written in Chinese."""
    parts = [form.last_name, form.first_name]
    if _HAN.search("".join(parts)):
        return "".join(parts)[:40]
    return " ".join(part for part in reversed(parts) if part)[:40]


def _body(form: SentIn, category: "Category", answers: list[str]) -> str:
    """What the officer reads: the words themselves, below them what came besides."""
    lines = [form.description or f"{category.plain_name}。", *answers]
    if len(form.address_string) > LONGEST_PLACE:
        lines.append(f"地址：{form.address_string[:500]}")
    if form.media_url:
        lines.append(f"附带的网址（平台没有打开过）：{form.media_url}")
    return "\n".join(lines)


def _short(address: str) -> str:
    return address if len(address) <= LONGEST_PLACE else f"{address[: LONGEST_PLACE - 1]}…"


def _known(actor: Actor, told: Told, sent: Sent, at: datetime) -> tuple[str, UUID] | None:
    """The report was received before. Under a key of the client's own it must say the same."""
    for known in _report_ids(actor, sent, at):
        number = find_number(actor, client_uuid=known)
        if number and sent.key and not was_received_as(actor, told=told):
            words = "这个 Idempotency-Key 用过了，内容却不一样。换一个键再送。"
            raise refuse(400, words, "Idempotency-Key was used for another report.")
        if number:
            return number, known
    return None


def _report_ids(actor: Actor, sent: Sent, at: datetime) -> list[UUID]:
    """By the client's key for ever; else by all that was sent, in this window and the last one.

    Keyed: nobody else computes the id of a report."""
    client = actor.details["client_id"]
    if sent.key:
        return [_id(f"{client}:key:{sent.key}")]
    said = sent.form.model_dump(exclude={"api_key"})
    said["attribute"] = read_attributes(sent.fields)
    words = json.dumps(said, sort_keys=True, ensure_ascii=False)
    window = int(at.timestamp()) // WINDOW
    return [_id(f"{client}:{one}:{words}") for one in (window, window - 1)]


def _id(words: str) -> UUID:
    return UUID(hex=keyed_hash(words, purpose="api.open311")[:32])


def _notice(actor: Actor, where: Where, at: datetime) -> str:
    name = where.division.name
    due = preview_terms(actor, area=where.division.path, at=at).accept_by
    on, hour = wording.last_day(due)
    when = f"{wording.day(on, now=at)} {hour} 前"
    if where.to_place:
        return f"收到了。先由{name}定到村或社区（{when}），再由那里受理。"
    return f"收到了，由{name}受理（{when}）。"
