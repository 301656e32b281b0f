"""People go with the home they live in. Who has a home, or a household, on the other side as well
is on file on both sides from then on (人户分离); whom the community that receives him has already
is listed there among the duplicates, and nothing fails.
"""

import uuid
from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from yukuai.accounts.policy import Actor
from yukuai.audit.actions import record_each
from yukuai.divisions.queries import get_divisions
from yukuai.registry.keeping import new_person_key
from yukuai.registry.models import Person
from yukuai.registry.relocating.ground import (
    GROUND,
    ON_GROUND,
    Batch,
    Ground,
    ask,
    run,
    take_claims,
)
from yukuai.registry.states import Kind

ROWS = (("occupancy", "person_id"), ("membership", "person_id"), ("caretag", "person_id"))
OWN = frozenset(
    {"id", "client_uuid", "holders", "created_at", "changed_at", "division_id", "area"}
    | {"shared_key", "batch_id", "merged_into_id"}
)
"""Columns that a second record of the same person has for itself."""

_TO_COME = f"""
    EXISTS (
        SELECT FROM registry_occupancy o JOIN registry_dwelling d ON d.id = o.dwelling_id
        JOIN registry_building one ON one.id = d.building_id
        WHERE o.person_id = {{who}} AND o.until IS NULL AND one.id > %(last)s
            AND {ON_GROUND.format(one="one")})
    OR EXISTS (
        SELECT FROM registry_membership m JOIN registry_household h ON h.id = m.household_id
        JOIN registry_dwelling d ON d.id = h.dwelling_id
        JOIN registry_building one ON one.id = d.building_id
        WHERE m.person_id = {{who}} AND m.until IS NULL AND one.id > %(last)s
            AND {ON_GROUND.format(one="one")})
"""
_TOGETHER = """
    registry_membership mine JOIN registry_household h
        ON h.id = mine.household_id AND h.dwelling_id IS NULL
    JOIN registry_membership other ON other.household_id = h.id AND other.until IS NULL
"""
# Whoever has a home or a household in a building that is still to be looked at waits, and with him
# those who form a household without a door with him: the last building decides.
_DECIDED = f"""
    p.merged_into_id IS NULL AND NOT ({_TO_COME.format(who="p.id")}) AND NOT EXISTS (
        SELECT FROM {_TOGETHER} WHERE mine.person_id = p.id AND mine.until IS NULL
            AND ({_TO_COME.format(who="other.person_id")}))
"""
# Who lives or lived behind these doors, or belongs to a household there, and those with him.
_CONCERNED = f"""
    WITH {GROUND}, at_door AS MATERIALIZED (
        SELECT o.person_id FROM registry_occupancy o
        JOIN registry_dwelling d ON d.id = o.dwelling_id WHERE d.building_id = ANY (%(buildings)s)
        UNION
        SELECT m.person_id FROM registry_membership m
        JOIN registry_household h ON h.id = m.household_id
        JOIN registry_dwelling d ON d.id = h.dwelling_id WHERE d.building_id = ANY (%(buildings)s)
    ), near AS MATERIALIZED (
        SELECT person_id FROM at_door
        UNION
        SELECT other.person_id FROM {_TOGETHER}
        WHERE mine.person_id IN (SELECT person_id FROM at_door) AND mine.until IS NULL
    )
    SELECT near.person_id FROM near JOIN registry_person p ON p.id = near.person_id
    WHERE {_DECIDED}
"""
_MEMBERS = f"""
    WITH {GROUND}
    SELECT m.person_id FROM registry_membership m JOIN registry_person p ON p.id = m.person_id
    WHERE m.household_id = ANY (%(households)s) AND m.until IS NULL AND {_DECIDED}
"""
# Rank: lives there, is registered there, belongs to a household there, did so once.
_TIES = """
    SELECT o.person_id, d.division_id, d.area, CASE WHEN o.until IS NOT NULL THEN 3
        WHEN o.living = 'hukou-away' THEN 1 ELSE 0 END AS rank, o.until, o.since, o.id
    FROM registry_occupancy o JOIN registry_dwelling d ON d.id = o.dwelling_id
    WHERE o.person_id = ANY (%(people)s)
    UNION ALL
    SELECT m.person_id, h.division_id, h.area, CASE WHEN m.until IS NULL THEN 2 ELSE 4 END,
        m.until, m.since, m.id
    FROM registry_membership m JOIN registry_household h ON h.id = m.household_id
    WHERE m.person_id = ANY (%(people)s)
"""
_MAIN = f"""
    SELECT DISTINCT ON (person_id) person_id, division_id, area FROM ({_TIES}) AS tie
    ORDER BY person_id, rank, until DESC NULLS FIRST, since DESC NULLS LAST, id DESC
"""
# A household without a door goes where its head goes, else its first member.
_DOORLESS = """
    WITH place AS (
        SELECT * FROM unnest(%(people)s::bigint[], %(divisions)s::bigint[], %(areas)s::varchar[])
            AS place (person_id, division_id, area)
    ), first AS (
        SELECT DISTINCT ON (m.household_id) m.household_id, m.person_id
        FROM registry_membership m WHERE m.until IS NULL AND m.household_id IN (
            SELECT m.household_id FROM registry_membership m
            JOIN place ON place.person_id = m.person_id
            JOIN registry_household h ON h.id = m.household_id
            WHERE m.until IS NULL AND h.dwelling_id IS NULL)
        ORDER BY m.household_id, m.relation <> '02', m.id
    )
    UPDATE registry_household h
    SET division_id = place.division_id, area = place.area, changed_at = %(at)s
    FROM first JOIN place ON place.person_id = first.person_id
    WHERE h.id = first.household_id AND h.division_id <> place.division_id RETURNING h.id
"""
_KNOWN = """
    p.ended_on IS NULL AND p.person_key <> '' AND EXISTS (
        SELECT FROM registry_person there WHERE there.division_id = {place}.division_id
            AND there.person_key = p.person_key AND there.person_key <> ''
            AND there.ended_on IS NULL AND there.id <> p.id)
"""
_GO = f"""
    WITH place AS (
        SELECT * FROM unnest(%(people)s::bigint[], %(divisions)s::bigint[], %(areas)s::varchar[])
            AS place (person_id, division_id, area)
    ), going AS MATERIALIZED (
        SELECT p.id, p.division_id AS before, place.division_id, place.area, p.person_key,
            {_KNOWN.format(place="place")} OR row_number() OVER (
                PARTITION BY place.division_id, p.person_key, p.ended_on IS NULL ORDER BY p.id
            ) > 1 AS known
        FROM place JOIN registry_person p ON p.id = place.person_id
        WHERE p.division_id <> place.division_id
    )
    UPDATE registry_person p SET division_id = going.division_id, area = going.area,
        changed_at = %(at)s, shared_key = CASE WHEN known THEN p.person_key ELSE '' END
    FROM going WHERE p.id = going.id
    RETURNING p.id, going.before, p.division_id, p.area, p.holders
"""
_WANTED = f"""
    SELECT DISTINCT tie.person_id, tie.division_id, tie.area, p.holders FROM ({_TIES}) AS tie
    JOIN registry_person p ON p.id = tie.person_id
    WHERE tie.rank <= 2 AND tie.division_id <> p.division_id AND p.ended_on IS NULL
"""
_COPY = f"""
    WITH second AS (
        SELECT * FROM unnest(%(people)s::bigint[], %(divisions)s::bigint[], %(areas)s::varchar[],
            %(uuids)s::uuid[], %(keys)s::varchar[])
            AS second (person_id, division_id, area, client_uuid, key)
    ), made AS (
        INSERT INTO registry_person ({{columns}}, client_uuid, holders, created_at, changed_at,
            division_id, area, shared_key)
        SELECT {{of_person}}, second.client_uuid, array_append(p.holders, second.key), %(at)s,
            %(at)s, second.division_id, second.area,
            CASE WHEN {_KNOWN.format(place="second")} THEN p.person_key ELSE '' END
        FROM second JOIN registry_person p ON p.id = second.person_id
        RETURNING id, client_uuid, holders
    )
    SELECT second.person_id, second.division_id, second.area, made.id, made.holders
    FROM second JOIN made ON made.client_uuid = second.client_uuid
"""
_HAND_OVER = """
    UPDATE registry_{row} r
    SET person_id = copy.id, division_id = copy.division_id, area = copy.area
    FROM unnest(%(people)s::bigint[], %(copies)s::bigint[]) AS second (person_id, copy_id)
    JOIN registry_person copy ON copy.id = second.copy_id, registry_{home} home
    WHERE r.person_id = second.person_id AND r.until IS NULL AND home.id = r.{home}_id
        AND home.division_id = copy.division_id
"""
_FOLLOW = """
    UPDATE registry_{row} r SET division_id = p.division_id, area = p.area
    FROM registry_person p
    WHERE r.{link} = p.id AND p.id = ANY (%(ids)s) AND r.division_id <> p.division_id
"""
_MERGED = """
    UPDATE registry_person gone
    SET division_id = p.division_id, area = p.area, changed_at = %(at)s
    FROM registry_person p WHERE gone.merged_into_id = p.id AND p.id = ANY (%(ids)s)
        AND gone.division_id <> p.division_id RETURNING gone.id
"""
_NOT_SAME = """
    UPDATE registry_notsame n SET division_id = one.division_id, area = one.area
    FROM registry_person one, registry_person other
    WHERE n.one_id = one.id AND n.other_id = other.id AND one.division_id = other.division_id
        AND n.division_id <> one.division_id
        AND (n.one_id = ANY (%(ids)s) OR n.other_id = ANY (%(ids)s))
"""
_ALONE = """
    UPDATE registry_person p SET shared_key = ''
    WHERE p.shared_key <> '' AND p.area = ANY (%(areas)s) AND NOT EXISTS (
        SELECT FROM registry_person other WHERE other.division_id = p.division_id
            AND other.person_key = p.person_key AND other.person_key <> ''
            AND other.ended_on IS NULL AND other.id <> p.id)
"""
_WAITING = "SELECT count(*) FROM registry_person WHERE id = ANY (%(ids)s) AND shared_key <> ''"


