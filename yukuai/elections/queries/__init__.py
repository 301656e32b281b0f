"""Reads. An election is there for those who run it at its place and for the levels above."""

from yukuai.elections.queries.elections import (
    Startable,
    get_election,
    get_election_by_id,
    list_elections,
    list_startable,
)
from yukuai.elections.queries.notices import get_notice, list_notices, list_unposted
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
    "RollNumbers",
    "Startable",
    "find_in_register",
    "get_election",
    "get_election_by_id",
    "get_notice",
    "get_voter",
    "list_elections",
    "list_groups",
    "list_notices",
    "list_objections",
    "list_startable",
    "list_unposted",
    "list_voters",
    "roll_numbers",
]
