"""Divisions as of the beginning of the transaction, kept between requests: never to change.

For the paths that are asked hundreds of times a second; everything else asks `queries`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from yukuai.divisions.models import Division, DivisionKind
from yukuai.divisions.queries import resolve_code
from yukuai.divisions.rules import tidy_code
from yukuai.kernel.actions import Acts
from yukuai.kernel.errors import NotFound
from yukuai.kernel.reference import Reference, ReferenceMap


@dataclass(frozen=True)
class _Anybody:
    """Divisions are public: who asks changes nothing."""

    areas: tuple[str, ...] = ()
    holders: tuple[str, ...] = ()


def _load(division_id: int) -> Division:
    found = Division.objects.filter(pk=division_id).first()
    if found is None:
        raise NotFound("没有这个区划，请回到上一页重新选择。")
    return found


def _is_leaf(path: str) -> bool:
    own = path.rstrip(".").rpartition(".")[2]
    return own != "" and not Division.objects.filter(parent=int(own)).exists()


_LEAVES: ReferenceMap[str, bool] = ReferenceMap(_is_leaf)
_BY_ID: ReferenceMap[int, Division] = ReferenceMap(_load)
_BY_CODE: ReferenceMap[str, Division] = ReferenceMap(
    lambda code: resolve_code(_Anybody(), code=code).today[0]
)


_NAMES: Reference[dict[int, str]] = Reference(
    lambda: dict(Division.objects.values_list("pk", "name"))
)


def names_of_divisions(actor: Acts) -> Mapping[int, str]:
    """Names by id, of all there are and were: for lists, which would join them by the fifty."""
    return _NAMES.get()


def get_known(actor: Acts, *, division_id: int) -> Division:
    """Also one that was abolished. Raises NotFound."""
    return _BY_ID.get(division_id)


def get_bearer_today(actor: Acts, *, code: str) -> Division:
    """Who bears a code of any time today, or succeeded to it. Raises NotFound."""
    return _BY_CODE.get(tidy_code(code))


def is_leaf(actor: Acts, *, path: str) -> bool:
    """Whether nothing ever lay below: what lies within such a path lies at it."""
    return _LEAVES.get(path)


def _communities(path: str) -> dict[str, str]:
    rows = Division.objects.filter(kind=DivisionKind.COMMUNITY, valid_to=None)
    inside = rows.filter(path__gte=path, path__lt=f"{path[:-1]}/" if path else "~")
    return dict(inside.order_by("path").values_list("path", "name"))


_COMMUNITIES: ReferenceMap[str, dict[str, str]] = ReferenceMap(_communities)


def communities_within(actor: Acts, *, path: str) -> Mapping[str, str]:
    """Names by path of the living communities at a path and below it."""
    return _COMMUNITIES.get(path)
