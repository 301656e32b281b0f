from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from yukuai.accounts import policy
from yukuai.accounts.policy import Actor, Permission
from yukuai.cases import tickets
from yukuai.cases.learned import suggest_learned
from yukuai.cases.lying import lying_within
from yukuai.cases.models import (
    Case,
    CaseContact,
    Category,
    Follower,
    Helper,
    Rating,
    Supervision,
    UrgentWord,
    Visit,
)
from yukuai.cases.rules import CategoryRule, Suggestion, suggest
from yukuai.cases.states import CaseState
from yukuai.divisions.known import is_leaf
from yukuai.kernel.errors import InvalidInput, NotFound
from yukuai.kernel.reference import Reference
from yukuai.kernel.scope import widened

GONE = "这里没有这件事。可能单号不对，也可能不在您的范围。"
CAP = 1000
JOINED = ("division", "category", "unit", "unit_department")


def list_cases(actor: Actor) -> QuerySet[Case]:
    """What the officer may look at, newest first."""
    rows = Case.objects.select_related(*JOINED).defer("body", "answer", "words")
    rows = rows.order_by("-received_at", "-pk")
    alone = _place_alone(actor)
    return rows.filter(alone) if alone else policy.visible(actor, Permission.CASE_VIEW, rows)


def _place_alone(actor: Actor) -> Q:
    """Where the officer may look, when that is one place; nothing for anybody else."""
    match actor.grants_for(Permission.CASE_VIEW):
        case [(grant, path)] if grant.department_id is None:
            return Q(area=path) if is_leaf(actor, path=path) else lying_within(path)
    return Q()


def counted_once(actor: Actor) -> Q:
    """A matter stands in a list once: its parts only where it does not stand itself, which is with
    a department that has a part and nothing else of it."""
    whole = Q(parent=None)
    if all(grant.department_id is None for grant in actor.grants):
        return whole
    mains = policy.visible(actor, Permission.CASE_VIEW, Case.objects.filter(pk=OuterRef("parent")))
    return whole | ~Q(Exists(mains))


def older_than(rows: QuerySet[Case], *, received_at: datetime, pk: int) -> QuerySet[Case]:
    """The next page, by key: no OFFSET, so a page deep in the past costs what the first does."""
    return rows.filter(Q(received_at__lt=received_at) | Q(pk__lt=pk), received_at__lte=received_at)


def count_capped(rows: QuerySet[Any]) -> int:
    """Up to CAP + 1: more is shown as “1000+”, never counted."""
    return int(rows.order_by()[: CAP + 1].count())


def _one(rows: QuerySet[Case], *, locked: bool, **found: object) -> Case:
    joined = (*JOINED, "rule_pack", "dispatcher", "main")
    rows = rows.select_related(*joined).defer(None).defer("words", "main__words")
    if locked:
        rows = rows.select_for_update(of=("self",))
    else:  # what is read beside a lock may be older than the lock
        rows = rows.annotate(
            was_split=Exists(Case.objects.filter(parent=OuterRef("pk"))),
            was_helped=Exists(Helper.objects.filter(case=OuterRef("pk"))),
            was_followed=Exists(Follower.objects.filter(case=OuterRef("pk")))
            | Exists(Case.objects.filter(main=OuterRef("pk"))),
        )
    try:
        return rows.get(**found)
    except Case.DoesNotExist:
        raise NotFound(GONE) from None


def get_case(actor: Actor, *, case_id: int, locked: bool = False) -> Case:
    """Whole, for an officer who may look; NotFound otherwise."""
    return _one(list_cases(actor), locked=locked, pk=case_id)


def find_cases(actor: Actor, *, case_ids: Iterable[int]) -> dict[int, Case]:
    """These matters by id, as far as the officer may look, with what a message says of them."""
    return list_cases(actor).in_bulk(list(case_ids))


def get_case_by_number(actor: Actor, *, number: str) -> Case:
    return _one(list_cases(actor), locked=False, number=number.strip().upper())


def list_merged(actor: Actor, *, case: Case) -> QuerySet[Case]:
    """What was merged into this matter, as far as the officer may look."""
    return list_cases(actor).filter(main=case, state=CaseState.MERGED)


def list_changed_cases(
    actor: Actor, *, since: datetime | None, after: tuple[datetime, int] | None
) -> QuerySet[Case]:
    """Oldest change first, from a moment or behind a row: what an outside system follows. Whole
    matters: how the offices share one out is their own affair."""
    rows = list_cases(actor).filter(parent=None).order_by("changed_at", "pk")
    if since is not None:
        rows = rows.filter(changed_at__gte=since)
    if after is not None:
        moment, pk = after
        later = Q(changed_at__gt=moment) | Q(pk__gt=pk)
        rows = rows.filter(later, changed_at__gte=moment)
    return rows


def list_own_cases(actor: Actor) -> QuerySet[Case]:
    """The matters a person holds: raised by him, with his telephone, or by number and code."""
    keys = [key.partition(":") for key in actor.holders]
    phones = [rest for kind, _, rest in keys if kind == "phone"]
    digests = [rest for kind, _, rest in keys if kind == "ticket"]
    mine = Q(phone_hash__in=phones) | Q(ticket_digest__in=digests)
    if actor.user_id is not None:
        mine |= Q(reporter_id=actor.user_id)
    rows = Case.objects.filter(mine).select_related(*JOINED).order_by("-received_at", "-pk")
    return policy.visible(actor, Permission.CASE_OWN, rows)


