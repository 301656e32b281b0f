"""What the columns of a table mean: headings of others ↔ fields of the catalogue. Pure."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from yukuai.registry.catalogue import FIELDS
from yukuai.registry.intake.files import Row, Table

KINDS = (
    "person",
    "dwelling",
    "building",
    "compound",
    "organisation",
    "facility",
    "social-org",
    "party-org",
    "office-holder",
    "project",
)
"""What a row may be. A household comes with its people; a compound is there as a division."""
ADDED = ("结果", "说明")
"""The columns of the copy that is handed back: never read again."""
PLACE = "at."
"""How the keys begin of what says where a row belongs, and is no field of its own."""
TOP = 12
"""Within how many lines the headings are looked for: above them may stand a title."""


@dataclass(frozen=True)
class Target:
    """What a column may be. `key` is a field, or a place beginning with `at.`."""

    key: str
    label: str
    aliases: tuple[str, ...] = ()
    required: bool = False
    sealed: bool = False


_BUILDING = (
    Target("at.building", "楼栋", ("楼号", "栋", "幢", "楼栋名称", "栋号", "楼栋号")),
    Target("at.compound", "小区", ("小区名称", "所在小区", "院落")),
    Target("at.entrance", "单元", ("单元号", "单元名称")),
)
PLACES: Mapping[str, tuple[Target, ...]] = {
    "person": (
        *_BUILDING,
        Target("at.floor", "楼层", ("层", "所在楼层")),
        Target("at.room", "房号", ("室", "房间号", "门牌号", "户室号")),
        Target("at.living", "居住情况", ("人户情况", "人户状态", "居住类型", "人口类型")),
        Target("at.since", "入住日期", ("居住起始", "迁入日期", "入住时间")),
        Target("at.household", "户编号", ("户号", "家庭编号", "户口簿编号"), sealed=True),
        Target("at.relation", "与户主关系", ("和户主的关系", "关系", "户主关系")),
    ),
    "dwelling": _BUILDING,
    "building": (_BUILDING[1],),
    "compound": (
        Target("at.compound", "小区", ("小区名称", "名称", "小区名", "院落"), required=True),
    ),
}


class BadMapping(ValueError):
    """The sentence says what is missing or said twice."""


def targets(kind: str) -> tuple[Target, ...]:
    """In the order in which people read them."""
    own = tuple(
        Target(one.name, one.label, one.aliases, one.required, one.sealed) for one in FIELDS[kind]
    )
    return own + PLACES.get(kind, ())


def tidy(heading: str) -> str:
    """Two headings that differ by spaces, marks or width are one."""
    plain = unicodedata.normalize("NFKC", heading)
    plain = re.sub(r"\(.*?\)", "", plain)
    return re.sub(r"[\s*:_\-/、.]", "", plain).lower()


def find_headings(kind: str, table: Table) -> int:
    """The place among `rows` of the line that names the columns: the one that says most."""
    known = _names(kind)
    scores = [sum(tidy(cell) in known for cell in row.cells) for row in table.rows[:TOP]]
    return scores.index(max(scores))


def guess(kind: str, headings: Sequence[str]) -> list[str]:
    """A key for each column, '' for those that say nothing we keep; no key twice."""
    known, taken, keys = _names(kind), set[str](), []
    for heading in headings:
        key = "" if heading in ADDED else known.get(tidy(heading), "")
        keys.append("" if key in taken else key)
        taken.add(key)
    return keys


def _names(kind: str) -> dict[str, str]:
    names: dict[str, str] = {}
    for target in targets(kind):
        for name in (target.label, *target.aliases):
            names.setdefault(tidy(name), target.key)
    return names


def check_mapping(kind: str, keys: Sequence[str]) -> None:
    """Raises BadMapping."""
    known = {target.key: target for target in targets(kind)}
    said = [key for key in keys if key]
    if unknown := set(said) - known.keys():
        raise BadMapping(f"没有“{min(unknown)}”这一项。")
    for key in said:
        if said.count(key) > 1:
            raise BadMapping(f"有两栏都对应“{known[key].label}”，只能留一栏。")
    for target in known.values():
        if target.required and target.key not in said and not _derived(kind, target.key, said):
            raise BadMapping(f"要有一栏对应“{target.label}”。")
    _check_place(kind, set(said))


def _derived(kind: str, key: str, said: Sequence[str]) -> bool:
    """The floor is told by the room."""
    return kind == "dwelling" and key == "floor" and "room" in said


def _check_place(kind: str, said: set[str]) -> None:
    if kind == "dwelling" and "at.building" not in said:
        raise BadMapping("要有一栏对应“楼栋”。")
    if kind != "person":
        return
    if {"at.room", "at.entrance", "at.floor", "at.compound"} & said and "at.building" not in said:
        raise BadMapping("写了房号或单元，还要有一栏对应“楼栋”。")
    if "at.building" in said and "at.room" not in said:
        raise BadMapping("写了楼栋，还要有一栏对应“房号”。")
    if "at.relation" in said and "at.household" not in said:
        raise BadMapping("写了与户主关系，还要有一栏对应“户编号”。")


def typed(keys: Sequence[str], row: Row) -> dict[str, str]:
    """What a line says, by key; what it leaves out is left out."""
    return {key: cell for key, cell in zip(keys, row.cells, strict=False) if key and cell}


def floor_of(room: str) -> str:
    """1203 is on the twelfth floor; '' where the number does not say."""
    digits = re.sub(r"\D", "", room)
    return str(int(digits[:-2])) if 3 <= len(digits) <= 5 else ""
