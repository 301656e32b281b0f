"""A page to be printed and measured with a ruler, and scanned: is the paper at its true size?"""

from yukuai.engines.ballots.drawing import typeset_page
from yukuai.engines.ballots.paper import SHEETS, Box, registration_marks
from yukuai.engines.ballots.spec import Paper
from yukuai.engines.ballots.wording import Words

RULE, SIZE = 0.2, 9.5
BELOW = 16.0
STEPS = (
    "一、打印时选“实际大小”或“100%”，不要选“适合页面”。",
    "二、用尺量横竖两条刻度，{across} 毫米和 {down} 毫米两端都应对准，差不超过 1 毫米。",
    "三、四周的黑方块应当完整，不缺边，不发虚；灰阶从左到右能分出五级。",
    "四、用选举日的扫描仪扫这张纸，再看一遍方块和灰阶。",
)
GREYS = (10, 25, 50, 75, 100)


def calibration_page(paper: Paper) -> bytes:
    """The PDF. Raises NoFonts."""
    sheet = SHEETS[paper]
    area = sheet.area
    across, down = int(area.w // 50) * 50, int((area.h - 70) // 50) * 50
    title = Words("校准页", Box(area.x, area.y, area.w, 12), 20, bold=True, spread=0.3)
    steps = [
        Words(step.format(across=across, down=down), Box(area.x, y, area.w, 9), SIZE, align="left")
        for step, y in zip(STEPS, (area.y + 14 + 9 * row for row in range(4)), strict=True)
    ]
    top = area.y + 52
    fills, numbers = _rulers(Box(area.x, top, across, down))
    greys = _greys(Box(area.x + 30, top + 25, area.w - 30, 14))
    return typeset_page(
        "校准页",
        (sheet.width, sheet.height),
        fills=[*(mark.box for mark in registration_marks(sheet)), *fills],
        greys=greys,
        words=[title, *steps, *numbers],
    )


def _rulers(room: Box) -> tuple[list[Box], list[Words]]:
    """Along the top, and below it at the left, a line a millimetre."""
    fills, numbers = [], []
    for place in range(int(room.w) + 1):
        fills.append(Box(room.x + place - RULE / 2, room.y, RULE, _length(place)))
        if place % 50 == 0:
            box = Box(room.x + place - 6, room.y + 6, 12, 4)
            numbers.append(Words(str(place), box, 8))
    for place in range(int(room.h) + 1):
        y = room.y + BELOW + place
        fills.append(Box(room.x, y - RULE / 2, _length(place), RULE))
        if place % 50 == 0:
            numbers.append(Words(str(place), Box(room.x + 6, y - 2, 10, 4), 8))
    return fills, numbers


def _length(place: int) -> float:
    return 6.0 if place % 10 == 0 else 4.0 if place % 5 == 0 else 2.0


def _greys(room: Box) -> list[tuple[Box, int]]:
    wide = room.w / len(GREYS)
    return [
        (Box(room.x + wide * number, room.y, wide - 2, room.h), black)
        for number, black in enumerate(GREYS)
    ]
