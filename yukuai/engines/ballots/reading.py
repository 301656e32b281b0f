"""One page from a picture: what is marked, how sure that is, or why it is not read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np

from yukuai.engines.ballots import codes, light, marks
from yukuai.engines.ballots.deciding import Decision, decide, score
from yukuai.engines.ballots.layout import Layout
from yukuai.engines.ballots.lines import find_lines
from yukuai.engines.ballots.paper import Identity
from yukuai.engines.ballots.positions import Seen, Sight, look
from yukuai.engines.ballots.prepared import Prepared, prepare_layout
from yukuai.engines.ballots.raster import Colours, Grey
from yukuai.engines.ballots.refusals import Refusal, Refused

LEAST_PER_MM = 4.0


class Status(StrEnum):
    OK = "ok"
    REFUSED = "refused"


@dataclass(frozen=True)
class Scan:
    """A picture as it was handed in, with the resolution it claims, if any."""

    grey: Grey
    dpi: float | None = None
    name: str = ""


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
    work, found = locate(prepared, scan)
    said = codes.identify(work.even, found.placement, prepared.layout)
    known = prepared.known[said.page - 1]
    lines = find_lines(work.even, found.placement, known)
    sight = Sight(work.even, found.placement, known, lines)
    seen = look(sight)
    return Reading(
        status=Status.OK,
        orientation=found.placement.turned() * 90,
        identity=said,
        positions=tuple(_positions(sight, seen, work)),
    )


def locate(prepared: Prepared, scan: Scan) -> tuple[light.Work, marks.Found]:
    """Raises Refused."""
    page = prepared.layout.pages[0]
    work = light.prepare(scan.grey, factor=light.usual_factor(scan.grey, page.height))
    first = marks.find_corners(work.even, prepared.pattern)
    if first is None:
        raise Refused(Refusal.FOREIGN_PAPER)
    per_mm = first.per_mm()
    if per_mm * work.factor < LEAST_PER_MM:
        raise Refused(Refusal.TOO_SMALL)
    finer = max(1, int(per_mm * work.factor / light.WORK_PER_MM))
    if finer < work.factor and per_mm < 5.0:
        first = first.scaled(work.factor / finer)
        work = light.prepare(scan.grey, factor=finer)
    return work, marks.fit_marks(work.even, first, prepared.pattern)


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