def take_people(
    actor: Actor,
    batch: Batch,
    building_ids: Sequence[int],
    ground: Ground,
    *,
    last: int,
    why: str,
    at: datetime,
) -> None:
    """A step: whoever has to do with these buildings is where he lives. `last` is the last
    building that has been looked at."""
    near = {"areas": list(ground.areas), "buildings": list(building_ids), "last": last}
    people = [pk for (pk,) in ask(_CONCERNED, near)]
    households = [pk for (pk,) in ask(_DOORLESS, _places_of(people, at))]
    if households:
        take_claims(Kind.HOUSEHOLD, "registry_household", households)
        members = ask(_MEMBERS, {**near, "households": households})
        people = sorted({*people, *(pk for (pk,) in members)})
    gone = ask(_GO, _places_of(people, at))
    copies = _copy(people, at=at)
    _rows_follow([*people, *(pk for *_, pk, _ in copies)], at=at)
    run(_ALONE, {"areas": _areas_of(actor, gone, copies)})
    batch.along["户"] += len(households)
    batch.along["人"] += len(gone)
    batch.along["两边都有住处、两边都登记的人"] += len(copies)
    ids = [pk for pk, *_ in gone] + [pk for *_, pk, _ in copies]
    ((waiting,),) = ask(_WAITING, {"ids": ids})
    batch.along["新社区已有同一号码、等人合并的人"] += waiting
    _tell(actor, gone, copies, why=why, at=at)


