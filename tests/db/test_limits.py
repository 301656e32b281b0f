from datetime import timedelta

import pytest

from tests.conftest import NOON
from yukuai.kernel.errors import TooMany
from yukuai.kernel.limits import forget_limits, hit
from yukuai.kernel.models import RateWindow

pytestmark = pytest.mark.django_db


def test_the_fourth_of_three_is_refused_and_the_next_window_is_free():
    for _ in range(3):
        hit("door:1", limit=3, per_seconds=60, at=NOON)
    with pytest.raises(TooMany, match="请过 1 分钟再试") as refusal:
        hit("door:1", limit=3, per_seconds=60, at=NOON)
    assert refusal.value.retry_after == 60
    hit("door:2", limit=3, per_seconds=60, at=NOON)
    hit("door:1", limit=3, per_seconds=60, at=NOON + timedelta(seconds=60))


def test_neither_the_address_nor_an_old_window_is_kept():
    hit("door:10.1.2.3", limit=3, per_seconds=60, at=NOON)
    assert "10.1.2.3" not in RateWindow.objects.get().key
    assert forget_limits(before=NOON + timedelta(hours=1)) == 1
