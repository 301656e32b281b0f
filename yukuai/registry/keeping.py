"""Steps of the actions that keep records: each field with its evidence, nothing overwritten.

What a source says and is not shown becomes a `Claim`; what was shown and is no more becomes one
too. The rule that decides is `provenance.judge`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from yukuai.accounts.policy import Actor, Permission, require, visible
from yukuai.audit.actions import record
from yukuai.kernel.clock import today
from yukuai.kernel.errors import InvalidInput, NotFound
from yukuai.kernel.outbox import publish
from yukuai.registry.catalogue import field_of
from yukuai.registry.codes import source_of
from yukuai.registry.columns import columns_of, digest_of, person_key, text_of
from yukuai.registry.events import RecordsTouched
from yukuai.registry.models import MODELS, Claim, Kept, Person
from yukuai.registry.provenance import Evidence, judge, with_evidence, write
from yukuai.registry.states import Kind, Standing

K = TypeVar("K", bound=Kept)
NOT_HERE = "底数里没有这一条，或者不在您的社区。"
PUBLIC = frozenset({Kind.FACILITY})
"""Kinds that their own permission keeps: what is there for everybody."""
STATED = frozenset({"id_type", "birth_date", "sex"})
"""What a citizen's number states goes where the number goes."""


@dataclass(frozen=True)
class Said:
    """On what somebody writes: from which source, collected when, how sure; `seen` is True where
    whoever writes has seen that it is so."""

    source: str
    collected_on: date
    confidence: int = 100
    seen: bool = False


def evidence_for(actor: Actor, said: Said, at: datetime) -> Evidence:
    if said.collected_on > today(at):
        sentence = "采集日期不能晚于今天。"
        raise InvalidInput(sentence, fields={"collected_on": sentence})
    if not 0 < said.confidence <= 100:
        sentence = "可信度在 1 到 100 之间。"
        raise InvalidInput(sentence, fields={"confidence": sentence})
    source = source_of(said.source)
    evidence = Evidence(source.code, source.rank, said.collected_on, said.confidence)
    return evidence.confirmed(on=today(at), by=actor.label) if said.seen else evidence


def permission_to_keep(kind: str) -> Permission:
    return Permission.FACILITY_MANAGE if kind in PUBLIC else Permission.REGISTRY_EDIT


def permission_to_view(kind: str) -> Permission:
    return Permission.MAP_VIEW if kind in PUBLIC else Permission.REGISTRY_VIEW


def lock_record(actor: Actor, kind: str, subject_id: int) -> Any:
    """The record, locked, if the actor may change it. Raises NotFound, NotPermitted."""
    if kind not in MODELS:
        raise NotFound(NOT_HERE)
    model: Any = MODELS[kind]
    rows = model.objects.select_for_update(of=("self",)).select_related("division")
    row = rows.filter(pk=subject_id).first()
    if row is None:
        raise NotFound(NOT_HERE)
    require(actor, permission_to_keep(kind), row)
    return row


def readable(actor: Actor, model: type[K]) -> Any:
    """The records of this kind the actor may read."""
    return visible(actor, permission_to_view(model.kind), model._default_manager.all())


def holders_of(row: Any) -> list[str]:
    """Whose data this is; nobody's for what is no person."""
    return list(getattr(row, "holders", ()))


@dataclass(frozen=True)
class Written:
    """Which fields show another value now, and which statements were noted only, and why."""

    changed: tuple[str, ...]
    noted: Mapping[str, str]


@dataclass(frozen=True)
class Weighed:
    """What a statement does to a record: the values it takes over, the evidence the record has
    then, what is noted only and why, and what was shown before, with its evidence."""

    taken: dict[str, str]
    facts: dict[str, list[Any]]
    noted: dict[str, str]
    former: dict[str, tuple[str, Evidence]]


def weigh(
    row: Any,
    values: Mapping[str, str],
    evidence: Evidence,
    *,
    day: date,
    decided: bool = False,
) -> Weighed:
    """The decision of `write_values`, with nothing written."""
    weighed = Weighed({}, {}, {}, {})
    facts = row.facts
    for name, text in sorted(values.items(), key=lambda one: one[0] != "id_no"):
        now = text_of(row, field_of(row.kind, name))
        before = row.evidence(name)
        if text == now:
            if judge(evidence, before, on=day).prevails:
                facts = with_evidence(facts, name, evidence)
            continue
        if not text and not evidence.holds(day):
            continue  # a source that knows nothing contradicts nobody
        verdict = judge(evidence, before, on=day)
        goes_along = decided or (name in STATED and "id_no" in weighed.taken)
        if now and not verdict.prevails and not goes_along:
            weighed.noted[name] = verdict.why
            continue
        if now:
            weighed.former[name] = (now, before)
        weighed.taken[name] = text
        facts = with_evidence(facts, name, evidence)
    weighed.facts.update(facts)
    return weighed


