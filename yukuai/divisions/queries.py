"""Divisions are public: the actor is named, and everybody reads the same."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Length

from yukuai.divisions.following import count_rows_below
from yukuai.divisions.models import (
    CodeScheme,
    Division,
    DivisionChange,
    DivisionCode,
    DivisionKind,
    DivisionName,
    DivisionPlacement,
    Succession,
)
from yukuai.divisions.rules import SEPARATOR, tidy_code
from yukuai.kernel.actions import Acts
from yukuai.kernel.errors import NotFound
from yukuai.kernel.scope import EVERYWHERE, widened

PLACES_ABOVE = 200
FOLLOWING_CAP = 10_000
_CODE = re.compile(r"\d[\dGXZ]*")
_LETTERS = re.compile(r"[A-Za-z]+")
_LEVEL = Case(
    *[When(kind=kind, then=level) for level, kind in enumerate(DivisionKind)],
    output_field=IntegerField(),
)


@dataclass(frozen=True)
class Resolved:
    """Who bears a code: `successors` are empty while the division itself lives.

    `since` is the day from which the code was out of use, None while it is in use.
    """

    division: Division
    successors: tuple[Division, ...]
    since: date | None

    @property
    def today(self) -> tuple[Division, ...]:
        return self.successors or (self.division,)


@dataclass(frozen=True)
class Found:
    """A hit with its full place, for names repeat: 双龙村 lies in twenty-one townships."""

    id: int
    name: str
    kind: str
    code: str
    path: str
    place: str
    valid_to: date | None

    @property
    def kind_label(self) -> str:
        return str(DivisionKind(self.kind).label)


@dataclass(frozen=True)
class Child:
    """A division as it was called on the day asked for."""

    id: int
    kind: str
    name: str
    code: str
    path: str
    has_children: bool


@dataclass(frozen=True)
class Described:
    """What was true of a division on a day."""

    id: int
    kind: str
    name: str
    code: str
    place: str
    valid_from: date
    valid_to: date | None


def get_division(actor: Acts, *, division_id: int) -> Division:
    """Also one that was abolished: `valid_to` says so."""
    division = Division.objects.filter(pk=division_id).first()
    if division is None:
        raise NotFound("没有这个区划，请回到上一页重新选择。")
    return division


def list_at(actor: Acts, *, paths: Iterable[str]) -> list[Division]:
    """The living divisions at exactly these paths."""
    return list(Division.objects.filter(path__in=list(paths), valid_to=None).order_by("path"))


def get_divisions(actor: Acts, *, division_ids: Iterable[int]) -> dict[int, Division]:
    """Those that exist, by id."""
    return Division.objects.in_bulk(division_ids)


def resolve_code(actor: Acts, *, code: str, on: date | None = None) -> Resolved:
    """Any code that was ever valid; `on` asks who bore it on that day, else who bore it last."""
    rows = DivisionCode.objects.filter(code=tidy_code(code)).select_related("division")
    if on is not None:
        rows = rows.filter(_holds(on))
    borne = rows.order_by("-valid_from", "-pk").first()
    if borne is None:
        when = f"在 {on} " if on else ""
        raise NotFound(f"编码“{code}”{when}查不到区划，请核对后再查。")
    division = borne.division
    return Resolved(division, _heirs(division), borne.valid_to)


def newest_change_id(actor: Acts) -> int:
    """Of the last merger, split or renaming; 0 before the first. For whoever keeps counts."""
    newest = DivisionChange.objects.order_by("-pk").values_list("pk", flat=True).first()
    return int(newest or 0)


def find_divisions(
    actor: Acts,
    *,
    text: str,
    kinds: Iterable[str] | None = None,
    within: str | None = None,
    limit: int = 20,
    abolished: bool = False,
) -> list[Found]:
    """By code (from its beginning; old codes in full), name or pinyin initials: best hit first.

    Words before the last name a place above: “渝中 人民村”.
    """
    *above, word = text.split() or [""]
    if not word:
        return []
    matches, rank = _matching(word)
    rows = Division.objects.filter(matches)
    if not abolished:
        rows = rows.filter(valid_to=None)
    if kinds is not None:
        rows = rows.filter(kind__in=list(kinds))
    if within:
        rows = rows.filter(path__gte=within, path__lt=f"{within[:-1]}/")
    for name in above[-3:]:
        rows = rows.filter(_lies_in(name))
    hits = list(rows.annotate(rank=rank, level=_LEVEL).order_by("rank", "level", "code")[:limit])
    places = list_places(actor, division_ids=[hit.pk for hit in hits]) if hits else {}
    return [
        Found(d.pk, d.name, d.kind, d.code, d.path, _place_of(d, places), d.valid_to) for d in hits
    ]


def list_places(actor: Acts, *, division_ids: Iterable[int]) -> dict[int, str]:
    """The full place of each as it is now: 重庆市 › 渝中区 › 大溪沟街道 › 人民村社区."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT d.id, string_agg(a.name, %s ORDER BY length(a.path))"
            " FROM divisions_division d JOIN divisions_division a"
            " ON a.id = ANY (string_to_array(rtrim(d.path, '.'), '.')::bigint[])"
            " WHERE d.id = ANY (%s::bigint[]) GROUP BY d.id",
            [SEPARATOR, list(division_ids)],
        )
        return dict(cursor.fetchall())


