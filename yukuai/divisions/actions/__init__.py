"""The writes of this app. Whoever acts needs DIVISION_MANAGE over the place above."""

from yukuai.divisions.actions.changing import merge_divisions, move_division, rename_division
from yukuai.divisions.actions.drawing import put_level_in_effect, put_lines_in_effect
from yukuai.divisions.actions.founding import found_division
from yukuai.divisions.actions.loading import Loaded, load_divisions
from yukuai.divisions.actions.reorganising import play_change

__all__ = [
    "Loaded",
    "found_division",
    "load_divisions",
    "merge_divisions",
    "move_division",
    "play_change",
    "put_level_in_effect",
    "put_lines_in_effect",
    "rename_division",
]
