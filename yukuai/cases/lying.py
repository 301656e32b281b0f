"""Where matters lie, as a condition."""

from django.db.models import Q


def lying_within(path: str) -> Q:
    """As an equality where it can be: an index gives the newest of it first, where those of a range
    would be gathered from the whole city."""
    match path.rstrip(".").split("."):
        case [_city, district]:
            return Q(district_id=int(district))
        case [_city, _district, township]:
            return Q(township_id=int(township))
    return Q(area__within=path)
