"""How times and numbers are said to people.

Pure: `now` comes by argument, and every day is a day of Chongqing. A deadline that ends with a day
is stored as the first moment of the next one, or as its last second; both are said as 24:00 of that
day, because that is how notices are written.
"""

from datetime import date, datetime, time, timedelta
from typing import Literal

from yukuai.kernel.clock import SHANGHAI

Tone = Literal["run", "soon", "late", "done", "off"]

SOON_PERCENT = 80
"""The second reminder of a deadline goes out here; from then on its bar is amber-brown."""

_WEEKDAYS = "一二三四五六日"
_NEAR = {-1: "昨天", 0: "今天", 1: "明天"}


def _local(value: datetime) -> datetime:
    return value.astimezone(SHANGHAI)


def _date(value: date | datetime) -> date:
    return _local(value).date() if isinstance(value, datetime) else value


def _clock(value: datetime) -> str:
    return f"{value.hour}:{value.minute:02d}"


def day(value: date | datetime, *, now: datetime) -> str:
    """11月26日; with the year when it is another one: 2025年11月26日."""
    on = _date(value)
    year = "" if on.year == _date(now).year else f"{on.year}年"
    return f"{year}{on.month}月{on.day}日"


def near_day(value: date | datetime, *, now: datetime) -> str:
    """昨天, 今天, 明天, otherwise the day."""
    return _NEAR.get((_date(value) - _date(now)).days) or day(value, now=now)


def weekday(value: date | datetime) -> str:
    """星期一."""
    return f"星期{_WEEKDAYS[_date(value).weekday()]}"


def moment(value: datetime, *, now: datetime) -> str:
    """今天 10:18, 昨天 16:20, 11月22日 16:20."""
    return f"{near_day(value, now=now)} {_clock(_local(value))}"


def last_day(due: date | datetime) -> tuple[date, str]:
    """The day a deadline belongs to and its hour there: (11月26日, "24:00")."""
    if not isinstance(due, datetime):
        return due, "24:00"
    local = _local(due)
    if local.time() == time(0):
        return local.date() - timedelta(days=1), "24:00"
    if local.time() >= time(23, 59, 59):
        return local.date(), "24:00"
    return local.date(), _clock(local)


def end_of(due: date | datetime) -> datetime:
    """The first moment at which a deadline has passed."""
    if isinstance(due, datetime):
        return due
    return datetime.combine(due + timedelta(days=1), time(0), SHANGHAI)


def deadline(due: date | datetime, *, now: datetime) -> str:
    """11月26日 24:00 前, 今天 12:00 前."""
    on, hour = last_day(due)
    return f"{near_day(on, now=now)} {hour} 前"


def length(span: timedelta) -> str:
    """3 天, 6 小时, 1 小时 40 分, 40 分: rounded down, minutes only while they matter."""
    minutes = int(abs(span).total_seconds()) // 60
    days, hours = minutes // 1440, minutes // 60
    if days:
        return f"{days} 天"
    if hours >= 6 or (hours and minutes % 60 == 0):
        return f"{hours} 小时"
    if hours:
        return f"{hours} 小时 {minutes % 60} 分"
    return f"{minutes} 分" if minutes else "不到 1 分"


def left(due: date | datetime, *, now: datetime) -> str:
    """还剩 3 天, 还剩 1 小时 40 分, 超 6 小时. At the very deadline it is not yet late."""
    span = end_of(due) - now
    hours = int(-span.total_seconds()) // 3600
    words = f"{hours} 小时" if 0 < hours < 24 else length(span)
    said = f"还剩 {words}" if span >= timedelta(0) else f"超 {words}"
    return said.replace(" 不到", "不到")


def percent_used(starts: datetime, due: date | datetime, *, now: datetime) -> int:
    """How much of the time is gone, 0 … 100; a deadline without length is used up."""
    whole, gone = end_of(due) - starts, now - starts
    if whole <= timedelta(0):
        return 100
    return max(0, min(100, 100 * gone // whole))


def tone(starts: datetime, due: date | datetime, *, now: datetime) -> Tone:
    """`late` after the deadline; `soon` on its last day and from 80 % on; else `run`."""
    if now > end_of(due):
        return "late"
    today_is_last = last_day(due)[0] == _date(now)
    if today_is_last or percent_used(starts, due, now=now) >= SOON_PERCENT:
        return "soon"
    return "run"


def due_words(due: date | datetime, *, now: datetime) -> tuple[Tone, str]:
    """The deadline of a row, as short as a chip: 超 6 小时, 12:00 前, 今天, 11月24日."""
    if now > end_of(due):
        return "late", left(due, now=now)
    on, hour = last_day(due)
    days = (on - _date(now)).days
    if days == 0:
        return "soon", "今天" if hour == "24:00" else f"{hour} 前"
    return ("run" if days == 1 else "off"), day(on, now=now)


def outcome(due: date | datetime, met: datetime, *, now: datetime) -> str:
    """A promise kept or broken: 11月22日办完，提前 1 天; 按时; 晚了 2 天."""
    ahead = (last_day(due)[0] - _date(met)).days
    when = f"{day(met, now=now)}办完"
    if met > end_of(due):
        return f"{when}，晚了 {length(met - end_of(due))}"
    return f"{when}，提前 {ahead} 天" if ahead else f"{when}，按时"


def tail4(number: str) -> str:
    """尾号 0417: the shortest form in which a telephone number may be shown."""
    digits = "".join(c for c in number if c.isdigit())
    return f"尾号 {digits[-4:]}" if len(digits) >= 4 else ""


def phone_groups(number: str) -> str:
    """199 0000 0417: a mobile number one can read aloud; other numbers stay as they are."""
    if len(number) == 11 and number.isdigit() and number.startswith("1"):
        return f"{number[:3]} {number[3:7]} {number[7:]}"
    return number


def capped(count: int, *, cap: int = 1000) -> str:
    """1000+ for counts that are not counted to the end."""
    return f"{cap}+" if count > cap else f"{count}"