def write_values(
    row: Any, values: Mapping[str, str], evidence: Evidence, *, at: datetime, decided: bool = False
) -> Written:
    """State these values of a record. Saves the row when anything about it changed.

    `decided`: whoever keeps the record has chosen them, so nothing is weighed any more.
    """
    weighed = weigh(row, values, evidence, day=today(at), decided=decided)
    write_weighed(row, values, evidence, weighed, at=at)
    return Written(tuple(weighed.taken), weighed.noted)


def write_weighed(
    row: Any, values: Mapping[str, str], evidence: Evidence, weighed: Weighed, *, at: datetime
) -> None:
    """A step: what `weigh` decided about these values."""
    for name in weighed.noted:
        _note(row, name, values[name], evidence, Standing.OTHER, at)
    for name, (text, before) in weighed.former.items():
        _note(row, name, text, before, Standing.FORMER, at)
    for name, text in weighed.taken.items():
        _forget_equal(row, name, text)
    _save(row, weighed.taken, weighed.facts, at)


def note_other(row: Any, field: str, text: str, evidence: Evidence, *, at: datetime) -> None:
    """A step: somebody else says so."""
    _note(row, field, text, evidence, Standing.OTHER, at)


def note_former(row: Any, field: str, text: str, evidence: Evidence, *, at: datetime) -> None:
    """A step: that was shown before."""
    _note(row, field, text, evidence, Standing.FORMER, at)


def _save(row: Any, taken: Mapping[str, str], facts: dict[str, list[Any]], at: datetime) -> None:
    if not taken and facts == row.facts:
        return
    columns = columns_of(row.kind, taken, id_type=getattr(row, "id_type", ""))
    if "id_type" in taken and "id_no" not in taken:
        columns["person_key"] = person_key(taken["id_type"], row.id_no)
    columns |= {"facts": facts, "changed_at": at}
    for name, value in columns.items():
        setattr(row, name, value)
    row.save(update_fields=list(columns))


def _note(
    row: Any, field: str, text: str, evidence: Evidence, standing: Standing, at: datetime
) -> None:
    """Keep a value that is not shown; the same said again by whoever is kept once."""
    digest = digest_of(field, text)
    same = Claim.objects.filter(
        kind=row.kind, subject_id=row.pk, field=field, digest=digest, standing=Standing.OTHER
    )
    if standing is Standing.OTHER and (known := same.first()):
        if judge(evidence, known.grounds, on=today(at)).prevails:
            known.evidence = write(evidence)
            known.claimed_at = at
            known.save(update_fields=["evidence", "claimed_at"])
        return
    Claim.objects.create(
        kind=row.kind,
        subject_id=row.pk,
        field=field,
        value=text,
        digest=digest,
        evidence=write(evidence),
        standing=standing,
        claimed_at=at,
        division=row.division,
        holders=holders_of(row),
    )


def _forget_equal(row: Any, field: str, text: str) -> None:
    """What is shown from now on is no other statement any more."""
    Claim.objects.filter(
        kind=row.kind,
        subject_id=row.pk,
        field=field,
        digest=digest_of(field, text),
        standing=Standing.OTHER,
    ).delete()


def remember(
    actor: Actor, row: Any, *, act: str, at: datetime, purpose: str = "", **details: object
) -> None:
    """One audit entry about a record; the person concerned can read it. What is written is counted
    anew in the next round."""
    publish(RecordsTouched(row.division_id))
    note(actor, row, act=act, at=at, purpose=purpose, **details)


def note(
    actor: Actor, row: Any, *, act: str, at: datetime, purpose: str = "", **details: object
) -> None:
    """The same of a look, which changes nothing."""
    record(
        actor,
        act=act,
        target=row.target,
        area=row.area,
        at=at,
        purpose=purpose,
        holders=holders_of(row),
        **details,
    )


def bind_number(person: Person) -> None:
    """A step: a number that one record of the community has, and no other any more, is its own
    again (`Person.shared_key`)."""
    rows = Person.objects.filter(
        division=person.division, person_key=person.person_key, ended_on=None
    ).exclude(person_key="")
    if rows.count() == 1:
        rows.exclude(shared_key="").update(shared_key="")


def labels(kind: str, fields: Iterable[str]) -> list[str]:
    """For the audit: which fields, in words."""
    return [field_of(kind, name).label for name in fields]


def check_same_place(row: Any, other: Any, sentence: str) -> None:
    """What is joined lies in one community."""
    if row.division_id != other.division_id:
        raise InvalidInput(sentence)


def new_person_key(client_uuid: object) -> str:
    """The key by which the person of a record is told of what happens to it, from the first day on:
    he gets it when he proves who he is."""
    return f"record:{client_uuid}"


def is_person_key(key: str) -> bool:
    return key.startswith("record:")
