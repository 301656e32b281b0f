"""Pure arithmetic of messages: what a text says, how long it is, when it may go out."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from yukuai.kernel import wording
from yukuai.kernel.clock import SHANGHAI

_PLACEHOLDER = re.compile(r"\{([a-z_]*)\}")
_STRAY = re.compile(r"[{}]")

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

CODE_KEPT = timedelta(minutes=2)
"""How long a sign-in code may wait for a gateway that works off a queue; then it is of no use."""
PART_KEPT = timedelta(days=1)
"""The same for any other text: after that somebody telephones."""


@dataclass(frozen=True)
class Night:
    """When telephones are left alone: from `begins` to `ends` on the clock of Chongqing. What is
    in force is a rule pack of the subject “message”; this is what holds until one is loaded."""

    begins: time = time(22)
    ends: time = time(7)

    def covers(self, hour: time) -> bool:
        if self.begins <= self.ends:
            return self.begins <= hour < self.ends
        return hour >= self.begins or hour < self.ends


NIGHT = Night()


def night_of(limits: Mapping[str, Mapping[str, object]]) -> Night:
    """Of the limits of a rule pack: `quiet_from` and `quiet_until`, as “22:00”."""
    return Night(
        _hour(limits.get("quiet_from", {}).get("value"), NIGHT.begins),
        _hour(limits.get("quiet_until", {}).get("value"), NIGHT.ends),
    )


def _hour(said: object, otherwise: time) -> time:
    try:
        return time.fromisoformat(str(said))
    except ValueError:
        return otherwise


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


def is_quiet(at: datetime, night: Night = NIGHT) -> bool:
    return night.covers(at.astimezone(SHANGHAI).time())


def next_slot(at: datetime, *, urgent: bool, night: Night = NIGHT) -> datetime:
    """The moment itself, or the next morning when it lies in the night."""
    if urgent or not is_quiet(at, night):
        return at
    local = at.astimezone(SHANGHAI)
    day = local.date() + timedelta(days=local.time() >= night.ends)
    return datetime.combine(day, night.ends, SHANGHAI)


def next_try(at: datetime, *, attempts: int, urgent: bool, night: Night = NIGHT) -> datetime | None:
    """When to try again after `attempts` failed ones, or None when that is enough."""
    if attempts > len(BACKOFF):
        return None
    return next_slot(at + BACKOFF[attempts - 1], urgent=urgent, night=night)


REFUSALS = frozenset({"t", "td", "退订", "退", "取消订阅", "unsubscribe", "stop"})


def is_refusal(text: str) -> bool:
    """“TD”, “退订”, “T”, in whatever width and with whatever stop behind it: nothing else is, so
    that “退休手续怎么办” opts nobody out."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(sign for sign in plain if sign.isalnum()) in REFUSALS


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
