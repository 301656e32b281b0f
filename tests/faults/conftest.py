import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.faults.installation import Installation

TIMEOUT = 1800
"""Seconds for one of them: a machine with other work on it is slow, not wrong."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """To make an installation takes longer than to hurt it."""
    for item in items:
        if item.path.parent.name == "faults":
            item.add_marker(pytest.mark.timeout(TIMEOUT))


@pytest.fixture(scope="session")
def cluster() -> Iterator[Installation]:
    """Started, and empty."""
    made = Installation()
    try:
        made.start_database()
        yield made
    finally:
        made.remove()


@pytest.fixture(scope="session")
def installation(cluster: Installation) -> Installation:
    cluster.fill()
    return cluster


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Callable[..., None]:
    """One line of figures, shown where the test passes too."""

    def show(**figures: Any) -> None:
        with capsys.disabled():
            print(f"\n{json.dumps(figures)}")

    return show
