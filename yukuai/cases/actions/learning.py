"""Which learned model speaks. None decides anything: a model only suggests (cases/advice.py)."""

from datetime import datetime

from django.db.models import Max

from yukuai.accounts.policy import Actor
from yukuai.audit.actions import record
from yukuai.cases.actions._steps import required
from yukuai.cases.actions.catalogue import city_area, require_city
from yukuai.cases.learned import find_active_model, get_model, list_models
from yukuai.cases.lessons import Figures, beats
from yukuai.cases.models import TriageModel
from yukuai.kernel.actions import action
from yukuai.kernel.errors import Conflict

ITSELF = "比在用的一版好，自动换上。"


@action
def keep_triage_model(
    actor: Actor,
    *,
    data: bytes,
    texts: int,
    figures: Figures,
    rival: int | None = None,
    rival_figures: Figures | None = None,
    at: datetime,
) -> TriageModel:
    """A new version. It speaks at once only if it beats the active one on the same texts
    (`rival_figures` of the version `rival`); otherwise a person decides."""
    require_city(actor)
    newest = TriageModel.objects.aggregate(newest=Max("version"))["newest"] or 0
    row = TriageModel.objects.create(
        version=newest + 1, trained_at=at, texts=texts, data=data, figures=figures
    )
    record(actor, act="triage-model.train", target=str(row), area=city_area(actor), at=at)
    active = find_active_model(actor)
    same = active is not None and active.version == rival
    if same and rival_figures is not None and beats(figures, rival_figures):
        _let_speak(actor, row, reason=ITSELF, at=at)
    return row


@action
def activate_triage_model(actor: Actor, *, version: int, reason: str, at: datetime) -> TriageModel:
    """From now on this version is asked first; an older one may come back."""
    require_city(actor)
    row = get_model(actor, version=version, locked=True)
    reason = required(reason, field="reason", sentence="写明为什么换。")
    if row.active:
        raise Conflict("在用的就是这一版，不用换。")
    _let_speak(actor, row, reason=reason, at=at)
    return row


@action
def retire_triage_model(actor: Actor, *, reason: str, at: datetime) -> None:
    """From now on only the word rules suggest."""
    require_city(actor)
    row = find_active_model(actor)
    reason = required(reason, field="reason", sentence="写明为什么停用。")
    if row is None:
        raise Conflict("没有在用的一版，建议只按词给。")
    _silence(at)
    act, area = "triage-model.retire", city_area(actor)
    record(actor, act=act, target=str(row), area=area, at=at, reason=reason)


def _silence(at: datetime) -> None:
    TriageModel.objects.filter(active=True).update(active=False, retired_at=at)


def _let_speak(actor: Actor, row: TriageModel, *, reason: str, at: datetime) -> None:
    list(list_models(actor).select_for_update())  # two administrators at once: one after the other
    _silence(at)
    row.active, row.activated_at, row.activated_by = True, at, actor.label
    row.retired_at = None
    row.save(update_fields=["active", "activated_at", "activated_by", "retired_at"])
    act, area = "triage-model.activate", city_area(actor)
    record(actor, act=act, target=str(row), area=area, at=at, reason=reason)
