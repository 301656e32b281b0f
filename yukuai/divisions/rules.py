"""Codes, names and levels: what holds without looking at the tree (domain.md §1.1, §1.2)."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, product
from typing import Any

from yukuai.divisions.states import CodeScheme, DivisionKind

NAME_LIMIT = 40
INITIALS_LIMIT = 170
READINGS_LIMIT = 4
SEPARATOR = " › "

PARENTS: dict[DivisionKind, tuple[DivisionKind, ...]] = {
    DivisionKind.CITY: (),
    DivisionKind.DISTRICT: (DivisionKind.CITY,),
    DivisionKind.ZONE: (DivisionKind.CITY,),
    DivisionKind.TOWNSHIP: (DivisionKind.DISTRICT, DivisionKind.ZONE),
    DivisionKind.COMMUNITY: (DivisionKind.TOWNSHIP,),
    DivisionKind.GROUP: (DivisionKind.COMMUNITY,),
    DivisionKind.GRID: (DivisionKind.COMMUNITY,),
    DivisionKind.COMPOUND: (DivisionKind.COMMUNITY,),
}
"""Under what a division of a kind may lie."""

TILING = (
    (DivisionKind.DISTRICT, DivisionKind.ZONE),
    (DivisionKind.TOWNSHIP,),
    (DivisionKind.COMMUNITY,),
    (DivisionKind.GROUP,),
    (DivisionKind.GRID,),
)
"""Kinds that together leave no ground of their parent to nobody. A compound is an island."""

_LEVELS = {2: DivisionKind.CITY, 6: DivisionKind.DISTRICT, 9: DivisionKind.TOWNSHIP}
_LEVELS[12] = DivisionKind.COMMUNITY
_PARENT_LENGTH = {2: 0, 6: 2, 9: 6, 12: 9}
_OWN = {
    DivisionKind.ZONE: re.compile(r"(?P<parent>\d{2})Z\d{2}"),
    DivisionKind.GROUP: re.compile(r"(?P<parent>\d{12})G\d{2}"),
    DivisionKind.GRID: re.compile(r"(?P<parent>\d{12})\d{3}"),
    DivisionKind.COMPOUND: re.compile(r"(?P<parent>\d{12})X\d{3}"),
}
OWN_SIGNS = {DivisionKind.GROUP: ("G", 2), DivisionKind.GRID: ("", 3)}
OWN_SIGNS[DivisionKind.COMPOUND] = ("X", 3)
"""What follows the code of the community in a code of our own: a sign and so many digits."""

_TOWNSHIPS = ((1, 99, "街道"), (100, 199, "镇"), (200, 399, "乡"), (400, 599, "政企合一单位"))
_COMMUNITIES = ((1, 199, "居民委员会"), (200, 399, "村民委员会"))
_NAME = re.compile(r"[\w·()（）-]+")

# Characters of place names that people read in more than one way; the phrase dictionary of
# pypinyin picks one, and a person who types the other must find the place too.
_READINGS = {
    "重": "cz", "长": "cz", "朝": "cz", "曾": "zc", "盛": "sc", "单": "sd", "乐": "ly",
    "厦": "xs", "堡": "bp", "弹": "dt", "种": "zc", "解": "jx", "仇": "cq", "查": "cz",
    "行": "xh", "尾": "wy", "洞": "dt", "峒": "dt", "传": "cz", "藏": "cz", "会": "hk",
    "调": "dt", "沈": "sc", "尉": "wy", "番": "fp", "校": "xj", "宿": "sx", "降": "jx",
}  # fmt: skip


class BadCode(ValueError):
    """The sentence says what is wrong with the code."""


@dataclass(frozen=True)
class Code:
    """A code taken apart: what kind of place bears it, and the code of the place above it."""

    text: str
    kind: DivisionKind
    parent: str
    sort: str = ""

    @property
    def scheme(self) -> CodeScheme:
        return CodeScheme.OWN if self.kind in _OWN else CodeScheme.STATISTICS


def parse_code(text: str) -> Code:
    """An official code (2+4+3+3 digits) or one of our own; raises BadCode."""
    for kind, pattern in _OWN.items():
        if match := pattern.fullmatch(text):
            return Code(text, kind, match["parent"])
    if not (text.isascii() and text.isdigit()):
        raise BadCode(f"编码“{text}”里只能有数字。")
    if len(text) not in _LEVELS:
        raise BadCode(f"编码“{text}”有 {len(text)} 位，应当是 2、6、9 或 12 位。")
    return Code(text, _LEVELS[len(text)], text[: _PARENT_LENGTH[len(text)]], _sort(text))


def _sort(text: str) -> str:
    """街道, 镇, 乡… or 居民委员会, 村民委员会: told by the last three digits."""
    if len(text) < 9:
        if text.endswith("00"):
            raise BadCode(f"编码“{text}”末尾不能是 00。")
        return ""
    ranges, what = (_TOWNSHIPS, "乡镇（街道）") if len(text) == 9 else (_COMMUNITIES, "村（社区）")
    last = int(text[-3:])
    for low, high, label in ranges:
        if low <= last <= high:
            return label
    segments = "、".join(f"{low:03}–{high:03} {label}" for low, high, label in ranges)
    raise BadCode(f"编码“{text}”末三位 {last:03} 不在{what}的号段里（{segments}）。")


def tidy_code(typed: str) -> str:
    """What a person typed or a table printed: padded with zeros, full-width, spaced."""
    text = "".join(unicodedata.normalize("NFKC", typed.replace("\x00", "")).split()).upper()
    if len(text) == 12 and text.isdigit():
        for zeros in ("0000000000", "000000", "000"):
            if text.endswith(zeros):
                return text[: -len(zeros)]
    if len(text) == 6 and text.endswith("0000"):
        return text[:2]
    return text


def tidy_name(typed: str) -> str:
    return "".join(unicodedata.normalize("NFC", typed).split())


def objection_to_name(name: str) -> str:
    """Why this cannot be a name, or nothing."""
    if not name:
        return "请填写名称。"
    if len(name) > NAME_LIMIT:
        return f"名称最多 {NAME_LIMIT} 个字，现在有 {len(name)} 个。"
    if not _NAME.fullmatch(name):
        return "名称里只用汉字、字母、数字、间隔号、短横和括号。"
    return ""


def objection_to_parent(kind: DivisionKind, parent: DivisionKind) -> str:
    """Why a division of this kind cannot lie under one of that kind, or nothing."""
    if parent in PARENTS[kind]:
        return ""
    wanted = "或".join(p.label for p in PARENTS[kind])
    if not wanted:
        return f"{kind.label}是最上一级，不能放在{parent.label}下面。"
    return f"{kind.label}的上级应当是{wanted}，不能是{parent.label}。"


def short_name(name: str) -> str:
    """The place without its committee: 人民村社区居民委员会 → 人民村社区."""
    for committee, ending in (("居民委员会", "社区"), ("村民委员会", "村")):
        if name.endswith(committee) and len(name) > len(committee):
            place = name.removesuffix(committee)
            return place if place.endswith(("社区", "村")) else place + ending
    return name


@lru_cache(maxsize=1 << 15)
def initials(name: str) -> str:
    """Pinyin initials, the usual reading first: 重庆市 → `cqs`, 曾家镇 → `cjz zjz`."""
    from pypinyin import Style, lazy_pinyin  # a large dictionary, wanted only when names change

    letters = [sign for sign in name if sign.isalnum()]
    each: Any = list  # a sign without a reading stands for itself
    usual = lazy_pinyin("".join(letters), style=Style.FIRST_LETTER, errors=each)
    choices = [_readings(sign, first.lower()) for sign, first in zip(letters, usual, strict=True)]
    words = islice(product(*choices), READINGS_LIMIT)  # lazily: there may be 2 ** 40
    return " ".join("".join(word) for word in words)[:INITIALS_LIMIT]


def _readings(sign: str, usual: str) -> str:
    return usual + _READINGS.get(sign, "").replace(usual, "")


def own_code(community: str, kind: DivisionKind, taken: list[str]) -> str:
    """The next free code of our own for a group, grid or compound of a community."""
    sign, digits = OWN_SIGNS[kind]
    stem = community + sign
    fitting = [code for code in taken if _OWN[kind].fullmatch(code) and code.startswith(stem)]
    numbers = [int(code[len(stem) :]) for code in fitting]
    number = max(numbers, default=0) + 1
    if number >= 10**digits:
        raise BadCode(f"{community} 下的{kind.label}编号已经用完。")
    return f"{stem}{number:0{digits}}"


def district_of(path: str) -> str:
    """The district or zone of a path, `1.2.12.` → `1.2.`: where what concerns a reserved matter is
    put on record, so that it is read by auditors and by no desk below them."""
    first = path.split(".")[:2]
    return f"{'.'.join(filter(None, first))}."


def layer_of(kind: str) -> tuple[DivisionKind, ...]:
    """The kinds among which this one's lines must fit; empty where it lies alone."""
    return next((kinds for kinds in TILING if kind in kinds), ())


def has_ground(kind: str, *, townships: int) -> bool:
    """A functional zone without townships lies across districts; the ground is theirs."""
    return kind != DivisionKind.ZONE or townships > 0
