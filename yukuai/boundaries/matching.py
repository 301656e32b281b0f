"""Which feature of a file is which division: told by its code, then by its name."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from yukuai.divisions.rules import short_name, tidy_code, tidy_name
from yukuai.engines.mapfiles import Feature

if TYPE_CHECKING:
    from yukuai.divisions.models import Division

MOST_LISTED = 50


@dataclass(frozen=True)
class Match:
    """`matched` by id of the division; `unmatched` says which features were left over, `missing`
    which divisions got nothing."""

    matched: Mapping[int, Feature]
    unmatched: Sequence[str]
    missing: Sequence[str]


def match(features: Iterable[Feature], children: Sequence["Division"]) -> Match:
    """A division that several features name gets all their polygons: exports often split them."""
    codes = {child.code: child.pk for child in children if child.code}
    names = {short_name(tidy_name(child.name)): child.pk for child in children}
    ids = {str(child.pk) for child in children}
    matched: dict[int, Feature] = {}
    unmatched = []
    for number, feature in enumerate(features, 1):
        pk = _whose(feature, codes, names, ids)
        if pk is None:
            unmatched.append(_called(feature, number))
        elif pk in matched:
            polygons = [*matched[pk].polygons, *feature.polygons]
            matched[pk] = Feature(polygons, matched[pk].said)
        else:
            matched[pk] = feature
    missing = [child.name for child in children if child.pk not in matched]
    return Match(matched, unmatched[:MOST_LISTED], missing[:MOST_LISTED])


def _whose(
    feature: Feature, codes: Mapping[str, int], names: Mapping[str, int], ids: Iterable[str]
) -> int | None:
    texts = [text.strip() for text in feature.said.values() if text.strip()]
    for text in texts:
        if (pk := codes.get(text) or codes.get(tidy_code(text))) is not None:
            return pk
    for text in texts:
        if (pk := names.get(short_name(tidy_name(text)))) is not None:
            return pk
    own = feature.said.get("id", "")
    return int(own) if own in ids else None


def _called(feature: Feature, number: int) -> str:
    words = [text for text in feature.said.values() if text.strip()]
    return (
        f"第 {number} 个：{'，'.join(words[:3])}"[:80] if words else f"第 {number} 个（没有属性）"
    )