def list_names(actor: Acts, *, division_ids: Iterable[int]) -> dict[int, str]:
    """Names as of today, by id, in the order of the codes."""
    rows = Division.objects.filter(pk__in=list(division_ids)).order_by("code", "name", "pk")
    return dict(rows.values_list("pk", "name"))


def list_children(
    actor: Acts, *, parent_id: int | None = None, on: date | None = None
) -> list[Child]:
    """By code; `on` a day, as it was then. Without a parent: the city."""
    rows = _children_then(parent_id, on) if on else _children_now(parent_id)
    fields = ("pk", "kind", "name_then", "code_then", "path", "has_children")
    return [Child(*values) for values in rows.order_by("code_then", "pk").values_list(*fields)]


def list_ancestors(actor: Acts, *, division: Division) -> list[Division]:
    """Root first, without the division itself."""
    ids = [int(part) for part in division.path.split(".")[:-2]]
    return list(Division.objects.filter(pk__in=ids).order_by(Length("path")))


def list_chain(actor: Acts, *, division_id: int) -> list[Division]:
    """The division and all above it, root first. Raises NotFound."""
    chain = list(
        Division.objects.raw(
            "SELECT a.* FROM divisions_division d JOIN divisions_division a"
            " ON a.id = ANY (string_to_array(rtrim(d.path, '.'), '.')::bigint[])"
            " WHERE d.id = %s ORDER BY length(a.path)",
            [division_id],
        )
    )
    if not chain:
        raise NotFound("没有这个区划，请回到上一页重新选择。")
    return chain


def describe(actor: Acts, *, division_id: int, on: date) -> Described:
    """Name, code and full place on that day."""
    division = get_division(actor, division_id=division_id)
    lived = division.valid_from <= on and (division.valid_to is None or on < division.valid_to)
    place = _place_then(division_id, on) if lived else []
    if not place:
        raise NotFound(
            f"{on} 没有“{division.name}”：平台从 {division.valid_from} 起有它的记录"
            + (f"，到 {division.valid_to} 撤销。" if division.valid_to else "。")
        )
    code = _codes(on).filter(division=division_id).values_list("code", flat=True).first()
    return Described(
        division.pk,
        division.kind,
        place[-1],
        code or "",
        SEPARATOR.join(place),
        division.valid_from,
        division.valid_to,
    )


def list_changes(actor: Acts, *, division_id: int) -> QuerySet[DivisionChange]:
    """The events that named the division or took it along, newest first."""
    touched = Q(details__divisions__contains=[division_id])
    carried = Q(details__carried__contains=[division_id])
    return DivisionChange.objects.filter(touched | carried).order_by("-effective", "-pk")


def list_successors(actor: Acts, *, division: Division) -> tuple[Division, ...]:
    """Those of today that stand in for an abolished one; nobody while it lives."""
    return _heirs(division)


def list_codes(actor: Acts, *, division_id: int) -> QuerySet[DivisionCode]:
    """Every code it bears or bore, the present ones first."""
    rows = DivisionCode.objects.filter(division=division_id)
    return rows.order_by(F("valid_to").desc(nulls_first=True), "-valid_from", "pk")


@dataclass(frozen=True)
class Following:
    """What goes along when a division moves or ends; `rows` is counted to FOLLOWING_CAP a table."""

    divisions: int
    rows: int


def count_following(actor: Acts, *, division: Division) -> Following:
    """Numbers only, so beyond what the actor may see."""
    below = Division.objects.filter(path__gt=division.path, path__lt=f"{division.path[:-1]}/")
    with widened(EVERYWHERE):
        rows = count_rows_below(division, cap=FOLLOWING_CAP)
    return Following(below.filter(valid_to=None).count(), rows)


def count_by_kind(actor: Acts, *, on: date) -> dict[str, int]:
    """Every kind is there, with 0 where there was none."""
    rows = Division.objects.filter(_holds(on)).values_list("kind").annotate(Count("pk"))
    return dict.fromkeys(DivisionKind.values, 0) | dict(rows.order_by())


def _holds(on: date, prefix: str = "") -> Q:
    ends = Q(**{f"{prefix}valid_to": None}) | Q(**{f"{prefix}valid_to__gt": on})
    return Q(**{f"{prefix}valid_from__lte": on}) & ends


