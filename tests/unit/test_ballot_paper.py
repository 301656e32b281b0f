"""The pictures of the ballots' bench: what is said of a page is what was drawn on it."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from bench import _paper, _pens, _phone, _scanner, _spoiled
from bench._voters import Place, Sheet, Truth, Voter

PPM = 200 / 25.4
ROWS = 12


def sheet() -> Sheet:
    places = tuple(
        Place("c", f"o{row}", column, (60.0 + 13 * index, 30.0 + 11 * row, 8.0, 8.0))
        for row in range(ROWS)
        for index, column in enumerate(("for", "against", "abstain"))
    )
    return Sheet(
        148, 210, places, {("c", f"o{ROWS - 1}"): (12.0, 30.0 + 11 * (ROWS - 1), 40.0, 8.0)}
    )


def blank(of: Sheet) -> np.ndarray:
    page = np.full((round(of.height * PPM), round(of.width * PPM)), 255, np.uint8)
    for x, y, w, h in (place.box for place in of.places):
        corners = [(round(a * PPM), round(b * PPM)) for a, b in ((x, y), (x + w, y + h))]
        cv2.rectangle(page, corners[0], corners[1], 0, 2)
    return page


def voter(number: int, page: np.ndarray) -> Voter:
    return Voter(_paper.dice_of(11, number), sheet(), page, PPM)


def inside(page: np.ndarray, box: tuple[float, float, float, float]) -> np.ndarray:
    """What is in a box, without its printed line."""
    x, y, w, h = (round(side * PPM) for side in box)
    return page[y + 3 : y + h - 2, x + 3 : x + w - 2]


def ink(page: np.ndarray) -> float:
    return float((255 - page.astype(int)).sum()) / 255 / PPM**2


@pytest.mark.parametrize("grade", _paper.GRADES)
def test_one_seed_makes_one_picture_and_the_next_number_another(grade: str) -> None:
    first, again, other = (
        _paper.make(_paper.dice_of(3, number), sheet(), blank(sheet()), PPM, grade)
        for number in (5, 5, 6)
    )
    assert np.array_equal(first.image, again.image)
    assert (first.said, first.recipe) == (again.said, again.recipe)
    assert first.recipe != other.recipe


def test_a_page_nobody_marked_is_the_printed_page() -> None:
    page = blank(sheet())
    someone = voter(0, page)
    someone._stray = someone._unsure = lambda row: None  # type: ignore[method-assign]
    filled = someone.fill(0.0)
    assert np.array_equal(page, blank(sheet()))
    assert {said.truth for said in filled.said} == {Truth.EMPTY}


def test_every_style_comes_and_its_plain_marks_lie_in_their_boxes() -> None:
    styles = set()
    for number in range(40):
        page = np.full_like(blank(sheet()), 255)
        filled = voter(number, page).fill(0.9)
        styles.add(filled.style)
        for place, said in zip(sheet().places, filled.said, strict=True):
            found = ink(inside(page, place.box))
            if said.truth is Truth.MARKED:
                assert found > 0.8, (number, filled.style, place.option, place.column)
            elif said.truth is Truth.EMPTY and not said.what:
                assert found < 3.2, (number, filled.style, place.option, place.column)
    assert styles == set(_pens.STYLES)


def test_a_plain_mark_has_two_thirds_of_its_ink_in_its_box_whatever_the_hand() -> None:
    for number in range(60):
        someone = voter(number, blank(sheet()))
        box = someone.sheet.places[4].box
        drawn = someone._mark(4)
        assert drawn.within(box, PPM) >= 0.66 * drawn.total
        assert all(
            drawn.within(place.box, PPM) <= 0.14 * drawn.total
            for place in someone.sheet.places
            if place.box != box
        )


def test_dots_and_slips_are_small_and_leave_a_box_empty() -> None:
    seen = set()
    for number in range(500):
        page = np.full_like(blank(sheet()), 255)
        someone = voter(number, page)
        someone._stray([7])
        said = someone.said[7]
        assert said.truth is Truth.EMPTY
        seen.add(said.what)
        assert ink(page) < 0.75 if said.what else page.min() == 255
    assert seen == {"", "dot", "slip"}


def test_what_is_made_unsure_is_for_a_person() -> None:
    seen = set()
    for number in range(60):
        page = np.full_like(blank(sheet()), 255)
        someone = voter(number, page)
        someone._unsure([3, 4, 5])
        said = [someone.said[index] for index in (3, 4, 5)]
        unsure = [one for one in said if one.truth is Truth.LOOK]
        assert unsure
        seen |= {one.what for one in unsure}
        assert ink(page) > 0.03
    assert seen == {"struck out", "faint", "half", "blot", "rubbed out", "between"}


def test_a_name_is_written_only_beside_a_mark_of_its_row() -> None:
    name = sheet().names["c", f"o{ROWS - 1}"]
    seen = set()
    for number in range(60):
        page = np.full_like(blank(sheet()), 255)
        someone = voter(number, page)
        someone._unsure = lambda row: None  # type: ignore[method-assign]
        filled = someone.fill(0.6)
        marked = any(said.truth is Truth.MARKED for said in filled.said[-3:])
        assert marked == (ink(inside(page, name)) > 1.5)
        seen.add(marked)
    assert seen == {True, False}


def _spotted() -> tuple[np.ndarray, np.ndarray]:
    """A white page with five black spots, and their middles in pixels."""
    page = np.full_like(blank(sheet()), 255)
    spots = np.array([[20, 20], [128, 20], [74, 105], [20, 190], [128, 190]]) * PPM
    for x, y in spots:
        cv2.circle(page, (round(x), round(y)), 12, 0, -1)
    return page, spots


def _dark_at(taken: _scanner.Taken, spots: np.ndarray) -> list[bool]:
    grey = taken.image if taken.image.ndim == 2 else cv2.cvtColor(taken.image, cv2.COLOR_BGR2GRAY)
    found = []
    for x, y in taken.course.at(spots).round().astype(int):
        piece = grey[y - 2 : y + 3, x - 2 : x + 3]
        found.append(piece.size == 25 and bool(piece.mean() < 110))
    return found


@pytest.mark.parametrize("number", range(12))
def test_a_scan_keeps_its_kind_and_tells_where_everything_went(number: int) -> None:
    page, spots = _spotted()
    dice = _paper.dice_of(17, number)
    how = _scanner.recipe(dice)
    if number % 2:
        page, how = cv2.merge([page] * 3), replace(how, fold=_scanner._fold(dice))
    taken = _scanner.scan(dice, page, PPM, how, page)
    assert taken.image.dtype == np.uint8
    assert taken.image.ndim == page.ndim
    assert taken.image.shape[1::-1] == taken.course.size
    assert _dark_at(taken, spots) == [True] * 5


@pytest.mark.parametrize("number", range(6))
def test_a_photograph_holds_the_whole_page_and_tells_where_everything_went(number: int) -> None:
    page, spots = _spotted()
    dice = _paper.dice_of(19, number)
    taken = _phone.photograph(dice, page, PPM, _phone.shot(dice))
    assert taken.image.dtype == np.uint8
    assert taken.image.ndim == 3
    height, width = page.shape
    edge = taken.course.at(np.array([[0, 0], [width, 0], [width, height], [0, height]], float))
    size = np.array(taken.image.shape[1::-1])
    assert ((edge > -0.02 * size) & (edge < 1.02 * size)).all()
    assert _dark_at(taken, spots) == [True] * 5


def test_a_scanner_skews_at_most_five_degrees_and_scales_by_two_per_cent() -> None:
    hows = [_scanner.recipe(_paper.dice_of(23, number)) for number in range(400)]
    assert 4.5 < max(abs(how.skew) for how in hows) <= 5
    assert 0.018 < max(abs(how.scale - 1) for how in hows) <= 0.02
    assert {how.quarters for how in hows} == {0, 1, 2, 3}
    assert min(how.jpeg for how in hows if how.jpeg) == 40


@pytest.mark.parametrize("kind", _spoiled.KINDS)
def test_a_spoiled_page_is_not_the_good_one(kind: str) -> None:
    other = np.flipud(blank(sheet())).copy()
    made = _spoiled.spoiled(_paper.dice_of(29, 1), kind, sheet(), blank(sheet()), other, PPM)
    assert made.recipe["spoiled"] == kind
    assert made.image.dtype == np.uint8
    how = {key: value for key, value in made.recipe.items() if key != "spoiled"}
    page = blank(sheet())
    dice = _paper.dice_of(29, 1)
    _paper.fill(dice, sheet(), page, PPM)
    good = _scanner.scan(dice, page, PPM, replace(_scanner.recipe(dice), fold=None), page)
    assert made.image.shape != good.image.shape or not np.array_equal(made.image, good.image), how
