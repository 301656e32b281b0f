"""The reader of ballots against pages whose truth is known. Run by `make bench-ballots`.

Real rendered papers, marked by nine pens, worn, scanned and photographed (`_paper.py`), until there
are 1,550,000 positions, or PAGES pages. Two workers (WORKERS); what is done is kept in
`$VAR/bench-ballots` and taken up again by the same SEED and code. Every wrong position and every
refused page leaves its picture there. PAGE=n makes and reads that one alone. Beside it, on sheets
of its own, stands OMRChecker.
"""

import hashlib
import json
import os
import platform
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import cv2

from bench import _ballot_mix, _omrchecker, _reading, _reading_speed
from bench._paper import Page

ROOT = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("VAR", ROOT / "var")) / "bench-ballots"
POSITIONS = 1_550_000
SEED = int(os.environ.get("SEED", "31"))
"""Not one the reader was built with: those are the small ones."""
PAGES = int(os.environ.get("PAGES", "0"))
WORKERS = int(os.environ.get("WORKERS", "2"))
SPOILED = 400
KEPT = 200
"""Pictures at most of each sort."""


def report(name: str, value: object, unit: str, **parameters: object) -> None:
    machine = f"{platform.machine()}, {os.cpu_count()} cores"
    line = {"name": name, "value": value, "unit": unit, "machine": machine}
    print(json.dumps(line | {"parameters": parameters}, ensure_ascii=False), flush=True)


def code() -> str:
    """Of what makes the pages and what reads them: results of another are not taken up."""
    made = hashlib.sha256()
    paths = [*(ROOT / "bench").glob("_*.py"), *(ROOT / "yukuai/engines/ballots").rglob("*.py")]
    for path in sorted(paths):
        made.update(path.read_bytes())
    return made.hexdigest()[:12]


def start() -> None:
    cv2.setNumThreads(1)


def one_batch(number: int, folder: Path) -> list[dict[str, Any]]:
    records = []
    for page_number in _ballot_mix.numbers(number):
        record, page = _reading.run_page(SEED, page_number)
        if record.wrong:
            keep(folder / "wrong", record.said(), page)
        elif not record.accepted:
            keep(folder / "refused", record.said(), page)
        elif record.marginal:
            keep(folder / "marginal", record.said(), page)
        records.append(record.said())
    return records


def keep(folder: Path, record: dict[str, Any], page: Page) -> None:
    """The picture, and beside it the record with where in it the positions in question are."""
    folder.mkdir(parents=True, exist_ok=True)
    if len(list(folder.glob("*.json"))) >= KEPT:
        return
    name = f"{SEED}-{record['page']}"
    cv2.imwrite(str(folder / f"{name}.png"), page.image)
    asked = [index for index, *_ in record["wrong"] if index >= 0]
    places = {index: page.box(index).round().tolist() for index in asked}
    text = json.dumps(record | {"boxes": places}, ensure_ascii=False, indent=1)
    (folder / f"{name}.json").write_text(text, encoding="utf-8")


