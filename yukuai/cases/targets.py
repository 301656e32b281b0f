"""To whom a matter can be given: the units above its place, their load, and who may not have it."""

import copy
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from yukuai.accounts.policy import Actor
from yukuai.accounts.queries import list_departments
from yukuai.cases.models import Case
from yukuai.cases.queries import count_by_unit
from yukuai.cases.rules import resolve_term
from yukuai.divisions.queries import find_divisions, list_ancestors
from yukuai.kernel.errors import InvalidInput
from yukuai.workflow.calendar import Term

if TYPE_CHECKING:
    from yukuai.accounts.models import Department
    from yukuai.divisions.models import Division

ELSEWHERE = "它不管这个地方。地点不对时，先改地点。"
NO_CITY = "市级要选到具体部门。"
FOUND_ELSEWHERE = 8
_KEY = re.compile(r"([0-9]{1,18})-([0-9]{1,18})?")


@dataclass(frozen=True)
class Target:
    """A unit of the tree. `why` closes the door; `load` is how much lies open with it."""

    unit_id: int
    department_id: int | None
    name: str
    words: str
    """By which it is also found: the short name, the pinyin initials."""
    kind: str
    load: int
    why: str
    children: tuple["Target", ...] = ()

    @property
    def key(self) -> str:
        return f"{self.unit_id}-{self.department_id or ''}"


@dataclass(frozen=True)
class Elsewhere:
    """A hit outside of the chain: it can be named, not chosen."""

    name: str
    place: str
    why: str = ELSEWHERE


def parse_key(key: str) -> tuple[int, int | None]:
    """Of `Target.key`; raises InvalidInput."""
    if match := _KEY.fullmatch(key):
        return int(match[1]), int(match[2]) if match[2] else None
    raise InvalidInput("选一个单位。", fields={"unit": "选一个单位。"})


def list_targets(
    actor: Actor, *, case: Case, offices: "Sequence[Department] | None" = None, at: datetime
) -> list[Target]:
    """The tree, a branch a level: the district with the township and the community below it,
    then the city. Every unit stands in it once, also those that may not be chosen. `offices`
    spares a look for whoever has them already."""
    found = list(list_departments(actor, area=case.area)) if offices is None else offices
    chain = _chain(actor, case, found)
    branches: dict[int, list[Target]] = {}
    loads = count_by_unit(actor, areas=[division.path for division in chain])
    by_id = {division.pk: division for division in chain}
    for department in found:
        division = by_id[department.division_id]
        branches.setdefault(division.pk, []).append(_target(case, at, division, loads, department))
    return _nest(case, at, chain, branches, loads)


def _chain(actor: Actor, case: Case, offices: "Sequence[Department]") -> "list[Division]":
    """From the root down to the place. Every level has offices as a rule, and they bring it
    along; only where one has none is it asked for."""
    known = {office.division_id: office.division for office in offices}
    known[case.division_id] = case.division
    ids = [int(part) for part in case.area.split(".") if part]
    if known.keys() >= set(ids):
        return [known[pk] for pk in ids]
    return [*list_ancestors(actor, division=case.division), case.division]


def _nest(
    case: Case,
    at: datetime,
    chain: "list[Division]",
    offices: Mapping[int, list[Target]],
    loads: Mapping[tuple[str, int | None], int],
) -> list[Target]:
    below: tuple[Target, ...] = ()
    roots: list[Target] = []
    for division in reversed(chain):
        children = (*below, *offices.get(division.pk, ()))
        target = replace(_target(case, at, division, loads), children=children)
        if division.kind == "city":
            roots = [*below, replace(target, children=tuple(offices.get(division.pk, ())))]
        below = (target,)
    return roots or list(below)


def _target(
    case: Case,
    at: datetime,
    division: "Division",
    loads: Mapping[tuple[str, int | None], int],
    department: "Department | None" = None,
) -> Target:
    named = department or division
    return Target(
        unit_id=division.pk,
        department_id=department.pk if department else None,
        name=named.name,
        words=f"{department.short_name if department else ''} {named.initials}",
        kind=department.kind if department else division.kind,
        load=loads.get((division.path, department.pk if department else None), 0),
        why=_objection(case, at, division, department),
    )


def _objection(
    case: Case, at: datetime, division: "Division", department: "Department | None"
) -> str:
    if division.kind == "city" and department is None:
        return NO_CITY
    given = copy.copy(case)
    given.unit, given.unit_department = division, department
    return given.objection_to_unit(at=at)


def flatten(targets: Iterable[Target]) -> list[Target]:
    flat: list[Target] = []
    for target in targets:
        flat += [target, *flatten(target.children)]
    return flat


def narrow(targets: Iterable[Target], *, text: str) -> list[Target]:
    """The branches in which a name or its pinyin initials answer to the text."""
    word = text.strip()
    kept: list[Target] = []
    for target in targets:
        children = tuple(narrow(target.children, text=word))
        if children or _answers(target, word):
            kept.append(replace(target, children=children))
    return kept


def _answers(target: Target, word: str) -> bool:
    """城管 finds 区城市管理局: people leave signs out, but not their order."""
    signs = iter(target.name)
    return all(sign in signs for sign in word) or word.lower() in target.words


def list_elsewhere(actor: Actor, *, case: Case, text: str) -> list[Elsewhere]:
    """Divisions of that name which have nothing to do with the place of the matter."""
    found = find_divisions(actor, text=text, limit=FOUND_ELSEWHERE)
    return [Elsewhere(hit.name, hit.place) for hit in found if not case.area.startswith(hit.path)]


def draft_opinion(case: Case) -> str:
    """The words that go along, made from what was said; a person edits them."""
    where = f"到{case.place_text}" if case.place_text else "到现场"
    wanted = f"反映人希望：{case.wanted.rstrip('。')}。" if case.wanted else ""
    return f"请{where}查看“{case.title.rstrip('…')}”。{wanted}办完写明结果，最好附现场照片。"


def fill_opinion(template: str, case: Case) -> str:
    """The words of a rule with those of the matter: {事情}, {地点}, {希望}."""
    said = {"事情": case.title.rstrip("…"), "地点": case.place_text or "现场", "希望": case.wanted}
    for name, value in said.items():
        template = template.replace(f"{{{name}}}", value)
    return template


def promised_term(case: Case) -> Term:
    """How long the handling may take by the pinned pack."""
    consultation = case.category is not None and case.category.consultation
    return case.rules().term(resolve_term(triage=case.triage, consultation=consultation))


def sign_term(case: Case) -> Term:
    return case.rules().term("sign-urgent" if case.urgent else "sign")
