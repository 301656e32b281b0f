"""Numbers of mediation for those above: which offices have how much, and what is late."""

from typing import Any

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from yukuai.accounts.access import staff
from yukuai.accounts.policy import Permission
from yukuai.disputes.rules import LEAST_SHOWN
from yukuai.disputes.statistics import count_disputes
from yukuai.divisions.queries import get_division, list_ancestors
from yukuai.kernel import clock

BELOW = {"city": "区县", "district": "街道和乡镇", "zone": "街道和乡镇", "township": "社区和村"}


@staff(Permission.DISPUTE_COUNT)
@require_GET
def numbers(request: Any, division_id: int | None = None) -> HttpResponse:
    actor = request.actor
    own = actor.paths_for(Permission.DISPUTE_COUNT)[0]
    division = get_division(
        actor, division_id=division_id or int(own.rstrip(".").rpartition(".")[2])
    )
    found = count_disputes(actor, division=division, at=clock.now())
    above = [one for one in list_ancestors(actor, division=division) if one.path.startswith(own)]
    context = {
        "division": division,
        "numbers": found,
        "below": BELOW.get(division.kind, ""),
        "least": LEAST_SHOWN,
        "crumbs": [
            {"label": one.name, "url": reverse("work:mediation-numbers-of", args=[one.pk])}
            for one in above
        ]
        + [{"label": division.name}],
    }
    return TemplateResponse(request, "work/mediation/numbers.html", context)
