"""Reads. An election is there for those who run it at its place and for the levels above."""

from yukuai.elections.queries.elections import (
    Startable,
    get_election,
    get_election_by_id,
    get_with_objections,
    list_elections,
    list_startable,
)
from yukuai.elections.queries.notices import Posted, get_notice, list_notices
from yukuai.elections.queries.roll import (
    RollNumbers,
    find_in_register,
    get_voter,
    list_groups,
    list_objections,
    list_voters,
    roll_numbers,
)

__all__ = [
    "Posted",
    "RollNumbers",
    "Startable",
    "find_in_register",
    "get_election",
    "get_election_by_id",
    "get_notice",
    "get_voter",
    "get_with_objections",
    "list_elections",
    "list_groups",
    "list_notices",
    "list_objections",
    "list_startable",
    "list_voters",
    "roll_numbers",
]
