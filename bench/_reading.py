"""The reader over pages of the mix, and what it made of each against the truth.

A page gives one record, small enough to keep a million positions of them in a file: counts, and by
name every position that is not as it should be.
"""

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from bench import _ballot_mix
from bench._ballot_mix import Batch
from bench._paper import Page
from bench._voters import Truth
from yukuai.engines.ballots.reading import Read, Status, read

READ = str(Status.OK)
MARKED, EMPTY, MARGINAL = "definite", "empty", "marginal"
OFF_MM = 1.5
"""A position found farther from its place than this is a wrong one, whatever was decided."""


@dataclass
class Record:
    """Of one page. `wrong`: position, truth, decision, what was drawn there."""

    page: int
    shape: str
    dpi: int
    grade: str
    style: str
    status: str
    reason: str
    positions: int = 0
    plain: int = 0
    wrong: list[tuple[int, str, str, str]] = field(default_factory=list)
    marginal: dict[str, int] = field(default_factory=dict)
    """Plain positions left to a person, by what was drawn there."""
    unsure: dict[str, int] = field(default_factory=dict)
    """Positions that are for a person: what was drawn there and what was decided."""
    off_mm: float = 0.0
    recipe: dict[str, Any] = field(default_factory=dict)
    """Kept where something is not as it should be."""
    made_ms: float = 0.0
    read_ms: float = 0.0

    @property
    def accepted(self) -> bool:
        return self.status == READ

    def said(self) -> dict[str, Any]:
        return asdict(self)


def run_page(seed: int, number: int, shape: str = "", dpi: int = 0) -> tuple[Record, Page]:
    began = time.process_time()
    batch, side, page = _ballot_mix.page(seed, number, shape, dpi)
    made = time.process_time()
    record = judged(batch, side, page, number)
    record.made_ms = (made - began) * 1000
    record.read_ms = (time.process_time() - made) * 1000
    return record, page


def judged(batch: Batch, side: int, page: Page, number: int) -> Record:
    dpi = None if page.grade == "phone" else float(batch.dpi)
    found = read(batch.layout, page.image, dpi=dpi)
    record = Record(
        page=number,
        shape=batch.shape,
        dpi=batch.dpi,
        grade=page.grade,
        style=page.style,
        status=str(found.status),
        reason=str(found.reason or ""),
    )
    if record.accepted:
        compare(record, page, {_key(one): one for one in found.positions})
        if found.page != side + 1:
            record.wrong.append((-1, f"page {side + 1}", f"page {found.page}", "page"))
    if record.wrong or record.marginal or not record.accepted:
        record.recipe = page.recipe
    return record


def _key(one: Read) -> tuple[str, str, str]:
    return one.contest, one.option, one.column


def compare(record: Record, page: Page, found: dict[tuple[str, str, str], Read]) -> None:
    """Adds to the record what was decided of each position; `found` as the reader says it."""
    marginal: Counter[str] = Counter()
    unsure: Counter[str] = Counter()
    for index, (place, said) in enumerate(zip(page.sheet.places, page.said, strict=True)):
        one = found[place.contest, place.option, place.column]
        decision = str(one.decision)
        off = _off(page, index, one.box)
        record.positions += 1
        record.off_mm = max(record.off_mm, round(off, 2))
        if said.truth is Truth.LOOK:
            unsure[f"{said.what}: {decision}"] += 1
            continue
        record.plain += 1
        right = MARKED if said.truth is Truth.MARKED else EMPTY
        if decision == MARGINAL:
            marginal[f"{said.truth} {said.what}".strip()] += 1
        elif decision != right or off > OFF_MM:
            record.wrong.append((index, str(said.truth), decision, said.what))
    record.marginal, record.unsure = dict(marginal), dict(unsure)


def _off(page: Page, index: int, box: Sequence[float]) -> float:
    """mm between the middles of what lies around the box as found and as it is."""
    corners = page.box(index)
    x, y, w, h = box
    away = (corners.min(0) + corners.max(0)) / 2 - np.array([x + w / 2, y + h / 2])
    side = np.linalg.norm(corners[1] - corners[0]) / page.sheet.places[index].box[2]
    return float(np.linalg.norm(away) / side)
