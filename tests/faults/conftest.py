from collections.abc import Iterator

import pytest

from tests.faults.installation import Installation


@pytest.fixture
def installation() -> Iterator[Installation]:
    made = Installation()
    try:
        made.start_database()
        made.fill()
        yield made
    finally:
        made.remove()
