from dataclasses import dataclass


@dataclass(frozen=True)
class DivisionsChanged:
    """One dated change of the tree; `change_id` is its row."""

    change_id: int
