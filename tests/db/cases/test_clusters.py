"""一串事: the platform proposes, a person decides, and nothing happens before that."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection

from tests.casework import CLERK, ELSEWHERE, LIN, NEIGHBOUR, TOWN, read
from tests.conftest import NOON
from tests.people import officer, resident
from yukuai.accounts.policy import SYSTEM, Role
from yukuai.cases import actions
from yukuai.cases.clusters import list_clusters, list_grouped, list_proposals
from yukuai.cases.models import CaseCluster, Category, ClusterMember
from yukuai.cases.queries import get_case
from yukuai.kernel.errors import Conflict, InvalidInput, NotFound
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.workflow.models import RulePack

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def window(db):
    """The seven days as they are shipped: data, not code."""
    call_command("load_rulepacks", verbosity=0)


@pytest.fixture
def noise(db):
    return Category.objects.create(code="01", name="矛盾纠纷", plain_name="邻里纠纷", source="test")


def propose(case, at=NOON):
    return actions.propose_cluster(SYSTEM, case_id=case.pk, at=at)


def members(cluster):
    with scope(EVERYWHERE):
        rows = ClusterMember.objects.filter(cluster=cluster).order_by("case_id")
        return list(rows.values_list("case_id", flat=True))


def stored(cluster):
    with scope(EVERYWHERE):
        return CaseCluster.objects.get(pk=cluster.pk)


@pytest.fixture
def pair(raised, lamps):
    """Two of one person within the window, and the proposal about them."""
    first = raised(category_id=lamps.pk, at=NOON)
    second = raised(category_id=lamps.pk, at=NOON + 2 * DAY)
    return first, second, propose(second)


def test_the_same_person_place_and_kind_within_seven_days_is_proposed(pair):
    first, second, cluster = pair
    assert members(cluster) == [first.pk, second.pk]
    assert (cluster.state, cluster.days, cluster.division_id) == ("proposed", 7, 112)
    assert [read(case.pk).state for case in (first, second)] == ["submitted", "submitted"]


def test_proposing_twice_proposes_once(pair):
    _first, second, cluster = pair
    assert propose(second).pk == cluster.pk
    with scope(EVERYWHERE):
        assert (CaseCluster.objects.count(), ClusterMember.objects.count()) == (1, 2)


def test_a_third_joins_what_waits(pair, raised, lamps):
    first, second, cluster = pair
    third = raised(category_id=lamps.pk, at=NOON + 5 * DAY)
    assert propose(third).pk == cluster.pk
    assert members(cluster) == [first.pk, second.pk, third.pk]


@pytest.mark.parametrize(("days", "found"), [(7, True), (8, False)])
def test_the_seventh_day_counts_and_the_eighth_does_not(raised, lamps, days, found):
    raised(category_id=lamps.pk)
    later = raised(category_id=lamps.pk, at=NOON + days * DAY)
    assert (propose(later) is not None) is found


def test_another_person_place_or_kind_is_no_cluster(raised, lamps, noise):
    raised(category_id=lamps.pk)
    others = [
        raised(resident(902), category_id=lamps.pk),
        raised(category_id=lamps.pk, division_id=113),
        raised(category_id=noise.pk),
        raised(),
        raised(category_id=lamps.pk, anonymous=True),
    ]
    assert [propose(case) for case in others] == [None] * 5


def test_a_telephone_tells_one_person_as_well_as_an_account_does(raised, lamps):
    raised(category_id=lamps.pk, phone="19900000417")
    call = actions.intake.Told
    told = call(
        client_uuid=__import__("uuid").uuid4(),
        division_id=112,
        body="楼道灯还是不亮。",
        category_id=lamps.pk,
        phone="19900000417",
    )
    receipt = actions.register_case(CLERK, told=told, source="phone", at=NOON + DAY)
    assert propose(read(receipt.case_id)) is not None


def test_without_its_rules_nothing_is_proposed(raised, lamps):
    RulePack.objects.filter(subject="cluster").delete()
    raised(category_id=lamps.pk)
    assert propose(raised(category_id=lamps.pk)) is None


def test_withdrawn_and_merged_matters_belong_to_none(raised, lamps):
    gone = raised(category_id=lamps.pk)
    actions.withdraw_case(LIN, case_id=gone.pk, at=NOON)
    assert propose(raised(category_id=lamps.pk)) is None
    assert propose(gone) is None


def test_confirmed_only_they_are_grouped_and_nothing_moves(pair):
    first, second, cluster = pair
    done = actions.confirm_cluster(CLERK, cluster_id=cluster.pk, at=NOON)
    assert (done.merged, done.left) == ((), ())
    assert (stored(cluster).state, stored(cluster).decided_by_id) == ("confirmed", 11)
    assert [read(case.pk).state for case in (first, second)] == ["submitted", "submitted"]
    with scope(CLERK.areas, CLERK.holders):
        case = get_case(CLERK, case_id=first.pk)
        assert [other.pk for other in list_grouped(CLERK, case=case)] == [second.pk]


def test_confirmed_with_a_main_one_the_others_are_merged_into_it(pair, raised, lamps, steps):
    first, second, cluster = pair
    third = raised(category_id=lamps.pk, at=NOON + 3 * DAY)
    propose(third)
    for name in ("accept", "triage", "dispatch"):
        steps[name](third)
    done = actions.confirm_cluster(
        CLERK, cluster_id=cluster.pk, main_id=first.pk, reason="同一盏灯。", at=NOON
    )
    assert (done.merged, done.left) == ((second.number,), (third.number,))
    assert (read(second.pk).state, read(second.pk).main_id) == ("merged", first.pk)
    assert read(third.pk).state == "dispatched"


def test_merging_wants_a_reason_and_a_member(pair, raised):
    first, second, cluster = pair
    stranger = raised()
    with pytest.raises(InvalidInput, match="同一件事"):
        actions.confirm_cluster(CLERK, cluster_id=cluster.pk, main_id=first.pk, at=NOON)
    with pytest.raises(InvalidInput, match="这一串里"):
        actions.confirm_cluster(
            CLERK, cluster_id=cluster.pk, main_id=stranger.pk, reason="同一盏灯。", at=NOON
        )
    assert stored(cluster).state == "proposed"
    assert read(second.pk).state == "submitted"


def test_dismissed_with_a_reason_they_are_not_asked_about_again(pair, raised, lamps):
    first, second, cluster = pair
    with pytest.raises(InvalidInput, match="不是一回事"):
        actions.dismiss_cluster(CLERK, cluster_id=cluster.pk, reason=" ", at=NOON)
    actions.dismiss_cluster(CLERK, cluster_id=cluster.pk, reason="两栋楼的灯。", at=NOON)
    assert stored(cluster).state == "dismissed"
    assert [read(case.pk).state for case in (first, second)] == ["submitted", "submitted"]
    assert propose(raised(category_id=lamps.pk, at=NOON + 3 * DAY)) is None


def test_what_was_decided_is_not_decided_again(pair):
    _first, _second, cluster = pair
    actions.confirm_cluster(CLERK, cluster_id=cluster.pk, at=NOON)
    with pytest.raises(Conflict, match="看过了"):
        actions.dismiss_cluster(CLERK, cluster_id=cluster.pk, reason="不对。", at=NOON)
    assert stored(cluster).state == "confirmed"


def test_only_the_officers_of_the_place_see_and_decide(pair, squad):
    _first, _second, cluster = pair
    grid = officer(Role.GRID_WORKER, "1.2.12.112.", user_id=71)
    for actor in (NEIGHBOUR, ELSEWHERE, squad, grid, LIN):
        with scope(actor.areas, actor.holders):
            assert list(list_proposals(actor)) == []
        with pytest.raises(NotFound):
            actions.confirm_cluster(actor, cluster_id=cluster.pk, at=NOON)
    assert stored(cluster).state == "proposed"
    for actor in (CLERK, TOWN):
        with scope(actor.areas, actor.holders):
            [shown] = list_clusters(actor, rows=list_proposals(actor))
        assert len(shown.cases) == 2


@pytest.mark.parametrize("table", ["cases_casecluster", "cases_clustermember"])
def test_raw_sql_elsewhere_and_of_residents_finds_no_cluster(pair, table):
    for areas, holders in [(ELSEWHERE.areas, ()), (NEIGHBOUR.areas, ()), ((), LIN.holders)]:
        with scope(areas, holders), connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {table}")
            assert cursor.fetchone() == (0,)
