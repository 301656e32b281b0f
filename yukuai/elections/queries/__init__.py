"""Reads. An election is there for those who run it at its place and for the levels above."""

from yukuai.elections.queries.cards import (
    CardGroup,
    CardNumbers,
    CardRead,
    card_numbers,
    find_card,
    get_card,
    get_carded,
    list_card_groups,
    list_cardless,
    list_cards,
    read_card,
)
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
    "CardGroup",
    "CardNumbers",
    "CardRead",
    "Posted",
    "RollNumbers",
    "Startable",
    "card_numbers",
    "find_card",
    "find_in_register",
    "get_card",
    "get_carded",
    "get_election",
    "get_election_by_id",
    "get_notice",
    "get_voter",
    "get_with_objections",
    "list_card_groups",
    "list_cardless",
    "list_cards",
    "list_elections",
    "list_groups",
    "list_notices",
    "list_objections",
    "list_startable",
    "list_voters",
    "read_card",
    "roll_numbers",
]
