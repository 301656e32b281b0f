"""Whole names, so that whoever gives one can be found: keyed, of one purpose, never a part."""

from yukuai.accounts.rules import tidy_name
from yukuai.kernel.crypto import keyed_hash


def name_hash(typed: str) -> str:
    """What lies beside the sealed name; '' for no name."""
    name = tidy_name(typed)
    return keyed_hash(name, purpose="case.contact.name") if name else ""
