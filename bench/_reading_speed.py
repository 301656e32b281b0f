"""How long a page takes, decoded and not, and what a second worker brings."""

import statistics
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from bench import _ballot_mix
from yukuai.engines.ballots.judging import judge
from yukuai.engines.ballots.layout import Layout
from yukuai.engines.ballots.reading import read
from yukuai.engines.ballots.records import record

Report = Callable[..., None]
AT, DPI, COUNT = 900_000, 300, 48
"""Pages of the run that no other part reads."""
SHAPE = "thirty"
QUALITY = 85
ROUNDS = 3


@dataclass(frozen=True)
class Scan:
    layout: Layout
    data: npt.NDArray[np.uint8]
    boxes: int


@lru_cache(maxsize=1)
def scans(seed: int) -> tuple[Scan, ...]:
    """A4 pages of 300 dpi as the feeder hands them over, grey JPEG."""
    found: list[Scan] = []
    number = AT
    while len(found) < COUNT:
        batch, _side, page = _ballot_mix.page(seed, number, SHAPE, DPI)
        if page.grade == "scanner" and page.image.ndim == 2:
            flags = [cv2.IMWRITE_JPEG_QUALITY, QUALITY]
            data = cv2.imencode(".jpg", page.image, flags)[1]
            found.append(Scan(batch.layout, data, len(page.sheet.places)))
        number += 1
    return tuple(found)


def _decoded(scan: Scan) -> npt.NDArray[np.uint8]:
    image = cv2.imdecode(scan.data, cv2.IMREAD_GRAYSCALE)
    assert image is not None
    return image.astype(np.uint8, copy=False)


def _taken(work: Callable[[], Any]) -> tuple[float, Any]:
    began = time.process_time()
    made = work()
    return (time.process_time() - began) * 1000, made


def speed(seed: int, report: Report) -> None:
    """Processor time of one thread, a page at a time; the median and the mean of all pages."""
    cv2.setNumThreads(1)
    decoding, reading = [], []
    for scan in (*scans(seed)[:4], *scans(seed)):
        spent, image = _taken(lambda scan=scan: _decoded(scan))
        decoding.append(spent)
        spent, _ = _taken(lambda scan=scan, image=image: _read_and_judge(scan, image))
        reading.append(spent)
    decoding, reading = decoding[4:], reading[4:]
    decode = statistics.mean(decoding)
    report(
        "ballots.ms_per_page",
        round(statistics.mean(reading), 1),
        "ms",
        counted="read and judge of a decoded A4 page at 300 dpi",
        median=round(statistics.median(reading), 1),
        worst=round(max(reading), 1),
        decoding=round(decode, 1),
        with_decoding=round(statistics.mean(reading) + decode, 1),
        pages=len(reading),
        positions_a_page=scans(seed)[0].boxes,
    )


def _read_and_judge(scan: Scan, image: npt.NDArray[np.uint8]) -> None:
    reading = read(scan.layout, image, dpi=DPI)
    list(judge(scan.layout, [record(reading, name="", frame=1)]))


def _share(seed: int) -> None:
    for scan in scans(seed):
        _read_and_judge(scan, _decoded(scan))


def scaling(seed: int, report: Report) -> None:
    """The same pages by one worker and as many again by a second, by the clock."""
    scans(seed)
    alone, both = [], []
    with ProcessPoolExecutor(2, initializer=_ready, initargs=(seed,)) as pool:
        list(pool.map(_share, [seed] * 2))
        for _ in range(ROUNDS):
            alone.append(_clock(lambda: list(pool.map(_share, [seed]))))
            both.append(_clock(lambda: list(pool.map(_share, [seed] * 2))))
    brought = 2 * min(alone) / min(both)
    report(
        "ballots.two_worker_scaling",
        round(brought, 2),
        "times",
        one_pages_a_second=round(COUNT / min(alone), 1),
        two_pages_a_second=round(2 * COUNT / min(both), 1),
    )


def _ready(seed: int) -> None:
    cv2.setNumThreads(1)
    scans(seed)


def _clock(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def sheets_a_minute(seed: int) -> dict[str, float]:
    cv2.setNumThreads(1)
    _share(seed)
    spent = min(_clock(lambda: _share(seed)) for _ in range(ROUNDS))
    return {"sheets_a_minute": 60 * COUNT / spent, "boxes": scans(seed)[0].boxes}