def _codes(on: date) -> QuerySet[DivisionCode]:
    """The official one first."""
    schemes = [CodeScheme.STATISTICS, CodeScheme.OWN]
    rows = DivisionCode.objects.filter(_holds(on), scheme__in=schemes)
    return rows.order_by("-official", "-scheme", "pk")


def _matching(word: str) -> tuple[Q, Case]:
    """What counts as a hit, and how good it is: 0 the whole, 1 the beginning, 2 inside."""
    code = tidy_code(word)
    if _CODE.fullmatch(code):
        former = Q(pk__in=DivisionCode.objects.filter(code=code).values("division"))
        return Q(code__startswith=code) | former, _rank(Q(code=code) | former)
    if _LETTERS.fullmatch(word):
        letters = word.lower()
        first = Q(initials__startswith=letters) | Q(initials__contains=f" {letters}")
        whole = Q(initials=letters) | Q(initials__startswith=f"{letters} ")
        return first | Q(name__contains=word), _rank(whole, first)
    exact = Q(name__in=[word, f"{word}社区", f"{word}村", f"{word}街道", f"{word}镇", f"{word}区"])
    return Q(name__contains=word), _rank(exact, Q(name__startswith=word))


def _place_of(division: Division, places: dict[int, str]) -> str:
    """An abolished division lies under its successor, where it never was."""
    if division.valid_to is None:
        return places[division.pk]
    return f"{division.name}（{division.valid_to} 撤销）"


def _rank(*steps: Q) -> Case:
    whens = [When(step, then=Value(place)) for place, step in enumerate(steps)]
    return Case(*whens, default=Value(len(steps)), output_field=IntegerField())


class _BeginsWithAny(Func):
    """A path below one of the paths of an uncorrelated sub-select, which runs once."""

    template = "%(expressions)s)"
    arg_joiner = " ^@ ANY ("
    output_field = BooleanField()


def _lies_in(name: str) -> _BeginsWithAny:
    """Under a division whose name contains this; of very many, under one of the highest."""
    above = Division.objects.filter(name__contains=name).order_by(Length("path"), "pk")
    return _BeginsWithAny(F("path"), ArraySubquery(above.values("path")[:PLACES_ABOVE]))


def _heirs(division: Division) -> tuple[Division, ...]:
    """Those of today that stand in for an abolished division, the first successor first."""
    if division.valid_to is None:
        return ()
    heirs: dict[int, Division] = {}
    asked = [division.pk]
    seen = set(asked)
    while asked:
        rows = Succession.objects.filter(predecessor__in=asked).select_related("successor")
        after = [row.successor for row in rows.order_by("pk") if row.successor_id not in seen]
        seen |= {heir.pk for heir in after}
        heirs |= {heir.pk: heir for heir in after if heir.valid_to is None}
        asked = [heir.pk for heir in after if heir.valid_to is not None]
    return tuple(heirs.values())


def _children_now(parent_id: int | None) -> Any:
    below = Division.objects.filter(parent=OuterRef("pk"), valid_to=None)
    rows = Division.objects.filter(parent=parent_id, valid_to=None)
    return rows.annotate(name_then=F("name"), code_then=F("code"), has_children=Exists(below))


def _children_then(parent_id: int | None, on: date) -> Any:
    mine = Q(placements__parent=parent_id) & _holds(on, "placements__")
    below = DivisionPlacement.objects.filter(_holds(on), parent=OuterRef("pk"))
    names = DivisionName.objects.filter(_holds(on), division=OuterRef("pk"))
    codes = _codes(on).filter(division=OuterRef("pk"))
    return Division.objects.filter(mine).annotate(
        name_then=Subquery(names.values("name")[:1]),
        code_then=Coalesce(Subquery(codes.values("code")[:1]), Value("")),
        has_children=Exists(below),
    )


def _place_then(division_id: int, on: date) -> list[str]:
    """The names from the root down to the division, on that day."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH RECURSIVE up (id, depth) AS (SELECT %(id)s::bigint, 0 UNION ALL"
            " SELECT p.parent_id, depth + 1 FROM up JOIN divisions_divisionplacement p"
            " ON p.division_id = up.id AND p.parent_id IS NOT NULL AND p.valid_from <= %(on)s"
            " AND (p.valid_to IS NULL OR p.valid_to > %(on)s))"
            " SELECT n.name FROM up JOIN divisions_divisionname n ON n.division_id = up.id"
            " AND n.valid_from <= %(on)s AND (n.valid_to IS NULL OR n.valid_to > %(on)s)"
            " ORDER BY depth DESC",
            {"id": division_id, "on": on},
        )
        return [name for (name,) in cursor.fetchall()]
