"""Look-alike on purpose: 1.11. is not under 1.1., and 2.1.1. merely contains it."""

from datetime import date

from yukuai.divisions.models import Division

CHOSEN = {
    1: ("1.", "city", "某市"),
    11: ("1.11.", "district", "北区"),
    111: ("1.11.111.", "township", "北街"),
    1111: ("1.11.111.1111.", "community", "北社区"),
    2: ("1.2.", "district", "南区"),
    12: ("1.2.12.", "township", "南街"),
    112: ("1.2.12.112.", "community", "南社区"),
    113: ("1.2.12.113.", "community", "坡社区"),
}


def make_places() -> dict[int, Division]:
    made: dict[int, Division] = {}
    for pk, (path, kind, name) in CHOSEN.items():
        above = path.split(".")[-3] if path.count(".") > 1 else None
        made[pk] = Division.objects.create(
            id=pk,
            parent=made[int(above)] if above else None,
            kind=kind,
            name=name,
            path=path,
            code=f"X{pk}",
            valid_from=date(2020, 1, 1),
        )
    return made
