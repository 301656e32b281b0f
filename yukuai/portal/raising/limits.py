"""How often somebody may hand something in. Generous: one address may be a whole service hall."""

from datetime import datetime
from typing import Any

from yukuai.kernel.limits import address_of, hit

HOUR = 3600
REPORTS_OF_ADDRESS = 60
REPORTS_OF_BROWSER = 10
PHOTOS_OF_ADDRESS = 200


def count_report(request: Any, *, at: datetime) -> None:
    """Raises TooMany. Counts for the account, or for the browser, and for the address."""
    actor = request.actor
    who = f"user:{actor.user_id}" if actor.user_id is not None else request.session.session_key
    if who:
        hit(f"raise:{who}", limit=REPORTS_OF_BROWSER, per_seconds=HOUR, at=at)
    hit(f"raise:{address_of(request)}", limit=REPORTS_OF_ADDRESS, per_seconds=HOUR, at=at)


def count_photo(request: Any, *, at: datetime) -> None:
    hit(f"photo:{address_of(request)}", limit=PHOTOS_OF_ADDRESS, per_seconds=HOUR, at=at)
