"""What is marked is read, whichever way the sheet lies and whatever it is drawn with."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.engines.ballots.papers import a_contest, a_spec
from tests.unit.engines.ballots.paperwork import (
    PER_MM,
    Sheet,
    mark_all,
    marked,
    photographed,
    scanned,
    unsure,
)
from yukuai.engines.ballots.reading import read

A5 = a_spec(a_contest(options=2, write_ins=1), paper="A5")
BOXES = [(option, column) for option in ("wy1", "wy2", "+1") for column in ("for", "against")]
SOME = {("wy1", "for"), ("wy2", "against")}


def of(sheet, picture, **more):
    return read(sheet.layout, picture, **more)


@settings(max_examples=8, deadline=None)
@given(
    marks=st.sets(st.sampled_from(BOXES)),
    shape=st.sampled_from(["circle", "cross", "tick", "filled"]),
    turns=st.integers(0, 3),
    skew=st.floats(-5, 5),
)
def test_any_set_of_marks_is_read_back_whichever_way_the_sheet_lies(marks, shape, turns, skew):
    sheet = mark_all(Sheet(A5), marks, shape)
    reading = of(sheet, scanned(sheet.pixels, turns=turns, skew=skew))
    assert (reading.status, reading.orientation) == ("ok", turns * 90)
    assert (marked(reading), unsure(reading)) == (marks, set())


def test_a_box_of_the_picture_is_where_the_box_of_the_layout_is():
    sheet = Sheet(A5)
    reading = of(sheet, sheet.pixels)
    for one in reading.positions:
        x, y, w, h = one.box
        box = sheet.box(one.option, one.column)
        middle = np.array([x + w / 2, y + h / 2]) / PER_MM
        assert np.abs(middle - [box.x + box.w / 2, box.y + box.h / 2]).max() < 0.15


def test_the_page_and_the_batch_come_from_the_code():
    said = a_spec(a_contest(options=40), a_contest("zr", options=2))
    other = Sheet(said | {"batch": "QS-77"}, page=2)
    reading = of(Sheet(said), scanned(other.pixels))
    assert (reading.page, reading.batch) == (2, "QS-77")


@pytest.mark.parametrize(
    ("pen", "shape"),
    [
        ({"width": 0.25, "grey": 40}, "circle"),
        ({"width": 0.4, "grey": 90}, "tick"),
        ({"width": 0.5, "grey": 60}, "cross"),
        ({"width": 0.6, "grey": 165}, "circle"),
        ({"width": 0.6, "grey": 165}, "filled"),
        ({"width": 1.2, "grey": 30}, "circle"),
        ({"width": 1.2, "grey": 110}, "filled"),
        ({"width": 2.2, "grey": 30}, "tick"),
    ],
)
def test_every_pen_is_seen(pen, shape):
    sheet = Sheet(A5)
    for option, column in SOME:
        sheet.mark(option, column, shape, **pen)
    assert (marked(of(sheet, scanned(sheet.pixels))), set()) == (SOME, set())


def test_a_phone_sees_the_same_as_a_scanner():
    sheet = mark_all(Sheet(A5), SOME)
    reading = of(sheet, photographed(sheet.pixels))
    assert (marked(reading), unsure(reading)) == (SOME, set())


def test_paper_that_stretched_and_was_folded_is_fitted_by_its_rules():
    sheet = mark_all(Sheet(A5), SOME)
    rows = sheet.pixels.shape[0]
    along = np.arange(rows * 1.012) / 1.012
    bent = along + np.where(along > rows / 2, 4, 0) * np.exp(-(((along - rows / 2) / 60) ** 2))
    picture = sheet.pixels[np.clip(bent, 0, rows - 1).astype(int)]
    reading = of(sheet, picture)
    assert (marked(reading), unsure(reading)) == (SOME, set())


def test_a_resting_pen_a_slip_and_a_smudge_are_nothing():
    sheet = mark_all(Sheet(A5), SOME)
    sheet.mark("wy1", "against", "dot", width=0.6)
    sheet.mark("wy2", "for", "dash", at=(0.5, 0.0), size=1.6, width=0.4)
    x, y, w, h = sheet.box("+1")
    down, across = np.mgrid[0 : sheet.pixels.shape[0], 0 : sheet.pixels.shape[1]] / PER_MM
    away = np.hypot(across - x - w / 2, down - y - h / 2)
    sheet.pixels = (sheet.pixels * (1 - 0.25 * np.exp(-((away / 4) ** 2)))).astype(np.uint8)
    reading = of(sheet, scanned(sheet.pixels))
    assert (marked(reading), unsure(reading)) == (SOME, set())


def test_a_mark_that_spills_into_the_next_box_is_in_its_own():
    sheet = Sheet(A5)
    sheet.mark("wy1", "for", "cross", at=(0.88, 0.5), size=7.0)
    assert marked(of(sheet, scanned(sheet.pixels))) == {("wy1", "for")}


@pytest.mark.parametrize(
    "undecided",
    [
        lambda sheet: sheet.mark("wy1", "for", "circle", at=(1.02, 0.5), size=6.0),
        lambda sheet: sheet.mark("wy1", "for", "dash", size=3.5),
        lambda sheet: sheet.mark("wy1", "for", "circle", width=0.5, grey=225),
        lambda sheet: sheet.mark("wy1", "for", "dot", width=1.7),
        lambda sheet: [
            sheet.mark("wy1", "for", "circle", size=7.0),
            *(sheet.mark("wy1", "for", "dash", at=(0.5, 0.4 + 0.1 * n), size=11) for n in range(3)),
        ],
    ],
    ids=["between", "half", "faint", "blot", "struck out"],
)
def test_what_a_clerk_would_stop_at_is_left_to_people(undecided):
    sheet = Sheet(A5)
    undecided(sheet)
    reading = of(sheet, scanned(sheet.pixels))
    assert ("wy1", "for") in unsure(reading)
    assert marked(reading) == set()


def test_a_streak_through_a_column_of_boxes_is_no_mark_and_hides_none():
    sheet = mark_all(Sheet(A5), SOME)
    picture = scanned(sheet.pixels, skew=2)
    at = round((sheet.box("wy1").x + 10) * PER_MM)
    picture[:, at] = (picture[:, at] * 0.5).astype(np.uint8)
    reading = of(sheet, picture)
    assert (marked(reading), unsure(reading)) == (SOME, set())


def test_a_name_written_beside_a_write_in_is_seen():
    sheet = Sheet(A5)
    for n in range(3):
        sheet.mark("+1", "name", "cross", at=(0.2 + 0.2 * n, 0.5))
    assert marked(of(sheet, scanned(sheet.pixels))) == {("+1", "name")}


def test_many_boxes_of_a_full_page_keep_apart():
    contest = a_contest("db", options=100, columns=["for", "against", "abstain"], write_ins=0)
    sheet = Sheet(a_spec(contest))
    places = [(one.option, one.column) for one in sheet.page.positions]
    marks = set(itertools.islice(places, 0, None, 4))
    reading = of(sheet, scanned(mark_all(sheet, marks).pixels, skew=-3, jpeg=40))
    assert (marked(reading), unsure(reading)) == (marks, set())
