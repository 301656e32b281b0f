"""From files to records, the command line, and the same sheet twice."""

import json
from io import BytesIO

import cv2
import numpy as np
import pypdfium2
import pytest
from PIL import Image

from tests.unit.engines.ballots.papers import a_contest, a_spec
from tests.unit.engines.ballots.paperwork import Sheet, mark_all, marked, photographed, scanned
from yukuai.engines.ballots.__main__ import main
from yukuai.engines.ballots.drawing import render
from yukuai.engines.ballots.duplicates import Batch
from yukuai.engines.ballots.images import Scan, pictures
from yukuai.engines.ballots.prepared import prepare_layout
from yukuai.engines.ballots.reading import read_page
from yukuai.engines.ballots.records import once, read_data
from yukuai.engines.ballots.refusals import Refusal, Refused

A5 = a_spec(a_contest(options=2, write_ins=1), paper="A5")
SOME = {("wy1", "for"), ("wy2", "against")}


@pytest.fixture(scope="module")
def picture():
    return scanned(mark_all(Sheet(A5), SOME).pixels)


def encoded(kind, *frames, **how):
    out = BytesIO()
    first, *more = [Image.fromarray(frame) for frame in frames]
    if kind == "TIFF":
        how |= {"save_all": True, "append_images": more}
    first.save(out, kind, **how)
    return out.getvalue()


@pytest.mark.parametrize(
    ("kind", "how", "dpi"),
    [
        ("PNG", {"dpi": (150, 150)}, 150),
        ("PNG", {}, None),
        ("JPEG", {"dpi": (150, 150)}, 150),
        ("TIFF", {"dpi": (150, 150), "compression": "tiff_lzw"}, 150),
    ],
)
def test_a_picture_is_read_with_the_resolution_it_claims(picture, kind, how, dpi):
    (scan,) = pictures(encoded(kind, picture, **how))
    assert scan.grey.shape == picture.shape
    assert scan.dpi == pytest.approx(dpi, abs=0.1) if dpi else scan.dpi is None
    assert np.abs(scan.grey.astype(int) - picture).mean() < 3


def test_a_camera_says_nothing_of_resolution(picture):
    made = Image.Exif()
    made[271] = "a phone"
    (scan,) = pictures(encoded("JPEG", picture, dpi=(300, 300), exif=made))
    assert scan.dpi is None


def test_pages_of_a_tiff_come_one_by_one_in_black_and_white_too(picture):
    white = np.full_like(picture, 255)
    data = encoded("TIFF", picture > 128, white > 128, compression="group4")
    first, second = pictures(data)
    reading = read_page(prepare_layout(Sheet(A5).spec), first)
    assert marked(reading) == SOME
    assert second.grey.min() == 255


def test_a_pdf_is_read_as_it_was_printed():
    sheet = Sheet(a_spec(a_contest(options=40)))
    scans = list(pictures(render(sheet.layout)))
    prepared = prepare_layout(sheet.spec)
    readings = [read_page(prepared, scan) for scan in scans]
    assert [(one.page, one.orientation, marked(one)) for one in readings] == [
        (page.number, 0, set()) for page in sheet.layout.pages
    ]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"%PDF-1.7 nothing",
        b"II*\0 nothing",
        b"\x89PNG\r\n\x1a\n nothing",
        b"GIF89a",
        b"\xff\xd8\xff",
    ],
)
def test_a_file_that_is_no_picture_is_refused(data):
    with pytest.raises(Refused) as told:
        list(pictures(data))
    assert told.value.reason is Refusal.UNREADABLE_FILE


def test_a_picture_larger_than_any_scan_is_refused_before_it_is_unpacked():
    data = encoded("PNG", np.zeros((1, 1), np.uint8))
    lying = bytearray(data)
    lying[16:24] = (60_000).to_bytes(4, "big") * 2
    with pytest.raises(Refused):
        list(pictures(bytes(lying)))
    document = pypdfium2.PdfDocument.new()
    document.new_page(20_000, 20_000)
    out = BytesIO()
    document.save(out)
    with pytest.raises(Refused):
        list(pictures(out.getvalue()))


def test_a_broken_page_ends_a_file_and_not_the_batch(picture):
    prepared, batch = prepare_layout(Sheet(A5).spec), Batch()
    lines = [
        *read_data(prepared, b"nothing", name="a.png", batch=batch),
        *read_data(prepared, encoded("PNG", picture), name="b.png", batch=batch),
    ]
    assert [(line["file"], line["reason"]) for line in lines] == [
        ("a.png", "UNREADABLE_FILE"),
        ("b.png", None),
    ]


# The same sheet twice

MANY = a_spec(a_contest(options=6, write_ins=0), paper="A5")


def hand(seed):
    """One of many voters who all mark the same boxes."""
    dice = np.random.default_rng(seed)
    sheet = Sheet(MANY)
    for option in ("wy1", "wy2", "wy3", "wy4"):
        at = dice.normal(0.5, 0.05, 2)
        sheet.mark(option, "for", "circle", at=tuple(at), size=dice.uniform(5.0, 6.5))
    return sheet.pixels