def get_own_case(actor: Actor, *, case_id: int, locked: bool = False) -> Case:
    return _one(list_own_cases(actor), locked=locked, pk=case_id)


def get_own_case_by_number(actor: Actor, *, number: str) -> Case:
    return _one(list_own_cases(actor), locked=False, number=number.strip().upper())


def find_ticket(actor: Actor, *, number: str, code: str) -> str | None:
    """The holder key, when number and code belong together; otherwise None, whatever is wrong."""
    key = tickets.key(number, code)
    with widened((), [key]):
        digest = key.removeprefix("ticket:")
        found = Case.objects.filter(ticket_digest=digest, number=number.strip().upper()).exists()
    return key if found else None


def get_receipt_code(actor: Actor, *, case: Case) -> str:
    """What belongs to the number on the receipt; for messages to the person himself."""
    return tickets.code_for(case.client_uuid, length=tickets.LENGTH)


def list_contacts_for_sms(actor: Actor, *, case_ids: Iterable[int]) -> dict[int, str]:
    """The telephones the platform itself writes to, by matter, without those that left none;
    officers use `reveal_contact`."""
    rows = CaseContact.objects.filter(case__in=list(case_ids)).values_list("case", "phone")
    return {case_id: phone for case_id, phone in rows if phone}


def list_opinions(actor: Actor, *, case: Case) -> tuple[list[Visit], list[Rating]]:
    """Of a case the actor was already allowed to read, oldest first."""
    return list(case.visits.order_by("pk")), list(case.ratings.order_by("pk"))


def find_supervision(actor: Actor, *, case: Case) -> Supervision | None:
    """The one that waits for an answer."""
    return case.supervisions.filter(answered_at=None).first()


def _load_categories() -> dict[int, Category]:
    rows = Category.objects.filter(active=True).order_by("order", "code")
    return {category.pk: category for category in rows}


def _load_urgent() -> dict[str, str]:
    return dict(UrgentWord.objects.order_by("word").values_list("word", "number"))


_CATEGORIES = Reference(_load_categories)
_URGENT = Reference(_load_urgent)


def known_categories(actor: Actor) -> list[Category]:
    """Those in use in their order, kept between requests: for choices."""
    return list(_CATEGORIES.get().values())


def find_category(actor: Actor, *, code: str) -> Category | None:
    """The category in use that has this code."""
    return next((c for c in _CATEGORIES.get().values() if c.code == code), None)


def list_categories(actor: Actor) -> QuerySet[Category]:
    return Category.objects.filter(active=True).order_by("order", "code")


def list_whole_catalogue(actor: Actor) -> QuerySet[Category]:
    """Also what is out of use: for whoever edits it."""
    policy.require_anywhere(actor, Permission.CATEGORY_MANAGE)
    return Category.objects.order_by("order", "code")


def get_category(actor: Actor, *, category_id: int) -> Category:
    found = list_whole_catalogue(actor).filter(pk=category_id).first()
    if found is None:
        raise NotFound("没有这一类。请回到类别表重新选。")
    return found


def get_active_category(actor: Actor, *, category_id: int | None) -> Category | None:
    if category_id is None:
        return None
    found = _CATEGORIES.get().get(category_id)
    if found is None:
        sentence = "这一类已经停用，请另选一类，或者不选。"
        raise InvalidInput(sentence, fields={"category": sentence})
    return found


def list_urgent_words(actor: Actor) -> dict[str, str]:
    return _URGENT.get()


def suggest_for(actor: Actor, *, body: str) -> Suggestion:
    """A category and a triage: what was learned where it is sure enough, else what the words of
    the table point to, else nothing."""
    rows = _CATEGORIES.get().values()
    if learned := suggest_learned(body, rows):
        return learned
    rules = [CategoryRule(c.pk, c.name, tuple(c.words), c.triage, c.why) for c in rows]
    return suggest(body, rules)


def count_by_unit(actor: Actor, *, areas: list[str]) -> dict[tuple[str, int | None], int]:
    """How much lies open with each unit at these places: numbers only, so beyond one's area."""
    handled = [
        CaseState.DISPATCHED,
        CaseState.HANDLING,
        CaseState.COLLAB,
        CaseState.EXTENDED,
        CaseState.RETURN_REQUESTED,
        CaseState.OBJECTED,
    ]
    with widened(areas):
        rows = (
            Case.objects.filter(unit_area__in=areas, state__in=handled)
            .values_list("unit_area", "unit_department_id")
            .annotate(number=Count("pk"))
            .order_by()
        )
        return {(area, department): number for area, department, number in rows}


def count_own_open(actor: Actor) -> int:
    rows = list_own_cases(actor).exclude(state__in=[CaseState.ARCHIVED, CaseState.RATED])
    return count_capped(rows)


def list_waiting_for_me(actor: Actor, *, at: datetime) -> list[Case]:
    """轮到您了: closed matters that wait for the resident's word."""
    rows = list_own_cases(actor).filter(state=CaseState.CLOSED, rate_until__gt=at)
    return list(rows.order_by("rate_until")[:5])
