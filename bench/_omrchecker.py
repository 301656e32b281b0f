"""OMRChecker beside the reader: sheets a minute, on sheets of as many boxes with its own markers.

Fetched into a folder of its own with an environment of its own; the product needs nothing of it.
`OMRCHECKER` names another place to clone it from.
"""

import csv
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import cv2
import numpy as np

from bench import _paper, _scanner
from bench._bending import Picture
from bench._voters import Place, Sheet

ROOT = Path(__file__).resolve().parent.parent
HOME = Path(os.environ.get("VAR", ROOT / "var")) / "omrchecker"
SOURCE = os.environ.get("OMRCHECKER", "https://github.com/Udayraj123/OMRChecker")
COMMIT = "ffeb138"
NEEDS = (
    *("opencv-python-headless<5", "numpy", "deepmerge", "dotmap", "jsonschema", "matplotlib"),
    *("pandas", "rich", "screeninfo"),
)
START = """
import runpy, screeninfo, sys
screeninfo.get_monitors = lambda: [screeninfo.Monitor(0, 0, 1920, 1080)]
sys.path.insert(0, "")
runpy.run_path("main.py", run_name="__main__")
"""
"""It asks for the size of a screen even where it shows nothing."""
PUBLISHED = "its README says 200 and more sheets a minute"
PPM = 300 / 25.4
ROWS, COLUMNS = 19, ("F", "A", "B")
FIRST, ACROSS, DOWN, SIDE = (105.0, 52.0), 22.0, 11.0, 8.0
MARKER_AT, MARKER = 12.0, 12.0
"""mm: middle of a marker from the edges, and its width."""


def install() -> bool:
    """Whether it is there, or could be fetched."""
    if (HOME / "env/bin/python").exists() and (HOME / "source/main.py").exists():
        return True
    HOME.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(HOME / "source", ignore_errors=True)
    pip = [str(HOME / "env/bin/python"), "-m", "pip", "install", "-qq", *NEEDS]
    steps = (
        ["git", "clone", "-q", SOURCE, str(HOME / "source")],
        ["git", "-C", str(HOME / "source"), "checkout", "-q", COMMIT],
        [sys.executable, "-m", "venv", str(HOME / "env")],
        pip,
    )
    return all(subprocess.run(step, check=False).returncode == 0 for step in steps)


def sheets_a_minute(count: int) -> dict[str, float]:
    """`count` sheets less what the command takes for one, and the share of rows it told right."""
    few, _ = _run(1)
    many, right = _run(count)
    spent = (many - few) / (count - 1)
    return {"sheets_a_minute": 60 / spent, "ms_a_sheet": spent * 1000, "right": right}


def _run(count: int) -> tuple[float, float]:
    inputs, outputs = HOME / "inputs", HOME / "outputs"
    for folder in (inputs, outputs):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
    truths = _sheets(inputs, count)
    command = [str(HOME / "env/bin/python"), "-c", START]
    command += ["-i", str(inputs), "-o", str(outputs)]
    began = time.perf_counter()
    subprocess.run(command, cwd=HOME / "source", check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began, _right(outputs, truths)


def _sheet() -> Sheet:
    places = tuple(
        Place("c", f"o{row}", name, (FIRST[0] + ACROSS * n, FIRST[1] + DOWN * row, SIDE, SIDE))
        for row in range(ROWS)
        for n, name in enumerate(COLUMNS)
    )
    return Sheet(210, 297, places)


def _blank(sheet: Sheet, marker: Picture) -> Picture:
    page = np.full((round(sheet.height * PPM), round(sheet.width * PPM)), 255, np.uint8)
    for place in sheet.places:
        x, y, w, h = (round(side * PPM) for side in place.box)
        cv2.rectangle(page, (x, y), (x + w, y + h), 120, 2)
    side = round(MARKER * PPM)
    small = cv2.resize(marker, (side, side), interpolation=cv2.INTER_AREA)
    for x in (MARKER_AT, sheet.width - MARKER_AT):
        for y in (MARKER_AT, sheet.height - MARKER_AT):
            left, top = round(x * PPM - side / 2), round(y * PPM - side / 2)
            page[top : top + side, left : left + side] = small
    return page


def _sheets(folder: Path, count: int) -> dict[str, dict[str, str]]:
    """Plain marks of a felt pen or a filled box, straight pages: what its own samples look like."""
    sheet = _sheet()
    path = HOME / "source/samples/sample1/omr_marker.jpg"
    marker = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
    assert marker is not None
    cv2.imwrite(str(folder / "omr_marker.jpg"), marker)
    (folder / "template.json").write_text(json.dumps(_template()))
    (folder / "config.json").write_text(json.dumps(_config()))
    blank = _blank(sheet, marker)
    truths = {}
    for number in range(count):
        dice = _paper.dice_of(41, number)
        page = blank.copy()
        told = {}
        for row in range(ROWS):
            column = int(dice.integers(len(COLUMNS)))
            x, y, w, h = sheet.places[row * len(COLUMNS) + column].box
            middle = (round((x + w / 2) * PPM), round((y + h / 2) * PPM))
            cv2.circle(page, middle, round(0.42 * w * PPM), 40, -1, cv2.LINE_AA)
            told[f"o{row}"] = COLUMNS[column]
        page = _scanner.noisy(dice, page, 3)
        cv2.imwrite(str(folder / f"{number:04d}.jpg"), page, [cv2.IMWRITE_JPEG_QUALITY, 85])
        truths[f"{number:04d}.jpg"] = told
    return truths


WIDE, HIGH = 1240, 1754
"""Pixels to which it brings a page, cropped at the middles of the markers."""


def _template() -> dict[str, object]:
    across = WIDE / (210 - 2 * MARKER_AT)
    down = HIGH / (297 - 2 * MARKER_AT)
    return {
        "pageDimensions": [WIDE, HIGH],
        "bubbleDimensions": [round(SIDE * across), round(SIDE * down)],
        "preProcessors": [
            {
                "name": "CropOnMarkers",
                "options": {
                    "relativePath": "omr_marker.jpg",
                    "sheetToMarkerWidthRatio": round(210 / MARKER),
                },
            }
        ],
        "fieldBlocks": {
            "c": {
                "origin": [
                    round((FIRST[0] - MARKER_AT) * across),
                    round((FIRST[1] - MARKER_AT) * down),
                ],
                "bubblesGap": ACROSS * across,
                "labelsGap": DOWN * down,
                "direction": "horizontal",
                "bubbleValues": list(COLUMNS),
                "fieldLabels": [f"o{row}" for row in range(ROWS)],
            }
        },
    }


def _config() -> dict[str, object]:
    return {
        "dimensions": {
            "display_height": HIGH,
            "display_width": WIDE,
            "processing_height": HIGH,
            "processing_width": WIDE,
        },
        "outputs": {"show_image_level": 0},
    }


def _right(outputs: Path, truths: dict[str, dict[str, str]]) -> float:
    """Share of the rows it told right."""
    found = 0
    for path in outputs.rglob("Results*.csv"):
        with path.open(encoding="utf-8") as lines:
            for row in csv.DictReader(lines):
                truth = truths[row["file_id"]]
                found += sum(row.get(name) == told for name, told in truth.items())
    return found / (ROWS * len(truths))
