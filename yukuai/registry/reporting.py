"""What a report may hold: its columns, conditions and levels. Pure.

A report is over one kind of the catalogue: a row is a record of it, or a count of them by place.
Its columns are the fields of that kind and of what the register joins to it (a person lives in a
dwelling, a dwelling lies in a building and a grid), named `dwelling.room`; nothing is listed twice.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from yukuai.registry.catalogue import FIELDS, BadValue, Field, Level, Sort, read_value

JOINED: Mapping[str, tuple[str, ...]] = {
    "person": ("household", "dwelling", "building"),
    "household": ("dwelling", "building"),
    "dwelling": ("building",),
    "organisation": ("dwelling", "building"),
}
"""Whose fields a record of this kind reaches besides its own."""
WORDS = {"household": "户", "dwelling": "房屋", "building": "楼栋"}
"""What stands before the label of a joined field whose plain label is taken already."""
DERIVED, PLACE, SPELL = "derived", "place", "spell"
"""Sources of columns that are no field of a record: reckoned, where it lies, how it belongs."""
_CELLS = (
    Field("compound", "小区", level=Level.PUBLIC, aliases=("小区名称", "所在小区")),
    Field("group", "小组", level=Level.PUBLIC, aliases=("村民小组", "居民小组", "村（居）民小组")),
    Field("grid", "网格", level=Level.PUBLIC, aliases=("所属网格", "网格名称")),
)
_ENTRANCE = Field("entrance", "单元", level=Level.INSIDE, aliases=("单元号",))
_COMMUNITY = Field("community", "村（社区）", level=Level.PUBLIC, aliases=("社区", "村", "村居"))
_PLACES: Mapping[str, tuple[Field, ...]] = {
    "person": (_ENTRANCE, *_CELLS),
    "household": (_ENTRANCE, *_CELLS),
    "dwelling": (_ENTRANCE, *_CELLS),
    "organisation": (_ENTRANCE, *_CELLS),
    "building": _CELLS,
    "compound": _CELLS[:1],
}
_SPELLS: Mapping[str, tuple[Field, ...]] = {
    "person": (
        Field("living", "居住情况", Sort.CODE, "living", aliases=("居住类型", "人户情况")),
        Field("relation", "与户主关系", Sort.CODE, "relation", aliases=("家庭关系",)),
        Field("care", "特殊服务类别", Sort.CODE, "care", aliases=("人员类别", "特殊类别")),
    ),
}
_RECKONED: Mapping[str, tuple[Field, ...]] = {
    "person": (Field("age", "年龄", Sort.INTEGER, least=0, most=150, aliases=("周岁", "岁数")),),
}
PERSONAL = frozenset({"person", "household"})
"""Kinds whose every row is about somebody, whatever its columns."""
BY = {
    "township": "乡镇（街道）",
    "community": "村（社区）",
    "compound": "小区",
    "group": "小组",
    "grid": "网格",
    "building": "楼栋",
}
"""What a summary counts by."""
WIDE = frozenset({"township", "community"})
"""Wide enough that a count tells nobody's neighbours anything; the others need REGISTRY_VIEW."""
IN_HOMES = frozenset({"person", "household", "dwelling", "organisation"})
NOBODY = "未登记"
MOST_COLUMNS, MOST_FILTERS = 40, 8


@dataclass(frozen=True)
class Column:
    """`source` is the kind of the record that bears the field, or DERIVED, PLACE, SPELL."""

    name: str
    label: str
    source: str
    field: Field

    @property
    def is_personal(self) -> bool:
        return self.field.level in (Level.PERSONAL, Level.SENSITIVE) or self.field.sealed


def _columns(kind: str) -> tuple[Column, ...]:
    found: list[Column] = []
    parts: list[tuple[str, Iterable[Field]]] = [(kind, FIELDS[kind])]
    parts += [(DERIVED, _RECKONED.get(kind, ())), (SPELL, _SPELLS.get(kind, ()))]
    parts += [(joined, FIELDS[joined]) for joined in JOINED.get(kind, ())]
    parts += [(PLACE, (*_PLACES.get(kind, ()), _COMMUNITY))]
    taken: set[str] = set()
    for source, fields in parts:
        for field in fields:
            label = field.label
            if label in taken:
                label = f"{WORDS[source]}的{label}" if source in WORDS else label
            taken.add(label)
            found.append(Column(f"{source}.{field.name}", label, source, field))
    return tuple(found)


