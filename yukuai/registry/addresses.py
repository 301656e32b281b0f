"""Where a house and a room are, in words. Building, compound and entrance must be loaded."""

from yukuai.registry.models import Building, Dwelling, Entrance


def house_words(building: Building) -> str:
    compound = building.compound.name if building.compound else ""
    return joined(building.address, compound, building.name)


def joined(*parts: str) -> str:
    """`人和街41号 嘉西苑 1栋`: whatever is known of where a building stands, each once."""
    said: list[str] = []
    for part in parts:
        if part and not any(part in one for one in said):
            said.append(part)
    return " ".join(said)


def room_words(dwelling: Dwelling) -> str:
    if dwelling.address:
        return dwelling.address
    entrance = entrance_words(dwelling.entrance)
    return " ".join(filter(None, (house_words(dwelling.building), entrance, dwelling.room)))


def entrance_words(entrance: Entrance | None) -> str:
    """`2` → 2单元; what has a name of its own keeps it; empty for none."""
    name = entrance.name if entrance else ""
    return f"{name}单元" if name and name.isascii() else name
