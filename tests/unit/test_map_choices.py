"""Classes of the ramp: whole numbers, ascending, nothing first."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yukuai.workbench.map.choices import STEPS, bounds


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({}, [0]),
        ({1: 0}, [0]),
        ({1: 1, 2: 4}, [0, 1, 4]),
        (dict(enumerate(range(1, 11))), [0, 1, 3, 5, 7, 9]),
        (dict(enumerate([1] * 50 + [2, 3, 4, 5, 6, 900])), [0, 1]),
    ],
)
def test_the_classes_of_some_numbers(values, found):
    assert bounds(values) == found


@given(st.dictionaries(st.integers(), st.integers(0, 10_000)))
def test_classes_ascend_from_nothing_and_are_no_more_than_the_ramp_has(values):
    found = bounds(values)
    assert found[0] == 0
    assert found == sorted(set(found))
    assert len(found) <= STEPS
