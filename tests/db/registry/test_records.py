"""Records: made once, each field with its evidence, nothing overwritten, nothing half-done."""

from datetime import timedelta
from uuid import uuid4

import pytest

from tests.conftest import NOON
from tests.registering import (
    DAY,
    KEEPER,
    NEIGHBOUR,
    POLICE,
    VISIT,
    WINDOW,
    again,
    building,
    citizen,
    dwelling,
    kept,
    person,
)
from yukuai.audit.models import AuditEntry
from yukuai.kernel.errors import Conflict, InvalidInput, NotFound
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.registry import actions
from yukuai.registry.catalogue import FIELDS
from yukuai.registry.columns import columns_of, shown, texts_of
from yukuai.registry.keeping import Said
from yukuai.registry.models import MODELS, Claim, Person
from yukuai.registry.states import Standing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("places", "codes")]
LATER = NOON + timedelta(days=1)


def claims(row):
    with scope(EVERYWHERE):
        rows = Claim.objects.filter(kind=row.kind, subject_id=row.pk)
        return {(one.field, one.standing, one.value) for one in rows}


def amend(row, said=WINDOW, at=NOON, **values):
    return actions.amend(KEEPER, kind=row.kind, subject_id=row.pk, values=values, said=said, at=at)


def test_every_field_of_the_catalogue_has_its_columns():
    for kind, fields in FIELDS.items():
        columns = {field.name for field in MODELS[kind]._meta.get_fields()}
        for field in fields:
            wanted = {field.name, *filter(None, (field.hint, field.hash))}
            assert wanted <= columns, (kind, field.name)


def test_a_number_fills_in_what_it_states():
    row = person(id_no=citizen(2, "19551007"))
    values = texts_of(row)
    assert (values["id_type"], values["birth_date"], values["sex"]) == ("111", "1955-10-07", "2")
    assert row.initials == "sqq"
    assert shown(row, FIELDS["person"][5]) == "••••" + citizen(2, "19551007")[-2:]


def test_a_number_that_contradicts_is_refused_field_by_field():
    with pytest.raises(InvalidInput) as refused:
        person(id_no=citizen(2, "19551007"), birth_date="1955-10-08", phone="12")
    assert set(refused.value.fields) == {"birth_date", "phone"}
    with pytest.raises(InvalidInput) as refused:
        person(id_no=citizen(2, "19551007"), birth_date="1955-10-08")
    assert "1955-10-07" in refused.value.fields["birth_date"]
    assert not Person.objects.exists()


def test_a_form_sent_twice_makes_one_record():
    key = uuid4()
    said = {"kind": "person", "division_id": 112, "values": {"name": "水清浅"}, "said": WINDOW}
    first = actions.register(KEEPER, **said, client_uuid=key, at=NOON)
    assert actions.register(KEEPER, **said, client_uuid=key, at=NOON).pk == first.pk


def test_a_number_is_registered_once_a_community():
    person(id_no=citizen())
    with pytest.raises(Conflict, match="已经登记过"):
        person("另一个", id_no=citizen())
    person("邻社区的同一个人", id_no=citizen(), division_id=113, actor=NEIGHBOUR)


def test_a_weaker_statement_stands_beside_what_is_shown():
    row = person(work="一厂", said=POLICE)
    written = amend(row, said=VISIT, work="二厂")
    assert written.changed == ()
    assert written.noted == {"work": "来源更权威"}
    assert again(row).work == "一厂"
    assert claims(row) == {("work", Standing.OTHER, "二厂")}
    amend(row, said=VISIT, work="二厂")
    assert len(claims(row)) == 1


def test_what_was_shown_is_kept_when_it_changes():
    row = person(work="一厂", said=VISIT)
    assert amend(row, work="二厂").changed == ("work",)
    assert again(row).work == "二厂"
    assert claims(row) == {("work", Standing.FORMER, "一厂")}
    assert again(row).evidence("work").source == "window"
    assert again(row).evidence("name").source == "visit"


def test_a_source_that_knows_nothing_contradicts_nobody():
    row = person(work="一厂", said=VISIT)
    assert amend(row, said=POLICE, work="").changed == ()
    assert amend(row, work="").changed == ("work",)
    assert again(row).work == ""


def test_what_another_source_said_is_chosen_by_a_person():
    row = person(work="一厂", said=POLICE)
    amend(row, said=VISIT, work="二厂")
    with scope(EVERYWHERE):
        (claim,) = Claim.objects.all()
    actions.choose_claim(KEEPER, claim_id=claim.pk, at=NOON)
    assert again(row).work == "二厂"
    assert again(row).evidence("work").by == KEEPER.label
    assert claims(row) == {("work", Standing.FORMER, "一厂")}
    with pytest.raises(NotFound):
        actions.choose_claim(KEEPER, claim_id=claim.pk, at=NOON)


