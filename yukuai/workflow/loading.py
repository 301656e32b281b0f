"""Calendar and rule packs from files into the database: checked whole, then written whole."""

import csv
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from yukuai.accounts.policy import Actor
from yukuai.kernel.actions import action
from yukuai.kernel.errors import Conflict, InvalidInput
from yukuai.workflow.calendar import SATURDAY
from yukuai.workflow.models import RulePack, SpecialDay
from yukuai.workflow.rule_packs import find_faults

COLUMNS = ["day", "working", "name", "source"]
WORKING = {"yes": True, "no": False}
HEAD = ("subject", "code", "version", "jurisdiction", "effective_from", "effective_to", "source")
REQUIRED = ("subject", "code", "version", "effective_from", "source")


@dataclass(frozen=True)
class Loaded:
    new: int
    changed: int
    same: int


def read_special_days(path: Path) -> list[SpecialDay]:
    """Raises InvalidInput, which names every row that cannot be used."""
    with path.open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines)
        if reader.fieldnames != COLUMNS:
            raise InvalidInput(f"{path.name}：第一行要是 {','.join(COLUMNS)}。")
        rows = list(reader)
    faults: dict[str, str] = {}
    days: dict[date, SpecialDay] = {}
    for number, row in enumerate(rows, start=2):
        try:
            day = _special_day(row)
            if day.day in days:
                raise ValueError(f"{day.day} 写了两次")
            days[day.day] = day
        except ValueError as error:
            faults[f"第 {number} 行"] = str(error)
    if faults:
        listed = "；".join(f"{where}：{why}" for where, why in faults.items())
        raise InvalidInput(f"{path.name} 没有装入。{listed}。", fields=faults)
    return list(days.values())


def _special_day(row: Mapping[str, Any]) -> SpecialDay:
    try:
        day = date.fromisoformat(row["day"])
    except (TypeError, ValueError):
        raise ValueError(f"日期“{row['day']}”要写成 2026-02-16 这样") from None
    working = WORKING.get(row["working"])
    if working is None:
        raise ValueError("working 只能是 yes（上班）或 no（放假）")
    if working == (day.weekday() < SATURDAY):
        raise ValueError(f"{day} 和平常的星期一样，不用列出")
    if not row["name"] or not row["source"]:
        raise ValueError("name 和 source 都要写")
    return SpecialDay(day=day, working=working, name=row["name"], source=row["source"])


@action
def load_special_days(actor: Actor, *, days: Iterable[SpecialDay]) -> Loaded:
    """Make the table say what the file says, for every year the file speaks of."""
    wanted = {day.day: day for day in days}
    years = {day.year for day in wanted}
    known = {d.day: d for d in SpecialDay.objects.filter(day__year__in=years)}
    SpecialDay.objects.filter(day__in=known.keys() - wanted.keys()).delete()
    new = [day for key, day in wanted.items() if key not in known]
    changed = [day for key, day in wanted.items() if key in known and _differs(day, known[key])]
    SpecialDay.objects.bulk_create(new)
    SpecialDay.objects.bulk_update(changed, COLUMNS[1:])
    return Loaded(len(new), len(changed), len(wanted) - len(new) - len(changed))


def _differs(one: SpecialDay, other: SpecialDay) -> bool:
    return any(getattr(one, column) != getattr(other, column) for column in COLUMNS)


def read_rule_pack(path: Path) -> RulePack:
    """Raises InvalidInput, which names every entry that cannot be used."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise InvalidInput(f"{path.name} 不是能读的 TOML：{error}。") from error
    params = {key: value for key, value in raw.items() if key not in HEAD}
    if faults := [*_head_faults(raw), *find_faults(params)]:
        raise InvalidInput(f"{path.name} 没有装入。{'；'.join(faults)}。")
    return RulePack(
        **{"jurisdiction": "", **{key: raw[key] for key in HEAD if key in raw}}, params=params
    )


def _head_faults(raw: Mapping[str, Any]) -> Iterator[str]:
    for key in REQUIRED:
        if not raw.get(key):
            yield f"没有写 {key}"
    for key in ("effective_from", "effective_to"):
        if key in raw and type(raw[key]) is not date:
            yield f"{key} 要写成不带引号的日期"
    begins, ends = raw.get("effective_from"), raw.get("effective_to")
    if type(begins) is date and type(ends) is date and ends <= begins:
        yield "effective_to 要晚于 effective_from"


@action
def load_rule_packs(actor: Actor, *, packs: Iterable[RulePack]) -> Loaded:
    """Add versions that are new. Procedures have pinned the old ones: those never change."""
    new = same = ended = 0
    for pack in packs:
        known = RulePack.objects.filter(code=pack.code, version=pack.version).first()
        if known is None:
            pack.save(force_insert=True)
            new += 1
        elif _content(known) != _content(pack):
            raise Conflict(
                f"{pack} 已经装入，内容和文件不一样。"
                "装入的版本不能改：请把 version 加一，另发一版。",
                code=pack.code,
                version=pack.version,
            )
        elif known.effective_to is None and pack.effective_to is not None:
            known.effective_to = pack.effective_to
            known.save(update_fields=["effective_to"])
            ended += 1
        elif known.effective_to != pack.effective_to:
            raise Conflict(f"{pack} 已经定在 {known.effective_to} 停用，不能再改停用的日期。")
        else:
            same += 1
    return Loaded(new, ended, same)


def _content(pack: RulePack) -> tuple[object, ...]:
    """Everything but the day it ends, which becomes known when another one takes its place."""
    return (pack.subject, pack.jurisdiction, pack.effective_from, pack.params, pack.source)
