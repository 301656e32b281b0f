"""The register follows the lines of its community: steps, each of which takes the next few things
by id and moves those whose point lies elsewhere now. What was moved before is found moved.

A building goes whole, with all behind its doors; whoever lives there goes with the home he lives
in. Written by hand, a few statements a batch: a line that moves takes a hundred thousand people.
"""

from yukuai.registry.relocating.bodies import move_facilities, move_organisations
from yukuai.registry.relocating.ground import Batch, Ground, count_on
from yukuai.registry.relocating.homes import move_buildings

__all__ = [
    "Batch",
    "Ground",
    "count_on",
    "move_buildings",
    "move_facilities",
    "move_organisations",
]
