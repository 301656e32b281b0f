"""What was learned from decided matters: the model that speaks, its versions, how it was taken.

The active model is kept in memory (`kernel.reference`), unpacked once a version: a suggestion asks
the database nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet

from yukuai.accounts import policy
from yukuai.accounts.policy import Actor, Permission
from yukuai.cases.models import Category, TriageModel
from yukuai.cases.rules import Suggestion, learned_reason
from yukuai.engines.triage import Model
from yukuai.kernel.errors import NotFound
from yukuai.kernel.reference import Reference
from yukuai.workflow.queries import list_log

CATEGORY, TRIAGE = "category", "triage"
HEADS = (CATEGORY, TRIAGE)
WINDOW = timedelta(days=90)
"""How far back it is counted whether suggestions were followed."""


@dataclass(frozen=True)
class Speaking:
    version: int
    model: Model


_unpacked: dict[tuple[int, datetime], Model] = {}
"""At most one, by row and day of training."""


def _load() -> Speaking | None:
    rows = TriageModel.objects.filter(active=True)
    found = rows.values_list("pk", "version", "trained_at").first()
    if found is None:
        return None
    pk, version, trained_at = found
    model = _unpacked.get((pk, trained_at))
    if model is None:
        model = unpack(TriageModel.objects.get(pk=pk))
        _unpacked.clear()
        _unpacked[pk, trained_at] = model
    return Speaking(version, model)


_ACTIVE = Reference(_load)


def unpack(row: TriageModel) -> Model:
    return Model.load(bytes(row.data))


def suggest_learned(body: str, categories: Iterable[Category]) -> Suggestion | None:
    """None where no model speaks or it is not sure. Of the triage it says something only where it
    knows what the matter is about; else the category's own stands, with its reason."""
    speaking = _ACTIVE.get()
    if speaking is None:
        return None
    guess = speaking.model.ask(CATEGORY, body)
    category = next((c for c in categories if c.code == guess.label), None)
    if category is None:
        return None
    triage = speaking.model.ask(TRIAGE, body)
    chance = min(guess.chance, triage.chance) if triage.label else guess.chance
    usual = category.why if triage.label in {"", category.triage} else ""
    reason = learned_reason(name=category.name, chance=chance, because=guess.because, why=usual)
    chosen = triage.label or category.triage
    return Suggestion(category.pk, chosen, reason, speaking.version, chance)


def list_models(actor: Actor) -> QuerySet[TriageModel]:
    """Newest first, without what they hold."""
    policy.require_anywhere(actor, Permission.CATEGORY_MANAGE)
    return TriageModel.objects.defer("data").order_by("-version")


def get_model(actor: Actor, *, version: int, locked: bool = False) -> TriageModel:
    rows = list_models(actor).defer(None)
    found = (rows.select_for_update() if locked else rows).filter(version=version).first()
    if found is None:
        raise NotFound("没有这一版。请回到列表重新选。")
    return found


def find_active_model(actor: Actor) -> TriageModel | None:
    return list_models(actor).defer(None).filter(active=True).first()


@dataclass
class Taken:
    """How often what was suggested was also decided, of one category; never of a person."""

    category_id: int | None
    learned: int = 0
    learned_followed: int = 0
    words: int = 0
    words_followed: int = 0


def count_taken(actor: Actor, *, at: datetime) -> dict[int | None, Taken]:
    """Of the last 90 days, in the places whose categories the actor manages."""
    policy.require_anywhere(actor, Permission.CATEGORY_MANAGE)
    here = Q(pk__in=[])
    for path in actor.paths_for(Permission.CATEGORY_MANAGE):
        here |= Q(area__within=path)
    rows = list_log(actor, workflow="case").filter(
        here, move="triage", happened_at__gt=at - WINDOW, data__has_key="suggested"
    )
    names = ("data__suggested__category", "data__suggested__source", "data__followed")
    found: dict[int | None, Taken] = {}
    for category, source, followed, number in (
        rows.order_by().values_list(*names).annotate(number=Count("pk"))
    ):
        taken = found.setdefault(category, Taken(category))
        _add(taken, str(source), number if followed else 0, number)
    return found


def _add(taken: Taken, source: str, followed: int, number: int) -> None:
    if source == "learned":
        taken.learned += number
        taken.learned_followed += followed
    else:
        taken.words += number
        taken.words_followed += followed
