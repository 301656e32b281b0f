"""Which papers the ballots' bench prints, and that any page of it can be made again."""

import json

import numpy as np
import pytest

from bench import _ballot_mix, _spoiled
from bench._paper import dice_of
from yukuai.engines.ballots.spec import parse_spec

SEED = 4


def test_the_shares_of_papers_and_resolutions_are_whole() -> None:
    assert sum(shape.share for shape in _ballot_mix.SHAPES.values()) == pytest.approx(1)
    assert sum(_ballot_mix.DPI_SHARE) == pytest.approx(1)


@pytest.mark.parametrize("shape", _ballot_mix.SHAPES)
def test_a_paper_is_a_spec_and_its_sheets_hold_every_box_once(shape: str) -> None:
    spec = parse_spec(json.loads(json.dumps(_ballot_mix.spec_of(shape, dice_of(SEED, 1)))))
    made = _ballot_mix.batch(SEED, 1, shape, 150)
    boxes = [
        (place.contest, place.option, place.column)
        for sheet in made.sheets
        for place in sheet.places
    ]
    wanted = sum((len(c.options) + c.write_ins) * len(c.columns) for c in spec.contests)
    assert len(boxes) == len(set(boxes)) == wanted
    for sheet, blank in zip(made.sheets, made.blanks, strict=True):
        assert abs(blank.shape[0] - sheet.height * made.ppm) <= 1
        assert abs(blank.shape[1] - sheet.width * made.ppm) <= 1


def test_a_page_is_the_same_whatever_was_made_before_it() -> None:
    first = _ballot_mix.page(SEED, 7, "director", 150)[2]
    _ballot_mix.page(SEED, 6, "director", 150)
    _ballot_mix.batch(SEED, 3, "large print", 150)
    again = _ballot_mix.page(SEED, 7, "director", 150)[2]
    assert np.array_equal(first.image, again.image)
    assert first.said == again.said


def test_spoiled_pages_come_of_every_kind_in_turn() -> None:
    kinds = [
        _ballot_mix.spoiled_page(SEED, number, "director", 150)[3]
        for number in range(len(_spoiled.KINDS))
    ]
    assert tuple(kinds) == _spoiled.KINDS
