"""Tiles of what an officer may see: drawn anew each time, with his rights and in his scope."""

from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from yukuai.accounts.access import staff
from yukuai.accounts.policy import Permission
from yukuai.cases.tiles import Matters
from yukuai.flows.layers import STAFF
from yukuai.kernel import clock
from yukuai.kernel.tile_answers import answer, pack
from yukuai.kernel.tiles import choose, draw, read_tile
from yukuai.workbench.map.asking import read_matters


@staff(Permission.MAP_VIEW)
@require_safe
def tile(request: Any, layers: str, z: int, x: int, y: int) -> HttpResponse:
    chosen, place = choose(STAFF, layers), read_tile(z, x, y)
    wanted = read_matters(request.actor, request.GET).wanted
    asked = Matters(wanted, clock.now())
    drawn = draw(request.actor, layers=chosen, tile=place, asked=asked)
    return answer(request, pack(drawn), public=False)
