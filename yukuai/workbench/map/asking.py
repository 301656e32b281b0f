"""Which matters the map shows: the filter of the list, what is not done yet unless one chose."""

from collections.abc import Mapping

from yukuai.accounts.policy import Actor
from yukuai.workbench.casework.filtering import Asked, read_filter


def read_matters(actor: Actor, given: Mapping[str, str]) -> Asked:
    said = {name: given[name] for name in given}
    return read_filter(actor, {"state": "open", **said})
