"""A picture of every step of a reading, for whoever wants to know why a page was read as it was."""

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from yukuai.engines.ballots import codes, light, marks
from yukuai.engines.ballots.deciding import Decision, decide
from yukuai.engines.ballots.images import Scan
from yukuai.engines.ballots.ink import PER_MM, contrast
from yukuai.engines.ballots.lines import find_lines, hidden
from yukuai.engines.ballots.paper import Box
from yukuai.engines.ballots.placing import whole
from yukuai.engines.ballots.positions import Sight, look
from yukuai.engines.ballots.prepared import Prepared
from yukuai.engines.ballots.raster import Array, Colours, Grey
from yukuai.engines.ballots.reading import locate
from yukuai.engines.ballots.refusals import Refused

RED, GREEN, ORANGE, BLUE = (40, 40, 200), (60, 140, 30), (0, 130, 230), (190, 110, 20)
COLOURS = {Decision.EMPTY: BLUE, Decision.MARGINAL: ORANGE, Decision.DEFINITE: GREEN}


def draw_steps(prepared: Prepared, scan: Scan, folder: Path, stem: str) -> None:
    """Writes `stem-1-light.png` and so on, as far as the reading gets. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    try:
        for name, picture in _steps(prepared, scan):
            done, data = cv2.imencode(".png", picture)
            assert done
            (folder / f"{stem}-{name}.png").write_bytes(data.tobytes())
    except Refused:
        return


def _steps(prepared: Prepared, scan: Scan) -> Iterator[tuple[str, Colours]]:
    page = prepared.layout.pages[0]
    work = light.prepare(scan.grey, factor=light.usual_factor(scan.grey, page.height))
    yield "1-light", work.even
    yield "2-marks", _marks(work.even, prepared)
    place = locate(prepared, scan)
    flat = whole(place.work.even, place.placement, (page.width, page.height), PER_MM)
    yield "3-flat", flat
    code = page.code.box.inset(-4)
    yield "4-code", _cut(flat, code)
    said = codes.identify(place.work.even, place.placement, prepared.layout)
    known = prepared.known[said.page - 1]
    lines = find_lines(place.work.even, place.placement, known)
    sight = Sight(place.work.even, place.placement, known, lines)
    yield "5-ink", _ink(flat, sight)
    yield "6-decisions", _decisions(flat, sight)


def _marks(even: Grey, prepared: Prepared) -> Colours:
    picture = cv2.cvtColor(even, cv2.COLOR_GRAY2BGR)
    corners = marks.find_corners(even, prepared.pattern)
    if corners is None:
        return picture
    found = marks.fit_marks(even, corners[0], prepared.pattern)
    there = found.placement.to_picture(prepared.pattern.places)
    for (x, y), seen in zip(there, found.seen, strict=True):
        cv2.circle(picture, (round(x), round(y)), 14, GREEN if seen else RED, 2)
    return picture


def _cut(flat: Grey, box: Box) -> Grey:
    x, y, right, bottom = (round(side * PER_MM) for side in (box.x, box.y, box.right, box.bottom))
    return flat[y:bottom, x:right]


def _ink(flat: Grey, sight: Sight) -> Colours:
    """Contrast as darkness, what lies under a line in red."""
    dark: Array = contrast(flat[None])[0]
    picture = cv2.cvtColor(np.asarray(255 - 255 * dark, np.uint8), cv2.COLOR_GRAY2BGR)
    size = (flat.shape[1], flat.shape[0])
    box = np.array([[0, 0, sight.known.page.width, sight.known.page.height]])
    picture[hidden(sight.lines, box, size)[0]] = RED
    return picture


def _decisions(flat: Grey, sight: Sight) -> Colours:
    picture = cv2.cvtColor(flat, cv2.COLOR_GRAY2BGR)
    for place, one in zip(sight.known.places, look(sight), strict=True):
        x, y, w, h = place.box_mm
        x, y = x + one.off[0], y + one.off[1]
        first = round(x * PER_MM), round(y * PER_MM)
        last = round((x + w) * PER_MM), round((y + h) * PER_MM)
        cv2.rectangle(picture, first, last, COLOURS[decide(one.ink)], 3)
    return picture
