"""How many others met with the same thing. Numbers only, so beyond what the actor may see."""

from collections.abc import Iterable

from django.db.models import Count, Q
from django.db.models.functions import Coalesce

from yukuai.accounts.policy import Actor
from yukuai.cases.models import Follower
from yukuai.cases.states import CaseState
from yukuai.kernel.scope import EVERYWHERE, widened


def count_followers(actor: Actor, *, case_ids: Iterable[int]) -> dict[int, int]:
    """Persons who follow each of these matters, or one that was merged into it; in one query."""
    ids = list(case_ids)
    if not ids:
        return {}
    merged = Q(case__main__in=ids, case__state=CaseState.MERGED)
    with widened(EVERYWHERE):
        rows = (
            Follower.objects.filter(Q(case__in=ids) | merged, ended_at=None)
            .annotate(top=Coalesce("case__main", "case"))
            .values_list("top")
            .annotate(number=Count("person", distinct=True))
            .order_by()
        )
        return {top: number for top, number in rows if top in set(ids)}