def test_nothing_changed_is_one_act_for_all_fields():
    row = person(work="一厂", phone="19900000417", said=VISIT)
    amend(row, said=Said("self", DAY), phone="19900000418")
    actions.confirm_unchanged(KEEPER, kind="person", subject_id=row.pk, at=LATER)
    now = again(row)
    assert {now.evidence(name).confirmed_on for name in ("name", "work", "phone")} == {
        DAY + timedelta(days=1)
    }
    assert now.evidence("name").source == "visit"


def test_a_new_number_takes_birth_date_and_sex_along():
    row = person(birth_date="1955-10-07", sex="2", said=WINDOW)
    with pytest.raises(InvalidInput):
        amend(row, id_no=citizen(1, "19551008"))
    number = citizen(2, "19551007")
    amend(row, id_no=number, said=POLICE)
    now = again(row)
    assert now.id_no == number
    assert now.person_key == columns_of("person", {"id_no": number})["person_key"]


def test_other_papers_change_the_key():
    row = person(id_type="414", id_no="E12345678")
    before = row.person_key
    amend(row, id_type="511")
    now = again(row)
    assert now.person_key != before
    expected = columns_of("person", {"id_type": "511", "id_no": "E12345678"})
    assert now.person_key == expected["person_key"]


def test_a_record_ends_with_a_reason_and_may_be_opened_again():
    row = person(id_no=citizen())
    end = {"kind": "person", "subject_id": row.pk, "at": NOON}
    with pytest.raises(InvalidInput):
        actions.end_record(KEEPER, **end, why="merged", on=DAY)
    with pytest.raises(InvalidInput):
        actions.end_record(KEEPER, **end, why="moved", on=DAY + timedelta(days=1))
    actions.end_record(KEEPER, **end, why="moved", on=DAY)
    with pytest.raises(Conflict):
        actions.end_record(KEEPER, **end, why="moved", on=DAY)
    person("又来登记", id_no=citizen())
    with pytest.raises(Conflict, match="已经登记过"):
        actions.reopen_record(KEEPER, **end)


def test_what_is_full_does_not_end():
    home = building()
    room = dwelling(home)
    with pytest.raises(Conflict, match="先注销房屋"):
        actions.end_record(KEEPER, kind="building", subject_id=home.pk, why="gone", on=DAY, at=NOON)
    who = person()
    actions.move_in(
        KEEPER, person_id=who.pk, dwelling_id=room.pk, living="resident", since=DAY, at=NOON
    )
    with pytest.raises(Conflict, match="还登记着人"):
        actions.end_record(KEEPER, kind="dwelling", subject_id=room.pk, why="gone", on=DAY, at=NOON)
    actions.end_record(KEEPER, kind="person", subject_id=who.pk, why="moved", on=DAY, at=NOON)
    actions.end_record(KEEPER, kind="dwelling", subject_id=room.pk, why="gone", on=DAY, at=NOON)


def test_links_stay_inside_the_community():
    home = building()
    with pytest.raises(InvalidInput):
        kept("dwelling", room="1", floor="1", links={"building_id": None})
    with pytest.raises(InvalidInput):
        dwelling(home, links={"grid_id": 113})
    with pytest.raises(InvalidInput):
        dwelling(home, division_id=113, actor=NEIGHBOUR)
    dwelling(home)
    with pytest.raises(Conflict, match="这个房号"):
        dwelling(home)


def test_every_act_is_on_record_for_the_person():
    row = person(work="一厂")
    amend(row, work="二厂", at=LATER)
    entries = AuditEntry.objects.filter(target=row.target).order_by("pk")
    with scope(EVERYWHERE):
        assert [(one.act, one.holders) for one in entries] == [
            ("person.register", row.holders),
            ("person.amend", row.holders),
        ]
        assert "厂" not in str(entries[1].details)


def test_other_kinds_are_kept_the_same_way():
    assert kept("facility", name="便民中心", category="service", accessible="是").accessible
    assert kept("project", name="修步道", budget_yuan="120000.5").budget_yuan == 120000.5
    assert kept("organisation", name="南山面馆", employees="5").initials == "nsmg"
    with pytest.raises(InvalidInput):
        kept("facility", name="没有类别")
    with pytest.raises(NotFound):
        kept("visit", name="x")
