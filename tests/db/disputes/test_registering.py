"""Written down once: two sides, one number, sealed."""

from uuid import uuid4

import pytest
from django.db import connection

from tests.conftest import NOON
from tests.mediation import LI, WANG, quarrel, read
from yukuai.accounts.actors import phone_key
from yukuai.accounts.models import Post
from yukuai.disputes import actions
from yukuai.disputes.actions.registering import AlreadyRegistered, Person
from yukuai.disputes.models import Dispute, Particulars, Party
from yukuai.disputes.queries import list_candidates
from yukuai.kernel.errors import InvalidInput, NotPermitted
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.workflow.models import Deadline

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("dispute_pack", "kinds")]


def count():
    with scope(EVERYWHERE):
        return Dispute.objects.count(), Party.objects.count(), Particulars.objects.count()


def test_it_has_a_number_two_sides_and_the_keys_of_those_who_may_see_it(registered):
    dispute = registered()
    assert dispute.number.startswith("JF-2603-")
    assert set(dispute.holders) == {
        dispute.ring,
        "desk:justice:12",
        "user:11",
        phone_key(WANG),
        phone_key(LI),
    }
    assert count() == (1, 2, 1)
    with scope(EVERYWHERE):
        clock = Deadline.objects.get(workflow="dispute", object_id=dispute.pk)
        assert (clock.name, clock.owner_id, clock.confidential) == ("assign", 12, True)


def test_names_numbers_and_what_it_is_about_lie_sealed(registered):
    registered()
    with scope(EVERYWHERE), connection.cursor() as cursor:
        cursor.execute("SELECT about FROM disputes_particulars")
        cells = [value for (value,) in cursor.fetchall()]
        cursor.execute("SELECT name, phone FROM disputes_party")
        cells += [value for row in cursor.fetchall() for value in row]
    assert len(cells) == 5
    assert all(cell.startswith("s1:") for cell in cells)


def test_the_same_form_sent_twice_is_one_dispute(registered):
    twice = uuid4()
    registered(client_uuid=twice)
    with pytest.raises(AlreadyRegistered):
        registered(client_uuid=twice)
    assert count() == (1, 2, 1)


def test_the_same_matter_makes_one_dispute(registered):
    registered(source_key="case:17", origin="case", consent="本人同意")
    with pytest.raises(AlreadyRegistered):
        registered(source_key="case:17", origin="case", consent="本人同意")
    assert count() == (1, 2, 1)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"about": "  "}, "about"),
        ({"about": "长" * 5001}, "about"),
        ({"kind": "nothing"}, "kind"),
        ({"division_id": 12}, "division"),
        ({"amount_fen": -1}, "amount"),
        ({"origin": "case"}, "consent"),
        ({"parties": (Person("applicant", "王小满"),)}, "respondent_name"),
        (
            {"parties": (Person("applicant", "王小满"), Person("respondent", "Li"))},
            "respondent_name",
        ),
        (
            {"parties": (Person("applicant", "王小满", "123"), Person("respondent", "李大有"))},
            "applicant_phone",
        ),
        (
            {
                "parties": (
                    Person("applicant", "王小满", WANG),
                    Person("respondent", "李大有", WANG),
                )
            },
            "respondent_phone",
        ),
    ],
)
def test_what_cannot_be_used_is_said_field_by_field_and_nothing_is_kept(registered, changes, field):
    actor = "justice" if "division_id" in changes else "registrar"
    with pytest.raises(InvalidInput) as refusal:
        registered(actor, **changes)
    assert list(refusal.value.fields) == [field]
    assert count() == (0, 0, 0)


def test_nobody_registers_for_another_place(staff):
    with pytest.raises(NotPermitted, match="不能登记纠纷"):
        actions.register_dispute(staff["registrar"], quarrel=quarrel(division_id=113), at=NOON)
    with pytest.raises(NotPermitted, match="没有“登记纠纷”"):
        actions.register_dispute(staff["town"], quarrel=quarrel(), at=NOON)
    assert count() == (0, 0, 0)


def test_a_township_mediator_and_the_grid_register_too(registered):
    assert registered("second").state == "registered"
    assert registered("grid", origin="grid").origin == "grid"


def test_who_knows_the_kind_is_named_first_and_who_was_refused_not_at_all(
    registered, staff, steps, mediators
):
    dispute = registered()
    justice = staff["justice"]
    with scope(justice.areas, justice.holders):
        names = [one.name for one in list_candidates(justice, dispute=dispute)]
    assert names == ["调解员second", "调解员mediator", "调解员neighbour"]
    steps["assign"](dispute)
    steps["refuse"](dispute)
    after = read(dispute.pk)
    with scope(justice.areas, justice.holders):
        left = [one.name for one in list_candidates(justice, dispute=after)]
    assert left == ["调解员second", "调解员neighbour"]


def test_who_has_no_post_any_more_is_not_assigned(registered, staff, mediators):
    dispute = registered()
    Post.objects.filter(user_id=13).update(valid_to=NOON)
    with pytest.raises(Exception, match="没有人民调解员的岗位"):
        actions.assign_mediator(
            staff["justice"], dispute_id=dispute.pk, mediator_id=mediators["mediator"].pk, at=NOON
        )
    assert read(dispute.pk).state == "registered"


def test_the_register_is_kept_by_the_office_of_the_place(staff, mediators, kinds):
    mediator = mediators["mediator"]
    with pytest.raises(NotPermitted):
        actions.change_mediator(
            staff["other_justice"], mediator_id=mediator.pk, specialties=[], active=False, at=NOON
        )
    with pytest.raises(NotPermitted):
        actions.change_mediator(
            staff["registrar"], mediator_id=mediator.pk, specialties=[], active=False, at=NOON
        )
    mediator.refresh_from_db()
    assert mediator.active
    changed = actions.change_mediator(
        staff["justice"],
        mediator_id=mediator.pk,
        specialties=["property", "nothing"],
        active=False,
        at=NOON,
    )
    assert (changed.specialties, changed.active) == (["property"], False)


def test_whoever_holds_no_post_of_a_mediator_is_not_put_on_the_register(staff, kinds):
    with pytest.raises(InvalidInput, match="没有人民调解员的岗位"):
        actions.register_mediator(staff["justice"], user_id=12, division_id=112, at=NOON)
    made = actions.register_mediator(
        staff["justice"], user_id=13, division_id=112, specialties=["neighbour"], at=NOON
    )
    again = actions.register_mediator(staff["justice"], user_id=13, division_id=112, at=NOON)
    assert (made.pk, again.specialties) == (again.pk, [])
