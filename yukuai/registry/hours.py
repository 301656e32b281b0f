"""Opening hours as people write them, read where they can be: is it open now? Pure.

周一至周五 9:00-18:00；周六 9:00-12:00 · 每天 8:30-12:00，14:00-18:00 · 全天 · 周一闭馆
What does not read wholly stays a text: half an answer would send somebody to a closed door.
"""

import re
import unicodedata
from dataclasses import dataclass

DAY = 24 * 60
_DAYS = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6}
_NAMES = "一二三四五六日"
_ALL = frozenset(range(7))
_GROUPS = {"每天": _ALL, "每日": _ALL, "天天": _ALL, "工作日": frozenset(range(5))}
_GROUPS |= {"周末": frozenset({5, 6}), "双休日": frozenset({5, 6})}
_WHOLE = ("全天", "24小时", "全天候", "全天开放", "24小时开放")
_SHUT = ("闭馆", "休息", "关门", "不开放")
_HALF, _TIME = "(上午|早上|下午|晚上)?", r"(\d{1,2})[:点](\d{2})?分?"
_SPAN = re.compile(f"{_HALF}{_TIME}-{_HALF}{_TIME}")
_ONE = "(?:周|星期)?[一二三四五六日天]"
_DAY = re.compile(f"((?:周|星期)[一二三四五六日天](?:[至、,]?{_ONE})*)")


@dataclass(frozen=True)
class Span:
    """From a minute of the day to before another; an end beyond the day runs into the next."""

    opens: int
    closes: int


@dataclass(frozen=True)
class Hours:
    """`days` from Monday; each with its spans, in order."""

    days: tuple[tuple[Span, ...], ...]

    def is_open(self, weekday: int, minute: int) -> bool:
        before = self.days[(weekday - 1) % 7]
        return any(span.opens <= minute < span.closes for span in self.days[weekday]) or any(
            minute + DAY < span.closes for span in before
        )

    def closes_at(self, weekday: int, minute: int) -> int | None:
        """The minute of the day at which it closes; None when it is closed or never does."""
        for span in self.days[weekday]:
            if span.opens <= minute < span.closes and span != Span(0, DAY):
                return span.closes % DAY
        for span in self.days[(weekday - 1) % 7]:
            if minute + DAY < span.closes:
                return span.closes - DAY
        return None

    def opens_next(self, weekday: int, minute: int) -> tuple[int, int] | None:
        """In how many days, and at which minute; None when it never does."""
        for ahead in range(8):
            for span in self.days[(weekday + ahead) % 7]:
                if ahead or span.opens > minute:
                    return ahead, span.opens
        return None


def read_hours(text: str) -> Hours | None:
    """None for what does not read wholly."""
    plain = _plain(text)
    if not plain:
        return None
    days: list[tuple[Span, ...]] = [()] * 7
    last: frozenset[int] = frozenset()
    for part in re.split(r"[;\n]", plain):
        found = _read_part(part)
        if found is None:
            return None
        named, spans = found
        for day in named or last or _ALL:
            days[day] = spans if named else (*days[day], *spans)
        last = named or last
    if not any(days):
        return None
    return Hours(tuple(tuple(sorted(spans, key=lambda one: one.opens)) for spans in days))


def say_now(hours: Hours, weekday: int, minute: int) -> tuple[bool, str]:
    """Is it open, and what to say: 现在开着，18:00 关 · 已关门，明天 9:00 开."""
    if hours.is_open(weekday, minute):
        closes = hours.closes_at(weekday, minute)
        return True, "现在开着" + (f"，{clock(closes)} 关" if closes is not None else "，全天开放")
    ahead, opens = hours.opens_next(weekday, minute) or (0, 0)
    if ahead == 0:
        return False, f"还没开门，今天 {clock(opens)} 开"
    day = "明天" if ahead == 1 else f"周{_NAMES[(weekday + ahead) % 7]}"
    return False, f"已关门，{day} {clock(opens)} 开"


def clock(minute: int) -> str:
    return f"{minute // 60 % 24}:{minute % 60:02d}"


def _plain(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text)
    plain = re.sub(r"[—–~～至到]+(?=\d|上午|下午|晚上)", "-", plain)
    plain = re.sub(r"[—–~～到]+(?=周|星期|[一二三四五六日天])", "至", plain)
    plain = re.sub(r"\s+", "", plain).replace("。", ";").replace("开放时间", "").lstrip(":")
    return plain.strip(";,")


def _read_part(part: str) -> tuple[frozenset[int], tuple[Span, ...]] | None:
    """The days named and their spans; None for what is not understood."""
    rest, days = _take_days(part)
    rest = rest.strip(",:")
    if rest in _SHUT:
        return days or _ALL, ()
    if rest in _WHOLE:
        return days, (Span(0, DAY),)
    spans = [_span(match) for match in _SPAN.finditer(rest)]
    if not spans or None in spans or _SPAN.sub("", rest).strip(",、和及"):
        return None
    return days, tuple(span for span in spans if span)


def _take_days(part: str) -> tuple[str, frozenset[int]]:
    """The rest of a part behind the days at its beginning."""
    for word, days in _GROUPS.items():
        if part.startswith(word):
            return part.removeprefix(word), days
    found: set[int] = set()
    rest = part
    while match := _DAY.match(rest.lstrip(",、和及")):
        found |= _days_of(match[1])
        rest = rest.lstrip(",、和及")[match.end() :]
    return rest, frozenset(found)


def _days_of(said: str) -> set[int]:
    signs = re.sub(r"周|星期|[,、]", "", said)
    found: set[int] = set()
    place = 0
    while place < len(signs):
        first = _DAYS[signs[place]]
        if signs[place + 1 : place + 2] == "至" and place + 2 < len(signs):
            last = _DAYS[signs[place + 2]]
            found |= {(first + n) % 7 for n in range((last - first) % 7 + 1)}
            place += 3
        else:
            found.add(first)
            place += 1
    return found


def _span(match: "re.Match[str]") -> Span | None:
    opens = _minute(match[1], match[2], match[3])
    closes = _minute(match[4] or ("下午" if match[1] == "下午" else ""), match[5], match[6])
    if opens is None or closes is None:
        return None
    if closes <= opens:
        closes += DAY
    return Span(opens, closes) if closes - opens <= DAY else None


def _minute(half: str | None, hour: str, minute: str | None) -> int | None:
    hours, minutes = int(hour), int(minute or 0)
    if half in ("下午", "晚上") and hours < 12:
        hours += 12
    return hours * 60 + minutes if hours <= 24 and minutes < 60 else None
