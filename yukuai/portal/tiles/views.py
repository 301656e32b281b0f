"""Tiles that are public. No session is read: what one is shown depends on nobody."""

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from yukuai.accounts.access import bare
from yukuai.accounts.policy import ANYBODY
from yukuai.flows.layers import PUBLIC
from yukuai.kernel.scope import scope
from yukuai.kernel.tile_answers import answer, lasting
from yukuai.kernel.tiles import choose, draw, read_tile


@bare
@require_safe
def tile(request: Any, layers: str, z: int, x: int, y: int) -> HttpResponse:
    chosen, place = choose(PUBLIC, layers), read_tile(z, x, y)
    key = (tuple(layer.name for layer in chosen), place)
    drawn = lasting(
        key,
        opened=partial(scope, (), by_value=True),
        draw=lambda: draw(ANYBODY, layers=chosen, tile=place),
    )
    return answer(request, drawn, public=True)
