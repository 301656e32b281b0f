"""Exports, as their officer and as the auditor see them."""

from django.db.models import QuerySet

from yukuai.accounts import policy
from yukuai.accounts.policy import Actor, Permission
from yukuai.cases.models import CaseExport
from yukuai.kernel.errors import NotFound

GONE = "没有这次导出。可能编号不对，也可能不是您导出的。"


def list_own_exports(actor: Actor) -> QuerySet[CaseExport]:
    """Newest first; nobody else's, not even of the same desk."""
    rows = CaseExport.objects.order_by("-asked_at", "-pk")
    rows = rows.filter(user_id=actor.user_id) if actor.user_id else rows.none()
    return policy.visible(actor, Permission.CASE_EXPORT, rows)


def get_own_export(actor: Actor, *, number: str, locked: bool = False) -> CaseExport:
    rows = list_own_exports(actor).filter(number=number.strip().upper())
    found = (rows.select_for_update() if locked else rows).first()
    if found is None:
        raise NotFound(GONE)
    return found


def list_all_exports(actor: Actor) -> QuerySet[CaseExport]:
    """For the auditor of these places: that something was taken and what for, never the file."""
    rows = CaseExport.objects.order_by("-asked_at", "-pk")
    return policy.visible(actor, Permission.AUDIT_VIEW, rows)


def get_export(actor: Actor, *, export_id: int) -> CaseExport:
    """For the platform's own jobs."""
    found = CaseExport.objects.filter(pk=export_id).first()
    if found is None:
        raise NotFound(GONE)
    return found
