"""Looking for whoever is on the line: by a whole telephone number or a whole name, on record.

Both lie sealed; what is compared is a keyed hash, so nothing can be found by a part. Found are
only matters that the officer's own desk could ask the person about, never those of elsewhere: what
lies beyond his area leaves no trace in the answer, nor in how it is counted.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from django.db.models import Q

from yukuai.accounts import policy
from yukuai.accounts.actors import phone_hash
from yukuai.accounts.policy import Actor, Permission
from yukuai.accounts.rules import phone_problem, tidy_phone
from yukuai.audit.actions import record
from yukuai.cases.models import Case
from yukuai.cases.persons import name_hash
from yukuai.cases.queries import list_cases
from yukuai.kernel.actions import action
from yukuai.kernel.errors import InvalidInput, NotPermitted

P = Permission
OPENERS = (P.CASE_TRIAGE, P.CASE_VISIT, P.CASE_HANDLE)
"""Whoever may open the contact of some matter (`reveal_contact`)."""
PURPOSES = {
    "ask": "本人来问，查他的事",
    "double": "看看是不是重复反映",
    "follow-up": "回访前核对",
}
SHOWN = 50


def may_find_by_contact(actor: Actor) -> bool:
    return any(actor.may(permission) for permission in OPENERS)


@action
def find_by_contact(
    actor: Actor, *, phone: str = "", name: str = "", purpose: str, at: datetime
) -> Sequence[Case]:
    """Newest first, at most SHOWN. The persons found read under “谁看过我的信息” who looked."""
    if not may_find_by_contact(actor):
        raise NotPermitted("按电话、姓名找人，由能打开联系方式的岗位来做。")
    if purpose not in PURPOSES:
        raise InvalidInput("选一个用途。", fields={"purpose": "选一个用途。"})
    wanted, fields = _wanted(phone, name)
    openable = Q(pk__in=())
    for permission in OPENERS:
        openable |= Q(pk__in=policy.visible(actor, permission, Case.objects.filter(wanted)))
    found = list(list_cases(actor).filter(wanted & openable)[:SHOWN])
    area = next(iter(actor.paths_for(P.CASE_VIEW)), "")
    say = partial(record, actor, at=at, purpose=PURPOSES[purpose], fields=fields)
    say(act="case.find", target="person", area=area, rows=len(found))
    for case in found:
        say(act="case.found", target=case.number, area=case.area, holders=case.holders)
    return found


def _wanted(phone: str, name: str) -> tuple[Q, list[str]]:
    wanted, fields = Q(), []
    phone, hashed = tidy_phone(phone), name_hash(name)
    if phone:
        if problem := phone_problem(phone):
            raise InvalidInput(problem, fields={"phone": problem})
        wanted &= Q(phone_hash=phone_hash(phone))
        fields.append("电话")
    if hashed:
        wanted &= Q(contact__name_hash=hashed)
        fields.append("姓名")
    if not fields:
        sentence = "填完整的手机号，或者完整的姓名。"
        raise InvalidInput(sentence, fields={"phone": sentence})
    return wanted, fields
