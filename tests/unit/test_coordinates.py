"""GCJ-02 and back, against values computed with the formula as it is commonly published."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from yukuai.engines.coordinates import from_gcj02, to_gcj02

CHINA = st.tuples(st.floats(74, 135), st.floats(5, 53))
GRID = 1e-7


@given(st.lists(CHINA, min_size=1, max_size=30))
def test_there_and_back_is_the_same_place_to_less_than_a_step(points):
    there = to_gcj02(points)
    assert np.abs(from_gcj02(there) - np.array(points)).max() < GRID / 10


@given(st.lists(CHINA, min_size=1, max_size=30))
def test_a_shifted_place_shifts_back_to_where_it_comes_from(points):
    assert np.abs(to_gcj02(from_gcj02(points)) - np.array(points)).max() < GRID / 10


def test_what_lies_outside_china_stays_where_it_is():
    abroad = [[-0.1276, 51.5072], [139.6917, 35.6895], [151.2093, -33.8688], [60.0, 30.0]]
    assert to_gcj02(abroad).tolist() == abroad
    assert from_gcj02(abroad).tolist() == abroad


def test_known_places():
    """Tian'anmen and a square in Chongqing, WGS 84 to GCJ-02."""
    found = to_gcj02([[116.397428, 39.90923], [106.5516, 29.5630]])
    expected = np.array([[116.40367163, 39.91063351], [106.55531765, 29.56015127]])
    assert np.abs(found - expected).max() < 1e-8