def reasons(*pictures):
    prepared, batch = prepare_layout(Sheet(MANY).spec), Batch()
    scans = [Scan(picture) for picture in pictures]
    return [once(read_page(prepared, scan), scan, batch).reason for scan in scans]


def test_the_same_picture_and_the_same_sheet_scanned_again_are_refused():
    sheet = hand(1)
    first = scanned(sheet, seed=1)
    again = scanned(sheet, seed=2, skew=2, turns=2, jpeg=60)
    photo = photographed(sheet)
    twice = Refusal.DUPLICATE_IMAGE
    assert reasons(first, first, again, photo) == [None, twice, twice, twice]


def test_other_voters_who_mark_the_same_boxes_are_not():
    assert reasons(*(scanned(hand(seed), seed=seed) for seed in range(8))) == [None] * 8


def test_blank_ballots_look_alike_and_are_each_counted():
    pixels = Sheet(MANY).pixels
    assert reasons(scanned(pixels, seed=1), scanned(pixels, seed=2)) == [None, None]


# The command line


@pytest.fixture
def desk(tmp_path):
    (tmp_path / "SPEC.json").write_text(json.dumps(A5))
    return tmp_path


def lines(text):
    return [json.loads(line) for line in text.splitlines()]


def test_a_paper_goes_from_spec_to_judgement_on_the_command_line(desk, picture, capsys):
    cv2.imwrite(str(desk / "scan.png"), picture)
    spec = str(desk / "SPEC.json")
    assert main(["render", spec, str(desk / "paper.pdf")]) == 0
    assert (desk / "paper.pdf").read_bytes() == render(Sheet(A5).layout)
    assert main(["read", spec, str(desk / "scan.png"), str(desk / "paper.pdf")]) == 0
    said = capsys.readouterr().out
    first, _printed = lines(said)
    assert list(first)[:5] == ["page", "status", "reason", "message", "orientation"]
    assert (first["page"], first["status"], first["orientation"], first["batch"]) == (
        1,
        "ok",
        0,
        "QS-01",
    )
    assert {
        (one["option"], one["column"]) for one in first["positions"] if one["decision"] != "empty"
    } == SOME
    assert all(len(one["box"]) == 4 and 0 <= one["score"] <= 1 for one in first["positions"])
    (desk / "READ.jsonl").write_text(said)
    (desk / "RULES.json").write_text('{"overvote": "BALLOT"}')
    rules = ["--rules", str(desk / "RULES.json")]
    assert main(["judge", spec, str(desk / "READ.jsonl"), *rules]) == 0
    marked_one, blank_one = lines(capsys.readouterr().out)
    assert marked_one["contests"]["wy"]["for"] == ["wy1"]
    assert (marked_one["ballot"], blank_one["ballot"], blank_one["status"]) == (
        "QS-01-1",
        "QS-01-2",
        "BLANK",
    )


def test_every_step_can_be_looked_at(desk, picture, capsys):
    cv2.imwrite(str(desk / "scan.png"), picture)
    debug = ["--debug", str(desk / "steps")]
    assert main(["read", str(desk / "SPEC.json"), str(desk / "scan.png"), *debug]) == 0
    names = sorted(path.name for path in (desk / "steps").iterdir())
    steps = ("1-light", "2-marks", "3-flat", "4-code", "5-ink", "6-decisions")
    assert names == [f"scan-1-{step}.png" for step in steps]


def test_the_calibration_page_has_the_marks_of_a_ballot(desk):
    assert main(["calibrate", "A5", str(desk / "page.pdf")]) == 0
    (scan,) = pictures((desk / "page.pdf").read_bytes())
    reading = read_page(prepare_layout(Sheet(A5).spec), scan)
    assert reading.reason is Refusal.UNREADABLE_CODE


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("SPEC.json", "{", "不是有效的 JSON"),
        ("SPEC.json", json.dumps(A5 | {"paper": "B5"}), "paper 应当是 A4 或 A5"),
        ("READ.jsonl", "{}\n[]", "第 2 行"),
        ("RULES.json", '{"colour": 1}', "不认识的判票参数"),
    ],
)
def test_what_cannot_be_used_is_told_in_a_sentence(desk, capsys, name, content, sentence):
    (desk / "READ.jsonl").write_text("")
    (desk / "RULES.json").write_text("{}")
    (desk / name).write_text(content)
    given = [str(desk / one) for one in ("SPEC.json", "READ.jsonl")]
    assert main(["judge", *given, "--rules", str(desk / "RULES.json")]) == 2
    assert sentence in capsys.readouterr().err


def test_a_file_that_is_not_there_is_told(desk, capsys):
    assert main(["read", str(desk / "SPEC.json"), str(desk / "no.png")]) == 2
    assert "no.png" in capsys.readouterr().err
