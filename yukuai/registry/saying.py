"""What the register is called and shown as, wherever it is read: doors, households, statements."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from yukuai.registry.addresses import entrance_words
from yukuai.registry.catalogue import FIELDS, Field, Sort, field_of
from yukuai.registry.codes import labels_of, sources
from yukuai.registry.columns import ID_HINT, PHONE_HINT, in_words, masked, text_of
from yukuai.registry.models import Claim, Household, Kept, Membership
from yukuai.registry.states import Kind, Living

_HINTS = {Sort.PAPER: ID_HINT, Sort.PHONE: PHONE_HINT}
HEAD = "02"
"""户主, GB/T 4761."""
COLUMNS: Mapping[str, tuple[str, ...]] = {
    Kind.PERSON: ("sex", "id_no", "phone"),
    Kind.HOUSEHOLD: ("household_kind", "hukou_no"),
    Kind.DWELLING: ("usage", "status", "area_m2"),
    Kind.COMPOUND: ("property_company", "owners_committee", "homes"),
    Kind.ORGANISATION: ("org_type", "industry", "address"),
    Kind.SOCIAL_ORG: ("org_type", "members"),
    Kind.PARTY_ORG: ("org_type", "members"),
    Kind.FACILITY: ("category", "address", "opening_hours"),
    Kind.OFFICE_HOLDER: ("body", "post", "term_to"),
    Kind.PROJECT: ("project_kind", "progress", "accepted_on"),
}
NARROWED: Mapping[str, tuple[str, ...]] = {
    Kind.PERSON: ("sex", "political"),
    Kind.HOUSEHOLD: ("household_kind",),
    Kind.DWELLING: ("status", "usage"),
    Kind.ORGANISATION: ("org_type", "industry"),
    Kind.SOCIAL_ORG: ("org_type",),
    Kind.PARTY_ORG: ("org_type",),
    Kind.FACILITY: ("category",),
    Kind.OFFICE_HOLDER: ("body",),
    Kind.PROJECT: ("project_kind",),
}
"""By which codes a list is narrowed down."""
LIVING, CARE = "living", "care"


def door_of(dwelling: Any) -> str:
    """1栋 2单元 501."""
    entrance = entrance_words(dwelling.entrance)
    return " ".join(filter(None, [dwelling.building.name, entrance, dwelling.room]))


def names_of(household: Household, members: Iterable[Membership]) -> str:
    """户主水清浅，3 人: by which one of several households behind a door is told."""
    own = [one for one in members if one.household_id == household.pk and one.until is None]
    head = next((one.person.name for one in own if one.relation == HEAD), "")
    return f"户主{head}，{len(own)} 人" if head else f"{len(own)} 人，还没有户主"


def values_of(row: Kept) -> dict[str, str]:
    """What a form is filled with: everything that is not sealed."""
    return {one.name: text_of(row, one) for one in FIELDS[row.kind] if not one.sealed}


def source_label(code: str) -> str:
    found = sources().get(code)
    return found.label if found else code


def words_of(claim: Claim, field: Field) -> str:
    """What was claimed, as anybody may read it who may read the record."""
    if not claim.value:
        return "（清空）"
    if field.sealed:
        signs = _HINTS.get(field.sort, 0)
        return masked(True, claim.value[-signs:] if signs else "")
    return in_words(field, claim.value)


def competing_words(claim: Claim) -> tuple[str, str]:
    """Field and value of a statement, as anybody may read them who may read the record."""
    field = field_of(claim.kind, claim.field)
    return field.label, words_of(claim, field)


def narrowings(kind: str) -> Mapping[str, tuple[str, Mapping[str, str]]]:
    """Label and choices of each filter of a list."""
    found: dict[str, tuple[str, Mapping[str, str]]] = {}
    if kind == Kind.PERSON:
        found[LIVING] = ("居住情况", dict(Living.choices))
        found[CARE] = ("服务对象", labels_of("care"))
    for name in NARROWED.get(kind, ()):
        field = field_of(kind, name)
        found[name] = (field.label, labels_of(field.codes))
    return found


def columns_shown(kind: str) -> Sequence[Field]:
    return [field_of(kind, name) for name in COLUMNS[kind]]