COLUMNS: Mapping[str, tuple[Column, ...]] = {kind: _columns(kind) for kind in FIELDS}
"""By kind, in the order in which people read them."""
_BY_NAME = {kind: {one.name: one for one in columns} for kind, columns in COLUMNS.items()}


def column_of(kind: str, name: str) -> Column:
    """Raises KeyError."""
    return _BY_NAME[kind][name]


HOW = {
    "is": "是",
    "not": "不是",
    "has": "含有",
    "least": "不小于",
    "most": "不大于",
    "from": "不早于",
    "until": "不晚于",
    "known": "已登记",
    "empty": "没有登记",
}
"""How a field is compared; the last two need no value."""
WITHOUT_VALUE = ("known", "empty")
_COMPARED: Mapping[Sort, tuple[str, ...]] = {
    Sort.TEXT: ("is", "not", "has"),
    Sort.CODE: ("is", "not"),
    Sort.YES_NO: ("is",),
    Sort.INTEGER: ("is", "least", "most"),
    Sort.DECIMAL: ("least", "most"),
    Sort.DATE: ("from", "until"),
    Sort.USCC: ("is",),
}


def comparisons(column: Column) -> tuple[str, ...]:
    """A sealed value is compared with nothing: whoever may not open it must not guess it."""
    if column.field.sealed:
        return WITHOUT_VALUE
    return (*_COMPARED.get(column.field.sort, ()), *WITHOUT_VALUE)


@dataclass(frozen=True)
class Filter:
    column: str
    how: str
    value: str = ""


@dataclass(frozen=True)
class Shape:
    """What a report asks of the register. `by` is empty where a row is one record; `split` parts
    the count of a summary by the codes of one column."""

    kind: str
    by: str = ""
    columns: tuple[str, ...] = ()
    split: str = ""
    filters: tuple[Filter, ...] = ()
    order: str = ""

    @property
    def is_summary(self) -> bool:
        return bool(self.by)

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "by": self.by,
            "columns": list(self.columns),
            "split": self.split,
            "filters": [[one.column, one.how, one.value] for one in self.filters],
            "order": self.order,
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Shape":
        return cls(
            kept["kind"],
            kept["by"],
            tuple(kept["columns"]),
            kept["split"],
            tuple(Filter(*one) for one in kept["filters"]),
            kept["order"],
        )


class BadShape(ValueError):
    """`part` is the field of the form, the sentence what to do about it."""

    def __init__(self, part: str, sentence: str) -> None:
        super().__init__(sentence)
        self.part = part


Codes = Mapping[str, Mapping[str, str]]
"""Labels by code, by code set."""


def check_shape(shape: Shape, *, codes: Codes, today: date) -> Shape:
    """The shape with its values as they are kept. Raises BadShape."""
    if shape.kind not in COLUMNS:
        raise BadShape("kind", "选一类底数。")
    known = _BY_NAME[shape.kind]
    if shape.is_summary:
        _check_summary(shape)
    elif not shape.columns:
        raise BadShape("columns", "至少选一栏。")
    if len(shape.columns) > MOST_COLUMNS:
        raise BadShape("columns", f"最多 {MOST_COLUMNS} 栏。")
    if set(shape.columns) - known.keys() or len(set(shape.columns)) < len(shape.columns):
        raise BadShape("columns", "有一栏认不出来，请重新选。")
    if shape.order and (shape.order not in known or not sortable(known[shape.order])):
        raise BadShape("order", "不能按这一栏排序。")
    if len(shape.filters) > MOST_FILTERS:
        raise BadShape("filters", f"最多 {MOST_FILTERS} 个条件。")
    filters = tuple(_checked(shape.kind, one, codes, today) for one in shape.filters)
    columns = () if shape.is_summary else shape.columns
    order = "" if shape.is_summary else shape.order
    split = shape.split if shape.is_summary else ""
    return Shape(shape.kind, shape.by, columns, split, filters, order)


