"""Pure arithmetic of messages: what a text says, how long it is, when it may go out."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from yukuai.kernel import wording
from yukuai.kernel.clock import SHANGHAI

_PLACEHOLDER = re.compile(r"\{([a-z_]*)\}")
_STRAY = re.compile(r"[{}]")

ONE_PART = 70
"""Characters of one text in UCS-2; of a longer one each part carries 67 (3GPP TS 23.040)."""
LONG_PART = 67

BACKOFF = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=12),
)
"""After each failed attempt; after the last of these it has failed for good."""

LEASE = timedelta(minutes=10)
"""How long an attempt may be on its way before the sweep takes it up again."""

QUIET_FROM, QUIET_UNTIL = time(22), time(7)


def placeholders_of(text: str) -> list[str]:
    return sorted(set(_PLACEHOLDER.findall(text)))


def find_template_fault(text: str, placeholders: list[str]) -> str:
    """Why this text cannot be sent, as a sentence; or ''."""
    if not text.strip():
        return "写上内容。"
    if _STRAY.search(_PLACEHOLDER.sub("", text)):
        return "有一个花括号没有成对，例如 {number}。"
    if unknown := [name for name in placeholders_of(text) if name not in placeholders]:
        allowed = "、".join(f"{{{name}}}" for name in placeholders) or "没有"
        return f"这里不能用 {{{unknown[0]}}}。可以用的：{allowed}。"
    return ""


def render(text: str, values: Mapping[str, object]) -> str:
    """Raises KeyError where a value is missing. Values are not templates themselves."""
    return _PLACEHOLDER.sub(lambda found: str(values[found[1]]), text)


def deadline_words(due: datetime, *, at: datetime) -> str:
    """“11月26日 24:00 前”: a message may be read on another day, so never 今天 or 明天."""
    day, hour = wording.last_day(due)
    return f"{wording.day(day, now=at)} {hour} 前"


def sms_parts(text: str) -> int:
    """How many texts the network counts."""
    units = len(text.encode("utf-16-le")) // 2
    return 1 if units <= ONE_PART else -(-units // LONG_PART)


def is_quiet(at: datetime) -> bool:
    hour = at.astimezone(SHANGHAI).time()
    return hour >= QUIET_FROM or hour < QUIET_UNTIL


def next_slot(at: datetime, *, urgent: bool) -> datetime:
    """The moment itself, or 7:00 in the morning when it lies in the night."""
    if urgent or not is_quiet(at):
        return at
    local = at.astimezone(SHANGHAI)
    day = local.date() + timedelta(days=local.time() >= QUIET_FROM)
    return datetime.combine(day, QUIET_UNTIL, SHANGHAI)


def next_try(at: datetime, *, attempts: int, urgent: bool) -> datetime | None:
    """When to try again after `attempts` failed ones, or None when that is enough."""
    if attempts > len(BACKOFF):
        return None
    return next_slot(at + BACKOFF[attempts - 1], urgent=urgent)


@dataclass(frozen=True)
class Traffic:
    """What one telephone was sent lately: of the same template within a minute, all in all
    within an hour and within a day."""

    same_in_minute: int
    in_hour: int
    in_day: int


def tidy_number(typed: str | None) -> int | None:
    """The number of a message as a link or a form carries it; None where it is none."""
    typed = typed or ""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 19 else None


MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
PER_MINUTE, PER_HOUR, PER_DAY = 1, 10, 30


def find_excess(traffic: Traffic) -> str:
    """Why one more would be too many, as a sentence; or ''."""
    if traffic.same_in_minute >= PER_MINUTE:
        return f"一分钟内给这个号码发过同样的短信，每分钟最多 {PER_MINUTE} 条。"
    if traffic.in_hour >= PER_HOUR:
        return f"一小时内给这个号码发过 {traffic.in_hour} 条，最多 {PER_HOUR} 条。"
    if traffic.in_day >= PER_DAY:
        return f"一天内给这个号码发过 {traffic.in_day} 条，最多 {PER_DAY} 条。"
    return ""
