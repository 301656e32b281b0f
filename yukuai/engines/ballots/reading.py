"""One page from a picture: what is marked, how sure that is, or why it is not read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np

from yukuai.engines.ballots import codes, light, marks, wholeness
from yukuai.engines.ballots.deciding import Decision, decide, score
from yukuai.engines.ballots.duplicates import Strokes
from yukuai.engines.ballots.images import Scan
from yukuai.engines.ballots.layout import Layout
from yukuai.engines.ballots.lines import find_lines
from yukuai.engines.ballots.paper import Identity
from yukuai.engines.ballots.placing import Placement
from yukuai.engines.ballots.positions import Seen, Sight, look
from yukuai.engines.ballots.prepared import Prepared, prepare_layout
from yukuai.engines.ballots.raster import Array, Colours, Grey
from yukuai.engines.ballots.refusals import Refusal, Refused

LEAST_PER_MM, ROUGH_PER_MM = 4.0, 5.0


class Status(StrEnum):
    OK = "ok"
    REFUSED = "refused"


@dataclass(frozen=True)
class Read:
    """One position, or the field of a name (`column` is `name`). `box` is upright in pixels of the
    scan: x, y, w, h."""

    contest: str
    option: str
    column: str
    score: float
    decision: Decision
    box: tuple[int, int, int, int]


@dataclass(frozen=True)
class Reading:
    """`orientation` is by how many degrees, clockwise, the picture shows the page turned."""

    status: Status
    reason: Refusal | None = None
    orientation: int | None = None
    identity: Identity | None = None
    positions: tuple[Read, ...] = ()
    strokes: Strokes | None = None

    @property
    def page(self) -> int | None:
        return self.identity.page if self.identity else None

    @property
    def batch(self) -> str | None:
        return self.identity.batch if self.identity else None


def read(layout: Layout, picture: Grey | Colours, *, dpi: float | None = None) -> Reading:
    """Of a decoded picture, grey or BGR."""
    grey = picture if picture.ndim == 2 else cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    return read_page(prepare_layout(layout.spec), Scan(np.asarray(grey, np.uint8), dpi))


def read_page(prepared: Prepared, scan: Scan) -> Reading:
    """Never raises for what is on the picture: what cannot be read is refused with a reason."""
    try:
        return _read(prepared, scan)
    except Refused as refused:
        return Reading(Status.REFUSED, refused.reason)


def _read(prepared: Prepared, scan: Scan) -> Reading:
    place = locate(prepared, scan)
    said = codes.identify(place.work.even, place.placement, prepared.layout)
    known = prepared.known[said.page - 1]
    wholeness.check_single(place.work, place.squares, place.placement, prepared.pattern, known)
    wholeness.check_covered(place.work, place.placement, known)
    wholeness.check_print(place.work.even, place.placement, known)
    lines = find_lines(place.work.even, place.placement, known)
    sight = Sight(place.work.even, place.placement, known, lines)
    seen = look(sight)
    return Reading(
        status=Status.OK,
        orientation=place.placement.turned() * 90,
        identity=said,
        positions=tuple(_positions(sight, seen, place.work)),
        strokes=_strokes(said.page, seen),
    )


@dataclass(frozen=True)
class Place:
    """Where the page lies in a picture; `squares` are all that look like marks."""

    work: light.Work
    placement: Placement
    squares: Array


def locate(prepared: Prepared, scan: Scan) -> Place:
    """Raises Refused."""
    page = prepared.layout.pages[0]
    work = light.prepare(scan.grey, factor=light.usual_factor(scan.grey, page.height))
    corners = marks.find_corners(work.even, prepared.pattern)
    if corners is None:
        raise Refused(wholeness.why_not_found(work.even, prepared.layout))
    first, squares = corners
    per_mm = first.per_mm()
    if per_mm * work.factor < LEAST_PER_MM:
        raise Refused(Refusal.TOO_SMALL)
    finer = max(1, int(per_mm * work.factor / light.WORK_PER_MM))
    if finer < work.factor and per_mm < ROUGH_PER_MM:
        first, squares = first.scaled(work.factor / finer), squares * (work.factor / finer)
        work = light.prepare(scan.grey, factor=finer)
    found = marks.fit_marks(work.even, first, prepared.pattern)
    wholeness.check_marks(found, prepared.pattern)
    wholeness.check_scale(found.placement, work.factor, scan.dpi)
    return Place(work, found.placement, squares)


def _strokes(page: int, seen: Sequence[Seen]) -> Strokes:
    held = [(row, one.strokes) for row, one in enumerate(seen) if one.strokes is not None]
    return Strokes((page, *(row for row, _marks in held)), tuple(marks for _row, marks in held))


def _positions(sight: Sight, seen: Sequence[Seen], work: light.Work) -> Iterator[Read]:
    places = sight.known.places
    for place, one, box in zip(places, seen, _boxes(sight, work), strict=True):
        yield Read(
            contest=place.contest,
            option=place.option,
            column=place.column,
            score=score(one.ink),
            decision=decide(one.ink),
            box=(box[0], box[1], box[2], box[3]),
        )


def _boxes(sight: Sight, work: light.Work) -> list[list[int]]:
    """Upright rectangles in the scan around each place."""
    x, y, w, h = np.array([place.box_mm for place in sight.known.places]).T
    corners = np.stack([x, y, x + w, y, x + w, y + h, x, y + h], axis=1).reshape(-1, 4, 2)
    there = work.to_scan(sight.placement.to_picture(corners))
    low, high = np.floor(there.min(axis=1)), np.ceil(there.max(axis=1))
    boxes: list[list[int]] = np.concatenate([low, high - low], axis=1).astype(int).tolist()
    return boxes
