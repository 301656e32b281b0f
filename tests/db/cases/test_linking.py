"""并入另一件, and 拆开: what is kept, what is refused, who hears of it, what boards count."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from tests.casework import CLERK, DISTRICT, ELSEWHERE, LIN, NEIGHBOUR, TOWN, count_by_child, read
from tests.conftest import NOON
from tests.people import resident, visitor
from yukuai.accounts.policy import SYSTEM
from yukuai.cases import actions, tickets
from yukuai.cases.followers import count_followers
from yukuai.cases.following import find_main
from yukuai.cases.models import Case, CaseLink, Follower
from yukuai.cases.queries import get_own_case
from yukuai.cases.statistics import Span, counting
from yukuai.kernel.errors import Conflict, DomainError, InvalidInput, NotFound, NotPermitted
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.workflow.models import Deadline, StateChange

pytestmark = pytest.mark.django_db
WANG = resident(902)
LATER = NOON + timedelta(hours=1)


def merge(case, main, actor=CLERK, at=NOON):
    return actions.merge_case(actor, case_id=case.pk, into_id=main.pk, reason="同一盏灯。", at=at)


def part(case, actor=CLERK, at=LATER):
    return actions.unmerge_case(actor, case_id=case.pk, reason="是另一盏灯。", at=at)


def running(case):
    with scope(EVERYWHERE):
        rows = Deadline.objects.filter(object_id=case.pk, met_at=None, dropped_at=None)
        return sorted(rows.values_list("name", "due_at", "next_reminder_at"))


def rows(model, **found):
    with scope(EVERYWHERE):
        return list(model.objects.filter(**found).order_by("pk"))


def everything(case):
    with scope(EVERYWHERE):
        return (
            Case.objects.filter(pk=case.pk).values().get(),
            StateChange.objects.filter(object_id=case.pk).count(),
            CaseLink.objects.count(),
            Follower.objects.count(),
        )


def test_a_merged_matter_keeps_its_number_drops_its_clocks_and_says_so(raised):
    main, case = raised(), raised(WANG)
    merge(case, main)
    after = read(case.pk)
    assert (after.state, after.main_id, after.former) == ("merged", main.pk, "submitted")
    assert after.number == case.number
    assert running(case) == []
    assert running(main) != []
    [link] = rows(CaseLink)
    assert (link.case_id, link.into_id, link.linked_by_id) == (case.pk, main.pk, 11)
    last = rows(StateChange, object_id=case.pk)[-1]
    assert (last.move, last.reason, "合在一起办" in last.said) == ("merge", "同一盏灯。", True)
    assert (
        rows(StateChange, object_id=main.pk)[-1].reason == f"{case.number} 并入这一件。同一盏灯。"
    )


def test_its_reporter_follows_the_main_matter_and_reads_its_answers_only(raised, steps):
    main, case = raised(body="赵某某家门口的灯不亮。"), raised(WANG)
    merge(case, main)
    for name in ("accept", "triage", "dispatch", "sign", "reply"):
        steps[name](main)
    [row] = rows(Follower)
    assert (row.case_id, row.via_id, row.user_id) == (main.pk, case.pk, 902)
    with scope((), WANG.holders):
        own = get_own_case(WANG, case_id=case.pk)
        lines = find_main(WANG, case=own).lines
        assert Case.objects.count() == 1
    assert [line.move for line in lines] == ["reply", "sign", "dispatch", "triage", "accept"]
    assert lines[0].said == "换了 3 盏灯。"
    assert "赵某某" not in str(lines)
    assert main.number not in str(lines)


def test_number_and_code_of_the_merged_matter_open_it_still(raised):
    main, case = raised(), raised(WANG, anonymous=True)
    merge(case, main)
    key = tickets.key(case.number, tickets.code_for(case.client_uuid, length=6))
    holder = visitor(key)
    with scope((), holder.holders):
        own = get_own_case(holder, case_id=case.pk)
        found = find_main(holder, case=own)
        assert (own.state, found.state, found.lines) == ("merged", "submitted", ())
        with pytest.raises(NotFound):
            get_own_case(holder, case_id=main.pk)


def test_whoever_raised_both_is_not_counted_as_a_neighbour(raised):
    main, case = raised(), raised()
    merge(case, main)
    assert rows(Follower) == []


def test_followers_of_either_are_counted_once(raised, lamps):
    lamps.shareable = True
    lamps.save()
    main, case = raised(category_id=lamps.pk), raised(WANG, category_id=lamps.pk)
    for one in (main, case):
        actions.follow_case(resident(903), case_id=one.pk, at=NOON)
    merge(case, main)
    with scope(CLERK.areas, CLERK.holders):
        assert count_followers(CLERK, case_ids=[main.pk]) == {main.pk: 2}


def test_a_neighbour_who_followed_before_he_raised_it_himself_is_one_row(raised, lamps):
    lamps.shareable = True
    lamps.save()
    main = raised(category_id=lamps.pk)
    actions.follow_case(WANG, case_id=main.pk, at=NOON)
    case = raised(WANG)
    merge(case, main, at=LATER)
    [row] = rows(Follower)
    assert row.via_id == case.pk
    part(case, at=LATER)
    [row] = rows(Follower)
    assert (row.via_id, row.ended_at) == (None, None)


@pytest.mark.parametrize("path", [(), ("accept",), ("accept", "triage")])
def test_parted_it_stands_where_it_stood_with_the_clocks_that_ran(raised, steps, path):
    main, case = raised(), raised(WANG)
    for name in path:
        steps[name](case)
    state, clocks = read(case.pk).state, running(case)
    merge(case, main)
    part(case)
    after = read(case.pk)
    assert (after.state, after.main_id, after.former) == (state, None, "")
    assert running(case) == clocks != []
    [row] = rows(Follower)
    assert (row.via_id, row.ended_at) == (None, LATER)
    [link] = rows(CaseLink)
    assert (link.parted_reason, link.parted_at) == ("是另一盏灯。", LATER)


def test_it_may_be_merged_again_after_it_was_parted(raised):
    main, case = raised(), raised(WANG)
    merge(case, main)
    part(case)
    merge(case, main, at=LATER)
    assert read(case.pk).state == "merged"
    assert len(rows(CaseLink)) == 2


def test_once_the_main_matter_has_its_answer_nothing_is_parted(raised, steps):
    main, case = raised(), raised(WANG)
    merge(case, main)
    for name in ("accept", "triage", "dispatch", "sign", "reply", "review", "visit", "close"):
        steps[name](main)
    before = everything(case)
    with pytest.raises(Conflict, match="已经办结"):
        part(case)
    assert everything(case) == before


def refused(raised, steps):
    """Each as (case, main, actor, the refusal)."""
    closed = raised()
    for name in ("accept", "triage", "dispatch", "sign", "reply", "review", "visit", "close"):
        steps[name](closed)
    main, merged, full = raised(), raised(WANG), raised()
    merge(merged, main)
    merge(raised(WANG), full)
    sent = raised()
    for name in ("accept", "triage", "dispatch"):
        steps[name](sent)
    plain, beside, far = raised(), raised(division_id=113), raised(division_id=1111)
    return {
        "itself": (plain, plain, CLERK, InvalidInput),
        "a closed one": (plain, closed, CLERK, Conflict),
        "a merged one": (plain, merged, CLERK, Conflict),
        "one with others in it": (full, plain, CLERK, Conflict),
        "a circle": (main, merged, CLERK, Conflict),
        "one merged already": (merged, full, CLERK, Conflict),
        "one on its way": (sent, plain, CLERK, Conflict),
        "where he does not see": (plain, beside, CLERK, NotFound),
        "out of where he does not see": (beside, plain, CLERK, NotFound),
        "another district": (plain, far, TOWN, NotFound),
        "an outsider": (plain, main, ELSEWHERE, NotFound),
        "the reporter himself": (plain, main, LIN, NotFound),
    }


def test_what_may_not_be_merged_is_refused_and_changes_nothing(raised, steps):
    for name, (case, main, actor, refusal) in refused(raised, steps).items():
        before = everything(case), everything(main)
        with pytest.raises(refusal) as found:
            merge(case, main, actor)
        assert found.value.message.endswith("。"), name
        assert (everything(case), everything(main)) == before, name


def test_a_department_and_a_grid_worker_do_not_merge(raised, steps, squad):
    from tests.people import officer
    from yukuai.accounts.policy import Role

    grid = officer(Role.GRID_WORKER, "1.2.12.112.", user_id=71)
    main, case = raised(), raised()
    with pytest.raises(NotPermitted):
        merge(case, main, grid)
    with pytest.raises(NotFound):
        merge(case, main, squad)
    assert read(case.pk).state == "submitted"


def test_a_reason_is_wanted_both_ways(raised):
    main, case = raised(), raised()
    with pytest.raises(InvalidInput, match="为什么是同一件事"):
        actions.merge_case(CLERK, case_id=case.pk, into_id=main.pk, reason=" ", at=NOON)
    merge(case, main)
    with pytest.raises(InvalidInput, match="为什么不是同一件事"):
        actions.unmerge_case(CLERK, case_id=case.pk, reason="", at=NOON)
    assert read(case.pk).state == "merged"


def test_an_officer_who_does_not_see_the_main_matter_does_not_part(raised):
    main, case = raised(division_id=113), raised(WANG)
    merge(case, main, TOWN)
    with pytest.raises(Conflict, match="不在您的范围"):
        part(case, CLERK)
    assert read(case.pk).state == "merged"
    part(case, TOWN)
    assert read(case.pk).state == "submitted"


def test_when_the_main_matter_is_withdrawn_the_others_go_on_by_themselves(raised):
    main, case = raised(), raised(WANG)
    clocks = running(case)
    merge(case, main)
    assert actions.release_merged(SYSTEM, case_id=main.pk, at=LATER) == 1
    assert read(case.pk).state == "merged"
    actions.withdraw_case(LIN, case_id=main.pk, at=LATER)
    for _ in range(2):
        actions.release_merged(SYSTEM, case_id=main.pk, at=LATER)
    assert read(case.pk).state == "submitted"
    assert running(case) == clocks


def test_boards_count_the_main_matter_and_its_answer_once(raised, steps):
    main, case = raised(), raised(WANG)
    merge(case, main)
    for name in ("accept", "triage", "dispatch", "sign", "reply", "review", "visit", "close"):
        steps[name](main)
    open_one = raised()
    merge(raised(WANG), open_one)
    span = Span(NOON - timedelta(days=1), NOON + timedelta(days=1))
    with scope(DISTRICT.areas, DISTRICT.holders):
        from yukuai.divisions.models import Division

        with counting(DISTRICT, within=Division.objects.get(pk=2)) as subtree:
            found = count_by_child(subtree, span=span, at=NOON, midnight=NOON + timedelta(hours=12))
    numbers = found["12"]
    assert (numbers.received, numbers.closed, numbers.replied, numbers.open) == (4, 1, 1, 1)


def test_raw_sql_of_others_finds_no_link(raised):
    main, case = raised(), raised(WANG)
    merge(case, main)
    seen = {}
    for who, areas, holders in [
        ("its reporter", (), WANG.holders),
        ("the reporter of the main matter", (), LIN.holders),
        ("the next community", NEIGHBOUR.areas, ()),
        ("another district", ELSEWHERE.areas, ()),
        ("the community", CLERK.areas, ()),
    ]:
        with scope(areas, holders), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM cases_caselink")
            seen[who] = cursor.fetchone()[0]
    assert seen == {
        "its reporter": 1,
        "the reporter of the main matter": 0,
        "the next community": 0,
        "another district": 0,
        "the community": 1,
    }


@pytest.mark.parametrize("wrong", ["nothing", "itself"])
def test_the_database_itself_refuses_a_merger_into(raised, wrong):
    case = raised()
    main = None if wrong == "nothing" else case.pk
    with (
        pytest.raises(IntegrityError, match="case_merged_into_another"),
        scope(EVERYWHERE),
        transaction.atomic(),
    ):
        Case.objects.filter(pk=case.pk).update(state="merged", main=main, former="submitted")


def test_a_merged_matter_is_neither_withdrawn_nor_handled(raised, steps):
    main, case = raised(), raised(LIN)
    merge(case, main)
    for name in ("accept", "triage", "dispatch", "withdraw", "sign", "rate"):
        with pytest.raises(DomainError):
            steps[name](case)
    assert read(case.pk).state == "merged"
