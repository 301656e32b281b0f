"""READ.jsonl: a record for every picture of a scan, in order; a batch is one call."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from yukuai.engines.ballots.debugging import draw_steps
from yukuai.engines.ballots.duplicates import Batch
from yukuai.engines.ballots.images import Scan, pictures
from yukuai.engines.ballots.layout import Layout
from yukuai.engines.ballots.prepared import Prepared, prepare_layout
from yukuai.engines.ballots.reading import Reading, Status, read_page
from yukuai.engines.ballots.refusals import Refusal, Refused


def read_files(
    layout: Layout, paths: Iterable[Path], *, debug: Path | None = None
) -> Iterator[dict[str, Any]]:
    """Raises OSError; a file that is no picture is a record of its own."""
    prepared, batch = prepare_layout(layout.spec), Batch()
    for path in paths:
        yield from read_data(prepared, path.read_bytes(), name=path.name, batch=batch, debug=debug)


def read_data(
    prepared: Prepared, data: bytes, *, name: str, batch: Batch, debug: Path | None = None
) -> Iterator[dict[str, Any]]:
    """All pages of one file. `batch` is what was seen before, for a sheet that comes twice."""
    frame = 0
    try:
        for frame, scan in enumerate(pictures(data), 1):
            reading = once(read_page(prepared, scan), scan, batch)
            if debug:
                draw_steps(prepared, scan, debug, f"{Path(name).stem}-{frame}")
            yield record(reading, name=name, frame=frame)
    except Refused as refused:
        failed = Reading(Status.REFUSED, refused.reason)
        yield record(failed, name=name, frame=frame + 1)


def once(reading: Reading, scan: Scan, batch: Batch) -> Reading:
    """The same, unless this sheet was in the batch before."""
    known = batch.knows_picture(scan.grey)
    if reading.strokes is not None and batch.knows_strokes(reading.strokes):
        known = True
    if not known or reading.reason is Refusal.BLANK_PAGE:
        return reading
    return Reading(Status.REFUSED, Refusal.DUPLICATE_IMAGE, reading.orientation, reading.identity)


def record(reading: Reading, *, name: str, frame: int) -> dict[str, Any]:
    """One line."""
    return {
        "page": reading.page,
        "status": str(reading.status),
        "reason": str(reading.reason) if reading.reason else None,
        "message": reading.reason.sentence if reading.reason else None,
        "orientation": reading.orientation,
        "batch": reading.batch,
        "file": name,
        "frame": frame,
        "positions": [
            {
                "contest": one.contest,
                "option": one.option,
                "column": one.column,
                "score": one.score,
                "decision": str(one.decision),
                "box": list(one.box),
            }
            for one in reading.positions
        ],
    }
