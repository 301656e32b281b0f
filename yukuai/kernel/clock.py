"""The only place that reads the time. Rules and actions take it by argument, as `at`."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

SHANGHAI = ZoneInfo("Asia/Shanghai")
"""Days begin and end here (domain.md §0.4); moments are stored in UTC."""


def now() -> datetime:
    return timezone.now()


def today(at: datetime) -> date:
    """The calendar day of a moment in Chongqing."""
    return at.astimezone(SHANGHAI).date()