def sortable(column: Column) -> bool:
    return not column.field.sealed and column.source not in (SPELL, DERIVED)


def splits(kind: str) -> tuple[Column, ...]:
    """By what a count may be parted: few codes of the record itself."""
    few = {"sex", "dwelling-status", "dwelling-usage", "household", "organisation", "social-org"}
    few |= {"party-org", "facility", "office-body", "project", "funding"}
    return tuple(one for one in COLUMNS[kind] if one.source == kind and one.field.codes in few)


def counted_by(kind: str) -> tuple[str, ...]:
    """By which places this kind is counted."""
    if kind in IN_HOMES:
        return tuple(BY)
    return tuple(by for by in BY if by in WIDE or (kind == "building" and by != "building"))


def _check_summary(shape: Shape) -> None:
    if shape.by not in counted_by(shape.kind):
        raise BadShape("by", "这一类底数不能按这个汇总。")
    if shape.split and shape.split not in {one.name for one in splits(shape.kind)}:
        raise BadShape("split", "不能按这一栏分开数。")


def _checked(kind: str, one: Filter, codes: Codes, today: date) -> Filter:
    column = _BY_NAME[kind].get(one.column)
    if column is None or one.how not in comparisons(column):
        raise BadShape("filters", "有一个条件认不出来，请重新选。")
    if one.how in WITHOUT_VALUE:
        return Filter(one.column, one.how)
    field = column.field
    if not one.value.strip():
        raise BadShape("filters", f"“{column.label}”这个条件还没有写值。")
    try:
        value = read_value(field, one.value, codes=codes.get(field.codes, {}), today=today)
    except BadValue as error:
        raise BadShape("filters", str(error)) from error
    return Filter(one.column, one.how, value)


def uses_care(shape: Shape) -> bool:
    """Care tags are for whoever serves; counts of them too (domain.md §5.1)."""
    return any("spell.care" in one for one in _used(shape))


def _used(shape: Shape) -> Sequence[str]:
    return [*shape.columns, *(one.column for one in shape.filters), shape.split]


def is_narrow(shape: Shape) -> bool:
    """A summary whose counts are small enough to point at a door."""
    return shape.is_summary and shape.by not in WIDE


def needs_approval(shape: Shape, columns: Iterable[str]) -> bool:
    """Does what is handed out say anything about a person?"""
    if shape.is_summary:
        return False
    chosen = (column_of(shape.kind, name) for name in columns)
    return shape.kind in PERSONAL or any(one.is_personal for one in chosen)


def may_leave(column: Column, *, sensitive: bool) -> bool:
    """L4 stays inside (domain.md §5.4: 不可导出) unless the installation says otherwise."""
    return sensitive or column.field.level is not Level.SENSITIVE


CHILD = 14
"""Whoever has not completed so many years is a child, and all that is known of him L4 (PIPL 28, 31;
domain.md §5.4)."""


def say_children(number: int) -> str:
    """Why a file has fewer rows than the report; empty where it has not."""
    if not number:
        return ""
    return f"不满 {CHILD} 周岁的 {number} 人不能导出，只能在平台里按用途打开看。"


def age_on(born: date, day: date) -> int:
    """Completed years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def born_by(day: date, years: int) -> date:
    """The last birth date of whoever has completed so many years."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # the 29th of February, in a year that has none
        return day.replace(year=day.year - years, day=28)


def say_filter(kind: str, one: Filter, *, codes: Codes) -> str:
    """年龄 不小于 60"""
    column = column_of(kind, one.column)
    value = codes.get(column.field.codes, {}).get(one.value, one.value)
    if column.field.sort is Sort.YES_NO:
        value = {"1": "是", "0": "否"}.get(one.value, one.value)
    return " ".join(filter(None, (column.label, HOW[one.how], value)))
