"""Code sets and sources as they are now, read once a version of reference data."""

from collections.abc import Mapping
from dataclasses import dataclass

from yukuai.kernel.errors import InvalidInput
from yukuai.kernel.reference import Reference
from yukuai.registry.models import Code, CodeSet, DataSource
from yukuai.registry.states import Living


@dataclass(frozen=True)
class Source:
    code: str
    label: str
    rank: int


@dataclass(frozen=True)
class Standard:
    """Where the content of a code set comes from."""

    name: str
    standard: str
    version: str
    source: str


def _load_labels() -> dict[str, dict[str, str]]:
    rows = Code.objects.filter(active=True).select_related("code_set")
    sets: dict[str, dict[str, str]] = {}
    for row in rows.order_by("code_set", "order", "code"):
        sets.setdefault(row.code_set.key, {})[row.code] = row.label
    return sets


def _load_sources() -> dict[str, Source]:
    rows = DataSource.objects.order_by("-rank", "code")
    return {row.code: Source(row.code, row.label, row.rank) for row in rows}


def _load_standards() -> dict[str, Standard]:
    rows = CodeSet.objects.order_by("key")
    return {row.key: Standard(row.name, row.standard, row.version, row.source) for row in rows}


_LABELS = Reference(_load_labels)
_SOURCES = Reference(_load_sources)
_STANDARDS = Reference(_load_standards)


def labels_of(code_set: str) -> Mapping[str, str]:
    """Labels by code, in order; empty for a set that is not there."""
    return _LABELS.get().get(code_set, {})


def all_labels() -> Mapping[str, Mapping[str, str]]:
    """Every code set, and how somebody lives in a dwelling: what a report can name."""
    return _LABELS.get() | {"living": dict(Living.choices)}


def label_of(code_set: str, code: str) -> str:
    """The code itself where it has no label any more."""
    return labels_of(code_set).get(code, code)


def sources() -> Mapping[str, Source]:
    """The strongest first."""
    return _SOURCES.get()


def source_of(code: str) -> Source:
    if code not in sources():
        raise InvalidInput("请选择数据来源。", fields={"source": "请选择数据来源。"})
    return sources()[code]


def standards() -> Mapping[str, Standard]:
    return _STANDARDS.get()
