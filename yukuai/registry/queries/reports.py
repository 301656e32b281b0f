"""Definitions and outputs of reports, as those who use, approve and count them see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Sum
from django.db.models.functions import Greatest

from yukuai.accounts import policy
from yukuai.accounts.policy import Actor, Permission
from yukuai.divisions.queries import get_division
from yukuai.kernel.errors import NotFound
from yukuai.registry.models import Report, ReportOutput
from yukuai.registry.states import OutputState

P = Permission
NO_REPORT = "没有这张表。可能网址不对，也可能已经停用。"
NO_OUTPUT = "没有这次导出。可能网址不对，也可能不归您管。"
SUMMED = 200


def own_path(actor: Actor) -> str:
    """Where this actor's reports are kept; '' for who keeps none."""
    return next(iter(actor.paths_for(P.REPORT_USE)), "")


def own_place(actor: Actor) -> Any:
    """The division of `own_path`. Raises NotFound for who keeps none."""
    return get_division(actor, division_id=int(own_path(actor).rstrip(".").rpartition(".")[2] or 0))


def list_reports(actor: Actor) -> Any:
    """Those of one's own place and of the places above it, in use. The fence (row-level security)
    also shows those below: they are not offered here."""
    path = own_path(actor)
    above = [path[: place + 1] for place, sign in enumerate(path) if sign == "."]
    rows = Report.objects.filter(area__in=above, retired_at=None).select_related("division")
    return rows.order_by("-area", "name", "pk")


def get_report(actor: Actor, *, report_id: int) -> Report:
    found: Report | None = list_reports(actor).filter(pk=report_id).first()
    if found is None:
        raise NotFound(NO_REPORT)
    return found


def is_own(actor: Actor, *, report: Report) -> bool:
    """May this actor change it?"""
    return str(report.area) == own_path(actor)


def list_outputs(actor: Actor) -> Any:
    """Newest first: what one's place asked for, and what lies below for whoever approves."""
    rows = ReportOutput.objects.select_related("division", "report")
    return policy.visible(actor, P.REPORT_USE, rows).order_by("-asked_at", "-pk")


def get_output(actor: Actor, *, output_id: int) -> ReportOutput:
    found: ReportOutput | None = list_outputs(actor).filter(pk=output_id).first()
    if found is None:
        raise NotFound(NO_OUTPUT)
    return found


def count_waiting(actor: Actor) -> int:
    """How many requests wait for this actor's word."""
    rows = ReportOutput.objects.filter(state=OutputState.ASKED)
    rows = policy.visible(actor, P.REGISTRY_EXPORT_APPROVE, rows)
    return int(rows.exclude(asked_by_id=actor.user_id or 0).count())


@dataclass(frozen=True)
class Saving:
    """Of one report: how often it was made, how many entries nobody had to make for it."""

    name: str
    place: str
    outputs: int
    saved: int
    typed: int


def sum_savings(actor: Actor, *, since: date) -> Sequence[Saving]:
    """省下的录入, by report, in the places of the actor; named in order, never ranked."""
    rows = policy.visible(actor, P.REPORT_USE, ReportOutput.objects.filter(ready_at__gte=since))
    found = (
        rows.order_by()
        .values("report__name", "report__division__name", "report_id")
        .annotate(
            outputs=Count("pk"),
            unmade=Sum(Greatest(F("filled") - F("typed"), 0)),
            by_hand=Sum("typed"),
        )
        .order_by("report__name", "report_id")
    )
    return [
        Saving(
            row["report__name"],
            row["report__division__name"],
            row["outputs"],
            row["unmade"],
            row["by_hand"],
        )
        for row in found[:SUMMED]
    ]
