"""Persons as people write them: a name of the roll, with the birthday where two bear it."""

import re
from collections.abc import Iterable
from datetime import date

from yukuai.elections.actions._steps import refuse
from yukuai.elections.models import Election, Voter
from yukuai.elections.states import VoterState

MOST = 500
_BORN = re.compile(r"^(?P<name>\S.*?)\s+(?P<born>\d{4}-\d{2}-\d{2})$")


def find_on_roll(election: Election, typed: Iterable[str], *, field: str) -> list[Voter]:
    """In the order in which they were written. Raises InvalidInput with everybody who is not on the
    roll, or of whom there are several."""
    lines = [" ".join(one.replace("\x00", "").split()) for one in typed if one.strip()]
    refuse({field: f"一次最多写 {MOST} 人。"} if len(lines) > MOST else {})
    asked = [_parse(one) for one in lines]
    rows = Voter.objects.filter(election=election, state=VoterState.LISTED)
    by_name: dict[str, list[Voter]] = {}
    for voter in rows.filter(name__in={name for name, _born in asked}).order_by("pk"):
        by_name.setdefault(voter.name, []).append(voter)
    found, faults = [], []
    for name, born in asked:
        fits = [one for one in by_name.get(name, []) if born in ("", str(one.birth_date))]
        faults += [_fault(name, len(fits))] if len(fits) != 1 else []
        found += fits
    if len(set(found)) != len(found) and not faults:
        faults.append("有人写了两次。")
    refuse({field: "".join(faults[:5])} if faults else {})
    return found


def one_on_roll(election: Election, typed: str, *, field: str) -> Voter:
    found = find_on_roll(election, [typed], field=field)
    refuse({} if found else {field: "写明姓名。"})
    return found[0]


def _parse(line: str) -> tuple[str, str]:
    said = _BORN.match(line)
    if said is None or not _is_day(said["born"]):
        return line, ""
    return said["name"], said["born"]


def _is_day(said: str) -> bool:
    try:
        return bool(date.fromisoformat(said))
    except ValueError:
        return False


def _fault(name: str, number: int) -> str:
    if not number:
        return f"{name[:20]}不在选民名单上。"
    return f"名单上有 {number} 位{name}，在姓名后面空一格写出生日期，例如 1980-05-06。"
