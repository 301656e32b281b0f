"""FieldOverlap against the register as it is: for the page, and for whoever sends out forms."""

from collections.abc import Iterable, Sequence

from django.conf import settings

from yukuai.accounts.policy import Actor
from yukuai.kernel.errors import Conflict, InvalidInput
from yukuai.kernel.reference import Reference
from yukuai.registry.models import Synonym
from yukuai.registry.overlap import Overlap, compare, read_headings


def _load() -> list[tuple[str, str]]:
    return list(Synonym.objects.order_by("pk").values_list("word", "column"))


_SYNONYMS = Reference(_load)


def check_form(actor: Actor, *, headings: Iterable[str]) -> Overlap:
    """What of a form the register holds. Nothing is read of anybody's records."""
    read = read_headings(headings)
    if not read:
        sentence = "写上表头，一行一个，或者传一个表。"
        raise InvalidInput(sentence, fields={"headings": sentence})
    return compare(read, _SYNONYMS.get())


def require_new_form(actor: Actor, *, headings: Sequence[str]) -> Overlap:
    """Before a form is sent out to be filled by hand. Raises Conflict with what to take from the
    register where it holds more than it may."""
    found = check_form(actor, headings=headings)
    if found.must_reuse(settings.REPORTS["overlap_percent"]):
        held = "、".join(one.heading for one in found.held)
        raise Conflict(
            f"这张表 {found.percent}% 的内容底数里已经有了，不能另发。请直接用：{held}。",
            kind=found.kind,
            columns=list(found.columns),
        )
    return found
