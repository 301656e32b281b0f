"""The ballots' bench counts what the reader did: wrong, left to a person, or right."""

import numpy as np
import pytest

from bench._bending import Course
from bench._paper import Page
from bench._reading import Record, compare
from bench._voters import Place, Said, Sheet, Truth
from yukuai.engines.ballots.deciding import Decision
from yukuai.engines.ballots.reading import Read

PPM = 8.0
PLACES = tuple(Place("c", f"o{n}", "for", (10.0, 10.0 + 10 * n, 20.0, 9.0)) for n in range(5))
SAID = (
    Said(Truth.MARKED, "tick"),
    Said(Truth.MARKED, "circle"),
    Said(Truth.EMPTY),
    Said(Truth.EMPTY, "dot"),
    Said(Truth.LOOK, "struck out"),
)


def page() -> Page:
    image = np.full((800, 800), 255, np.uint8)
    course = Course(np.eye(3), (800, 800))
    return Page(image, Sheet(100, 100, PLACES), "tick", SAID, "scanner", {}, course, PPM)


def record(decisions: tuple[str, ...], moved: float = 0.0) -> Record:
    made = Record(0, "shape", 203, "scanner", "tick", "read", "")
    found = {}
    for place, decision in zip(PLACES, decisions, strict=True):
        x, y, w, h = (side * PPM for side in place.box)
        key = place.contest, place.option, place.column
        found[key] = Read(*key, 0.0, Decision(decision), (x + moved * PPM, y, w, h))
    compare(made, page(), found)
    return made


def test_a_page_read_right_has_nothing_to_tell() -> None:
    made = record(("definite", "definite", "empty", "empty", "marginal"))
    assert (made.positions, made.plain, made.off_mm) == (5, 4, 0.0)
    assert (made.wrong, made.marginal) == ([], {})
    assert made.unsure == {"struck out: marginal": 1}


def test_a_plain_position_decided_the_other_way_is_wrong() -> None:
    made = record(("empty", "definite", "definite", "definite", "definite"))
    assert made.wrong == [
        (0, "marked", "empty", "tick"),
        (2, "empty", "definite", ""),
        (3, "empty", "definite", "dot"),
    ]
    assert made.unsure == {"struck out: definite": 1}


def test_a_plain_position_left_to_a_person_is_counted_and_not_wrong() -> None:
    made = record(("marginal", "definite", "empty", "marginal", "marginal"))
    assert made.wrong == []
    assert made.marginal == {"marked tick": 1, "empty dot": 1}


@pytest.mark.parametrize(("moved", "wrong"), [(1.4, 0), (1.6, 4)])
def test_a_box_found_in_another_place_is_wrong_whatever_was_decided(
    moved: float, wrong: int
) -> None:
    made = record(("definite", "definite", "empty", "empty", "marginal"), moved)
    assert len(made.wrong) == wrong
    assert made.off_mm == moved
