# mypy: disable-error-code="type-arg"
"""The tree, its old codes, and the categories of matters."""

from typing import Any

from ninja import Query, Router

from yukuai.accounts.policy import Permission
from yukuai.api.schemas import CategoryOut, DivisionOut, ProblemOut, ResolvedOut
from yukuai.api.security import reads
from yukuai.cases.queries import known_categories
from yukuai.divisions.queries import find_divisions, list_places, resolve_code

router = Router(tags=["区划和类别"])


@router.get("/divisions", response={200: list[DivisionOut], 401: ProblemOut}, summary="查区划")
@reads(Permission.API_READ)
def search_divisions(
    request: Any, q: str = Query(..., description="code, name or pinyin initials"), limit: int = 20
) -> Any:
    found = find_divisions(request.actor, text=q, limit=max(1, min(limit, 100)))
    return [_found(hit) for hit in found]


def _found(hit: Any) -> dict[str, Any]:
    return {
        "id": hit.id,
        "code": hit.code,
        "name": hit.name,
        "kind": hit.kind,
        "place": hit.place,
    }


@router.get(
    "/divisions/{code}", response={200: ResolvedOut, 404: ProblemOut}, summary="解析区划代码"
)
@reads(Permission.API_READ)
def get_by_code(request: Any, code: str) -> Any:
    """Any code that was ever valid, and who bears it today."""
    resolved = resolve_code(request.actor, code=code)
    current = list(resolved.successors) or [resolved.division]
    places = list_places(request.actor, division_ids=[d.pk for d in (resolved.division, *current)])
    return {
        "asked": code,
        "division": _division(resolved.division, places),
        "current": [_division(division, places) for division in current],
    }


def _division(division: Any, places: dict[int, str]) -> dict[str, Any]:
    return {
        "id": division.pk,
        "code": division.code,
        "name": division.name,
        "kind": division.kind,
        "place": places[division.pk],
    }


@router.get("/categories", response={200: list[CategoryOut]}, summary="事项类别")
@reads(Permission.API_READ)
def all_categories(request: Any) -> Any:
    return known_categories(request.actor)
