"""What is printed in words, how large, and where."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from yukuai.engines.ballots.paper import PT, Box, Sheet
from yukuai.engines.ballots.spec import Column, Contest, Paper, Spec, SpecError

LARGE = 18.0
"""The least size of a large-print paper in points (domain rule 2.5)."""
LEADING = 1.45
HEADS = {Column.FOR: "赞成", Column.AGAINST: "反对", Column.ABSTAIN: "弃权"}
SIGNS = {Column.FOR: "○", Column.AGAINST: "×", Column.ABSTAIN: "○"}


@dataclass(frozen=True)
class Words:
    """A text in a box, in the middle of its height. `spread` is the room between letters in em,
    `turn` degrees clockwise around the top left corner of the box."""

    text: str
    box: Box
    size: float
    align: str = "center"
    bold: bool = False
    grey: bool = False
    spread: float = 0.0
    turn: int = 0


@dataclass(frozen=True)
class Head:
    words: tuple[Words, ...]
    bottom: float


def width_of(text: str, size: float, spread: float = 0.0) -> float:
    """Millimetres: a Chinese character is as wide as its size, other letters about 0.6 of it."""
    em = sum(1.0 if ord(letter) > 0x2000 else 0.6 for letter in text) + spread * len(text)
    return em * size * PT


def lines_of(text: str, size: float, width: float) -> int:
    """As many as the text may need: punctuation moves a letter or two to the next line."""
    room = width - 1.2 * size * PT
    return max(1, math.ceil(width_of(text, size) / room))


def fitted(text: str, width: float, *, usual: float, least: float, lines: int = 1) -> float:
    """The largest size, not above the usual, at which the text fits. Raises SpecError."""
    size = usual
    while size >= least:
        if width_of(text, size) <= width or (lines > 1 and lines_of(text, size, width) <= lines):
            return size
        size -= 0.5
    raise SpecError(f"“{text}”太长，在这种纸上印不下。")


def least_size(spec: Spec, usual: float) -> float:
    return max(usual, LARGE) if spec.large_print else usual


def header_words(spec: Spec, sheet: Sheet, contests: Sequence[Contest], *, continued: bool) -> Head:
    area, y = sheet.area, sheet.content + 1.0
    title = spec.title + ("（续）" if continued else "")
    roomy = spec.paper is Paper.A4
    usual = least_size(spec, 13 if continued else 22 if roomy else 17)
    size = fitted(title, area.w, usual=usual, least=least_size(spec, 11), lines=2)
    height = lines_of_title(title, size, area.w) * size * LEADING * PT
    words = [Words(title, Box(area.x, y, area.w, height), size, bold=True, spread=0.04)]
    y += height + 1.0
    if continued:
        return Head(tuple(words), y + 1.0)
    below = "　".join(part for part in (spec.place, spec.term) if part and part not in spec.title)
    if below:
        size = fitted(below, area.w, usual=least_size(spec, 12), least=least_size(spec, 8))
        words.append(Words(below, Box(area.x, y, area.w, size * LEADING * PT), size))
        y += size * LEADING * PT + 1.0
    text = "说明：" + (spec.instructions or instructions(contests, brief=spec.large_print))
    size = least_size(spec, 10.5 if roomy else 9.0)
    height = lines_of(text, size, area.w) * size * LEADING * PT
    words.append(Words(text, Box(area.x, y + 0.5, area.w, height), size, align="left"))
    return Head(tuple(words), y + height + 2.5)


def lines_of_title(title: str, size: float, width: float) -> int:
    return 1 if width_of(title, size, 0.04) <= width else 2


def instructions(contests: Sequence[Contest], *, brief: bool) -> str:
    """What a voter must know, by the columns there are; in large print no more than that."""
    columns = {column for contest in contests for column in contest.columns}
    said = ["赞成的，在“赞成”栏内画○"]
    if Column.AGAINST in columns:
        said.append("反对的，在“反对”栏内画×")
    if Column.ABSTAIN in columns:
        said.append("弃权的，在“弃权”栏内画○或者不画")
    else:
        said.append("弃权的，不画任何符号")
    text = "；".join(said) + "。"
    write_ins = any(contest.write_ins for contest in contests)
    if brief:
        return text + ("另选他人的，写清姓名并画○。" if write_ins else "") + "多于应选人数的无效。"
    if write_ins:
        text += "另选他人的，在“另选他人”后面写清姓名，并在“赞成”栏内画○。"
    text += "赞成的人数（含另选）等于或者少于应选人数的有效，多于应选人数的无效。"
    return text + "请用黑色或蓝色笔，画在格子中间，不要签名或作其他记号。"


def contest_title(contest: Contest, *, continued: bool) -> str:
    return f"{contest.title}（应选 {contest.seats} 人）" + ("（续）" if continued else "")


def column_title(column: Column) -> str:
    return f"{HEADS[column]} {SIGNS[column]}"


def name_spread(name: str) -> float:
    """Short names are set apart, as on the papers people know."""
    return {2: 1.0, 3: 0.35, 4: 0.12}.get(len(name), 0.0)


def footer_words(
    spec: Spec, area: Box, *, seal: Box | None, code: Box, of: tuple[int, int]
) -> list[Words]:
    size = least_size(spec, 9.0)
    height = size * LEADING * PT
    page, pages = of
    lines = [f"批次 {spec.batch}", f"第 {page} 页 共 {pages} 页"]
    right = (seal.x if seal else code.x) - 3
    y = area.bottom - len(lines) * height
    words = [
        Words(line, Box(area.x, y + n * height, right - area.x, height), size, align="left")
        for n, line in enumerate(lines)
    ]
    if seal:
        size = least_size(spec, 8.5)
        box = Box(seal.x, seal.y + seal.h / 2 - size * PT, seal.w, 2 * size * PT)
        text = "盖章处" if spec.large_print else "选举委员会盖章"
        words.append(Words(text, box, size, grey=True))
    return words


def micro_text(spec: Spec, frame: Box, band: float) -> list[Words]:
    """Along all four sides of the frame, too fine for a copier: a copy shows a broken grey line."""
    size = 2.0
    unit = f"{spec.title}·{spec.batch}·"
    sides = [
        (frame.x, frame.y, frame.w, 0),
        (frame.x, frame.bottom - band, frame.w, 0),
        (frame.x + band, frame.y, frame.h, 90),
        (frame.right, frame.y, frame.h, 90),
    ]
    words = []
    for x, y, length, turn in sides:
        times = int((length - 4) / width_of(unit, size))
        words.append(Words(unit * times, Box(x, y, length, band), size, turn=turn))
    return words