class Run:
    """Batches one after another until there is enough, each noted when it is done."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.folder.mkdir(parents=True, exist_ok=True)
        self.notes = folder / "pages.jsonl"
        self.records = [json.loads(line) for line in self._lines()]
        self.began = time.perf_counter()
        self.taken_up = len(self.records)

    def _lines(self) -> Iterator[str]:
        if self.notes.exists():
            with self.notes.open(encoding="utf-8") as lines:
                yield from (line for line in lines if line.endswith("\n"))

    def enough(self) -> bool:
        if PAGES:
            return len(self.records) >= PAGES
        return sum(record["positions"] for record in self.records) >= POSITIONS

    def go(self) -> None:
        done = {record["page"] // _ballot_mix.BATCH for record in self.records}
        waiting = (number for number in range(10**6) if number not in done)
        with ProcessPoolExecutor(WORKERS, initializer=start) as pool:
            running: set[Any] = set()
            while not self.enough():
                while len(running) < WORKERS + 1:
                    running.add(pool.submit(one_batch, next(waiting), self.folder))
                finished, running = wait(running, return_when=FIRST_COMPLETED)
                for each in finished:
                    self.note(each.result())
            for each in running:
                each.cancel()

    def note(self, records: list[dict[str, Any]]) -> None:
        with self.notes.open("a", encoding="utf-8") as out:
            out.writelines(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
        self.records += records
        positions = sum(record["positions"] for record in self.records)
        wrong = sum(len(record["wrong"]) for record in self.records)
        refused = sum(record["status"] != _reading.READ for record in self.records)
        spent = time.perf_counter() - self.began
        pace = (len(self.records) - self.taken_up) / spent
        print(
            f"{len(self.records)} pages, {positions} positions, {wrong} wrong, {refused} refused, "
            f"{pace:.1f} pages/s",
            file=sys.stderr,
        )


def figures(records: list[dict[str, Any]]) -> None:
    read = [record for record in records if record["status"] == _reading.READ]
    positions = sum(record["positions"] for record in read)
    plain = sum(record["plain"] for record in read)
    wrong = [(record, one) for record in read for one in record["wrong"]]
    shapes = Counter(record["shape"] for record in records)
    report(
        "ballots.positions",
        positions,
        "positions",
        pages=len(records),
        seed=SEED,
        plain=plain,
        positions_a_page=round(positions / max(len(read), 1), 1),
        papers=dict(shapes),
        dpi=dict(sorted(Counter(record["dpi"] for record in records).items())),
    )
    report(
        "ballots.wrong",
        len(wrong),
        "positions",
        by_style=dict(Counter(record["style"] for record, _ in wrong)),
        by_kind=dict(Counter(f"{truth} {what} as {said}" for _, (_n, truth, said, what) in wrong)),
    )
    marginal: Counter[str] = Counter()
    styles: Counter[str] = Counter()
    for record in read:
        marginal.update(record["marginal"])
        styles[record["style"]] += sum(record["marginal"].values())
    report(
        "ballots.marginal_share",
        round(sum(marginal.values()) / max(plain, 1), 6),
        "of plain positions",
        by_kind=dict(marginal.most_common(12)),
        by_style=dict(styles.most_common()),
    )
    refusals(records)
    unsure(read)


def refusals(records: list[dict[str, Any]]) -> None:
    for grade in ("scanner", "phone"):
        pages = [record for record in records if record["grade"] == grade]
        refused = [record for record in pages if record["status"] != _reading.READ]
        report(
            f"ballots.refused_{grade}",
            round(len(refused) / max(len(pages), 1), 6),
            "of pages",
            pages=len(pages),
            refused=len(refused),
            reasons=dict(Counter(record["reason"] for record in refused)),
            dpi=dict(Counter(str(record["dpi"]) for record in refused)),
        )


def unsure(read: list[dict[str, Any]]) -> None:
    """Positions that are for a person: how many the reader leaves to one."""
    found: Counter[str] = Counter()
    for record in read:
        found.update(record["unsure"])
    left = sum(count for kind, count in found.items() if kind.endswith(_reading.MARGINAL))
    total = sum(found.values())
    share = round(left / max(total, 1), 4)
    kinds = dict(sorted(found.items()))
    report("ballots.unsure_left_to_people", share, "of unsure positions", total=total, kinds=kinds)


def spoiled(folder: Path) -> None:
    """Pages that should be refused; what a reader accepts of them is kept for looking."""
    count = min(SPOILED, PAGES or SPOILED)
    told: dict[str, Counter[str]] = {}
    for number in range(count):
        batch, side, page, kind = _ballot_mix.spoiled_page(SEED, number)
        record = _reading.judged(batch, side, page, number)
        read = "read wrong" if record.wrong else "read right"
        told.setdefault(kind, Counter())[read if record.accepted else record.reason] += 1
        if record.accepted:
            keep(folder / "spoiled", record.said(), page)
    accepted = sum(told_of["read wrong"] + told_of["read right"] for told_of in told.values())
    refused = count - accepted
    kinds = {kind: dict(reasons) for kind, reasons in told.items()}
    share = round(refused / count, 4)
    report("ballots.spoiled_refused", share, "of pages", pages=count, kinds=kinds)


def omrchecker() -> None:
    if not _omrchecker.install():
        print(f"OMRChecker could not be fetched; {_omrchecker.PUBLISHED}", file=sys.stderr)
        return
    theirs = _omrchecker.sheets_a_minute(40)
    ours = _reading_speed.sheets_a_minute(SEED)
    report(
        "ballots.sheets_a_minute",
        round(ours["sheets_a_minute"]),
        "A4 300 dpi from the JPEG, one core",
        omrchecker=round(theirs["sheets_a_minute"]),
        omrchecker_right=round(theirs["right"], 4),
        omrchecker_boxes=_omrchecker.ROWS * len(_omrchecker.COLUMNS),
        our_boxes=round(ours["boxes"]),
        commit=_omrchecker.COMMIT,
    )


def one_page(number: int) -> None:
    record, page = _reading.run_page(SEED, number)
    keep(VAR / "page", record.said(), page)
    print(json.dumps(record.said(), ensure_ascii=False, indent=1))


def main() -> None:
    start()
    if "PAGE" in os.environ:
        one_page(int(os.environ["PAGE"]))
        return
    folder = VAR / f"{SEED}-{code()}"
    run = Run(folder)
    run.go()
    figures(run.records)
    steps: list[Callable[[], None]] = [
        lambda: spoiled(folder),
        lambda: _reading_speed.speed(SEED, report),
        lambda: _reading_speed.scaling(SEED, report),
        omrchecker,
    ]
    for step in steps:
        step()


if __name__ == "__main__":
    main()
