"""The third fence: a dispute exists for those who have a hand in it, and for nobody because it lies
in his area. Written before the pages: raw SQL as the application finds nothing either."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import connection

from tests.conftest import NOON
from tests.mediation import (
    APPLICANT,
    RESPONDENT,
    STRANGER,
    read,
    walk,
)
from yukuai.accounts.policy import Grant, Permission, Role
from yukuai.audit.queries import list_entries, list_my_entries
from yukuai.disputes import actions
from yukuai.disputes.models import Dispute, Part
from yukuai.disputes.queries import (
    get_dispute,
    get_own_view,
    list_disputes,
    look_inside,
    opened,
)
from yukuai.documents.queries import list_documents
from yukuai.kernel.errors import NotFound, NotPermitted
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.workflow.queries import list_due, list_running

pytestmark = pytest.mark.django_db
TABLES = [
    model._meta.db_table
    for model in apps.get_models()
    if issubclass(model, Part) or model is Dispute
]
SHARED = ["workflow_statechange", "workflow_deadline", "documents_issueddocument"]
OUTSIDERS = [
    "registrar",
    "colleague",
    "second",
    "town",
    "neighbour",
    "other_justice",
    "bureau",
    "district",
    "city",
    "grid",
    "admin",
    "security",
]


def rows_seen(actor, tables=(*TABLES, *SHARED)):
    found = {}
    with scope(actor.areas, actor.holders), connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT count(*) FROM {table}")
            found[table] = cursor.fetchone()[0]
    return found


def test_every_table_of_a_dispute_is_named_here():
    assert len(TABLES) == 8


@pytest.fixture
def assigned(registered, steps):
    return walk(registered(), steps, "fulfilment")


@pytest.mark.parametrize("who", OUTSIDERS)
def test_for_whoever_has_no_hand_in_it_a_dispute_does_not_exist(assigned, staff, who):
    actor = staff[who]
    with scope(actor.areas, actor.holders):
        assert list(list_disputes(actor)) == []
        with pytest.raises(NotFound, match="没有这件纠纷"):
            get_dispute(actor, number=assigned.number)


@pytest.mark.parametrize("who", OUTSIDERS)
def test_raw_sql_as_the_application_finds_no_row_in_any_table(assigned, staff, who):
    assert set(rows_seen(staff[who]).values()) == {0}


def test_a_broken_glass_opens_no_dispute(assigned, staff):
    town = staff["town"]
    broken = replace(town, grants=(*town.grants, Grant(Role.GLASS, None, search="1.")))
    assert set(rows_seen(broken).values()) == {0}


def test_neither_the_clocks_nor_the_log_tell_a_desk_of_the_area_anything(assigned, staff):
    town = staff["town"]
    with scope(town.areas, town.holders):
        late = NOON + timedelta(days=900)
        assert not list_due(town, workflow="dispute", before=late).exists()
        seen = list_running(town, workflow="dispute", permission=Permission.CASE_VIEW)
        assert not seen.exists()


def test_the_mediator_and_the_desk_of_the_office_see_it_whole(assigned, staff):
    for who in ("mediator", "justice"):
        actor = staff[who]
        with scope(actor.areas, actor.holders):
            found = get_dispute(actor, number=assigned.number)
            inside = look_inside(actor, dispute=found)
            assert inside.particulars.about == "楼上漏水泡坏了天花板。"
            assert [one.name for one in inside.parties] == ["王某", "李某"]
            assert inside.changes[0].move == "take_effect"


def test_even_they_see_nothing_inside_before_the_dispute_was_opened(assigned, staff):
    inner = [table for table in TABLES if table != "disputes_dispute"]
    assert set(rows_seen(staff["mediator"], [*inner, *SHARED]).values()) == {0}


def test_whoever_registered_it_sees_it_until_it_is_assigned(registered, staff, steps):
    dispute = registered()
    registrar = staff["registrar"]
    with scope(registrar.areas, registrar.holders):
        assert get_dispute(registrar, number=dispute.number).pk == dispute.pk
    steps["assign"](dispute)
    with scope(registrar.areas, registrar.holders), pytest.raises(NotFound):
        get_dispute(registrar, number=dispute.number)
    steps["recuse"](dispute)
    assert set(rows_seen(registrar).values()) == {0}


def test_a_colleague_at_the_same_counter_never_saw_it(registered, staff):
    registered()
    assert set(rows_seen(staff["colleague"]).values()) == {0}


def test_a_mediator_who_gave_it_back_sees_it_no_more(registered, staff, steps):
    dispute = walk(registered(), steps, "investigating")
    steps["inquire"](dispute)
    steps["refuse"](dispute)
    steps["assign"](dispute)
    assert set(rows_seen(staff["mediator"]).values()) == {0}
    second = staff["second"]
    with scope(second.areas, second.holders):
        inside = look_inside(second, dispute=get_dispute(second, number=dispute.number))
        assert "看过现场，楼上水管老化。" in inside.words.values()


def test_the_next_office_does_not_see_what_lies_in_this_one(registered, staff):
    dispute = registered()
    other = staff["other_justice"]
    with scope(other.areas, other.holders), pytest.raises(NotFound):
        get_dispute(other, number=dispute.number)


def test_a_party_holds_the_shell_and_his_own_row_and_nothing_else(assigned):
    for who in (APPLICANT, RESPONDENT):
        seen = rows_seen(who)
        assert (seen.pop("disputes_dispute"), seen.pop("disputes_party")) == (1, 1)
        assert set(seen.values()) == {0}
    assert set(rows_seen(STRANGER).values()) == {0}


def test_a_party_reads_state_mediator_and_the_name_across_but_no_content(registered, steps):
    dispute = walk(registered(), steps, "mediating")
    with scope(RESPONDENT.areas, RESPONDENT.holders):
        view = get_own_view(RESPONDENT, number=dispute.number)
        assert (view.side, list(view.others)) == ("对方当事人", ["王小满"])
        assert view.dispute.next_place == "社区调解室"
    with scope(STRANGER.areas, STRANGER.holders), pytest.raises(NotFound):
        get_own_view(STRANGER, number=dispute.number)


@pytest.mark.parametrize("who", ["registrar", "second", "town", "bureau", "other_justice"])
def test_whoever_guesses_the_id_moves_nothing(assigned, staff, who):
    before = read(assigned.pk)
    for act in (
        lambda a: actions.archive_dispute(a, dispute_id=assigned.pk, at=NOON),
        lambda a: actions.record_withdrawal(a, dispute_id=assigned.pk, party_id=1, at=NOON),
        lambda a: actions.reveal_party(
            a, dispute_id=assigned.pk, party_id=1, purpose="ask", at=NOON
        ),
    ):
        with pytest.raises(NotFound):
            act(staff[who])
    after = read(assigned.pk)
    assert (after.state, after.changed_at) == (before.state, before.changed_at)


def test_the_office_sees_but_does_not_mediate(assigned, staff):
    with pytest.raises(NotPermitted, match="由指派的人民调解员"):
        actions.archive_dispute(staff["justice"], dispute_id=assigned.pk, at=NOON)


def test_a_stranger_cannot_end_what_others_quarrel_about(registered):
    dispute = registered()
    with pytest.raises(NotFound):
        actions.withdraw(STRANGER, dispute_id=dispute.pk, at=NOON)
    assert read(dispute.pk).state == "registered"


def test_the_key_lent_to_open_one_dispute_opens_no_other(registered, staff, steps):
    first = walk(registered(), steps, "assigned")
    other = registered()
    mediator = staff["mediator"]
    with scope(mediator.areas, mediator.holders):
        found = get_dispute(mediator, number=first.number)
        with opened(mediator, found) as bearer:
            assert list_documents(bearer, subject="dispute", object_id=other.pk).count() == 0
            assert other.parties.count() == 0
            assert found.parties.count() == 2
        assert found.parties.count() == 0


def test_what_is_on_record_is_read_by_the_auditor_and_by_the_party_it_concerns(
    registered, staff, steps
):
    dispute = walk(registered(), steps, "assigned")
    mediator = staff["mediator"]
    with scope(mediator.areas, mediator.holders):
        actions.note_look(mediator, dispute=get_dispute(mediator, number=dispute.number), at=NOON)
    parties = {}
    with scope(EVERYWHERE):
        parties = {one.side: one.pk for one in dispute.parties.order_by("pk")}
    shown = actions.reveal_party(
        mediator, dispute_id=dispute.pk, party_id=parties["applicant"], purpose="ask", at=NOON
    )
    assert (shown.name, shown.phone) == ("王小满", "19900000601")
    for who, acts in (
        (APPLICANT, ["dispute.party", "dispute.view"]),
        (RESPONDENT, ["dispute.view"]),
    ):
        with scope(who.areas, who.holders):
            assert [entry.act for entry in list_my_entries(who)] == acts
    for who in ("town", "registrar", "justice"):
        actor = staff[who]
        with scope(actor.areas, actor.holders):
            assert not list_entries(actor, act="dispute.").exists()
    district = staff["bureau"]
    with scope(district.areas, district.holders):
        assert list_entries(district, act="dispute.party").get().purpose == "核实情况"


def test_the_desk_goes_along_when_its_township_ends(registered, places, staff):
    dispute = registered()
    with scope(EVERYWHERE), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE disputes_dispute SET office_id = 111, office_area = '1.11.111.' WHERE id = %s",
            [dispute.pk],
        )
    assert "desk:justice:111" in read(dispute.pk).holders
    assert "desk:justice:12" not in read(dispute.pk).holders
    assert set(rows_seen(staff["justice"]).values()) == {0}
