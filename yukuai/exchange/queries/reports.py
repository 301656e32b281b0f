"""Reports of 对账, the newest first, and their differences."""

from django.db.models import Count, Q, QuerySet

from yukuai.accounts import policy
from yukuai.accounts.policy import Actor, Permission
from yukuai.exchange.models import Difference, ExternalSystem, Reconciliation
from yukuai.kernel.errors import NotFound

P = Permission
GONE = "没有这份对账。可能网址不对，也可能不归您的岗位管。"


def list_reports(actor: Actor, *, system: ExternalSystem, limit: int) -> QuerySet[Reconciliation]:
    """Each with `open`, the differences nobody has repaired."""
    policy.require_anywhere(actor, P.EXCHANGE_MANAGE)
    rows = Reconciliation.objects.filter(system=system)
    rows = rows.annotate(
        found=Count("differences"),
        open=Count("differences", filter=Q(differences__repaired_at=None)),
    )
    return policy.visible(actor, P.EXCHANGE_MANAGE, rows).order_by("-day", "-pk")[:limit]


def get_report(actor: Actor, *, report_id: int) -> Reconciliation:
    policy.require_anywhere(actor, P.EXCHANGE_MANAGE)
    rows = Reconciliation.objects.filter(pk=report_id).select_related("system")
    found = policy.visible(actor, P.EXCHANGE_MANAGE, rows).first()
    if found is None:
        raise NotFound(GONE)
    return found


def list_differences(actor: Actor, *, report: Reconciliation) -> QuerySet[Difference]:
    rows = Difference.objects.filter(report=report).select_related("link")
    return policy.visible(actor, P.EXCHANGE_MANAGE, rows).order_by("kind", "pk")


def report_of(actor: Actor, *, difference_id: int) -> int:
    policy.require_anywhere(actor, P.EXCHANGE_MANAGE)
    rows = Difference.objects.filter(pk=difference_id)
    found = policy.visible(actor, P.EXCHANGE_MANAGE, rows).first()
    if found is None:
        raise NotFound(GONE)
    return int(found.report_id)
