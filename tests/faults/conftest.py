from collections.abc import Iterator

import pytest

from tests.faults.installation import Installation


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One after the other, on one installation: to make it takes longer than to hurt it."""
    for item in items:
        if item.path.parent.name == "faults":
            item.add_marker(pytest.mark.xdist_group("faults"))
            item.add_marker(pytest.mark.timeout(600))


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
