"""A correction somebody asked for in his own record is decided: he reads it in his inbox."""

from datetime import datetime

from yukuai.accounts.policy import Actor
from yukuai.accounts.queries import list_users_holding
from yukuai.divisions.queries import get_division
from yukuai.kernel.actions import action
from yukuai.messaging.actions import notify_users
from yukuai.registry.keeping import new_person_key
from yukuai.registry.queries.waiting import get_settled
from yukuai.registry.states import Standing

NOTHING = "社区没有另外说明。"


@action
def announce_correction(actor: Actor, *, claim_id: int, at: datetime) -> None:
    """Field and answer, not the value: what it is he reads in the record itself."""
    claim, person, field = get_settled(actor, claim_id=claim_id)
    taken = claim.standing == Standing.TAKEN
    answer = claim.answer or NOTHING
    notify_users(
        actor,
        user_ids=list_users_holding(actor, key=new_person_key(person.client_uuid)),
        template="correction-taken" if taken else "correction-refused",
        values={
            "field": field,
            "place": get_division(actor, division_id=person.division_id).name,
            "answer": answer if answer[-1] in "。！？" else f"{answer}。",
        },
        link="/me/record/",
        dedupe=f"correction:{claim_id}",
        at=at,
    )