def _places_of(people: Sequence[int], at: datetime) -> dict[str, Any]:
    """Where each belongs as things stand."""
    main = ask(_MAIN, {"people": list(people)})
    return _columns(("people", "divisions", "areas"), main) | {"at": at}


def _copy(people: Sequence[int], *, at: datetime) -> list[tuple[Any, ...]]:
    """Second records, with what is open on their side; (person, division, area, id, holders)."""
    wanted = ask(_WANTED, {"people": list(people)})
    if not wanted:
        return []
    uuids = [uuid.uuid4() for _ in wanted]
    columns = [str(f.column) for f in Person._meta.concrete_fields if not f.generated]
    own = [column for column in columns if column not in OWN]
    sql = _COPY.format(columns=", ".join(own), of_person=", ".join(f"p.{one}" for one in own))
    said = _columns(("people", "divisions", "areas"), [row[:3] for row in wanted])
    said |= {"uuids": uuids, "keys": [new_person_key(one) for one in uuids], "at": at}
    copies = ask(sql, said)
    pairs = {"people": [row[0] for row in copies], "copies": [row[3] for row in copies]}
    run(_HAND_OVER.format(row="occupancy", home="dwelling"), pairs)
    run(_HAND_OVER.format(row="membership", home="household"), pairs)
    return copies


def _rows_follow(ids: Sequence[int], *, at: datetime) -> None:
    """What hangs on people lies where they lie; so do the records that became part of theirs."""
    while ids:
        said = {"ids": list(ids), "at": at}
        for row, link in (*ROWS, ("merge", "kept_id")):
            run(_FOLLOW.format(row=row, link=link), said)
        take_claims(Kind.PERSON, "registry_person", ids)
        run(_NOT_SAME, said)
        ids = [pk for (pk,) in ask(_MERGED, said)]


def _areas_of(
    actor: Actor, gone: Sequence[tuple[Any, ...]], copies: Sequence[tuple[Any, ...]]
) -> list[str]:
    ids = {pk for _id, before, after, *_ in gone for pk in (before, after)}
    ids |= {division for _id, division, *_ in copies}
    return [one.path for one in get_divisions(actor, division_ids=ids).values()]


def _tell(
    actor: Actor,
    gone: Collection[tuple[Any, ...]],
    copies: Collection[tuple[Any, ...]],
    *,
    why: str,
    at: datetime,
) -> None:
    """On record for each person, who may read it."""
    things: dict[tuple[int, int], list[tuple[str, str, Any]]] = defaultdict(list)
    for pk, before, after, area, holders in gone:
        things[before, after].append((f"{Kind.PERSON}:{pk}", area, holders))
    places = get_divisions(actor, division_ids={pk for pair in things for pk in pair})
    for (before, after), rows in things.items():
        names = {"before": places[before].name, "after": places[after].name}
        record_each(actor, act="person.relocate", things=rows, at=at, purpose=why, **names)
    second = [(f"{Kind.PERSON}:{pk}", area, holders) for _, _, area, pk, holders in copies]
    if second:
        record_each(actor, act="person.second-record", things=second, at=at, purpose=why)


def _columns(names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> dict[str, Any]:
    return {name: [row[n] for row in rows] for n, name in enumerate(names)}
