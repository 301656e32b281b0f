"""相似的事, 并入另一件, 拆开, 可能是一串: the desk's pages, with and without scripts."""

from datetime import timedelta

import pytest
from django.core.management import call_command

from tests.casework import (
    enforcement,
    lamps,
    pack,
    places,
    raised,
    read,
    squad,
    steps,
)
from tests.conftest import NOON
from tests.people import resident
from tests.web.desks import at_most, at_noon, desk, part
from yukuai.accounts.policy import SYSTEM
from yukuai.cases import actions
from yukuai.cases.models import CaseCluster
from yukuai.kernel.scope import EVERYWHERE, scope

__all__ = ["at_noon", "desk", "enforcement", "lamps", "pack", "places", "raised", "squad", "steps"]
pytestmark = pytest.mark.django_db
WANG = resident(902)


def url(case, rest=""):
    return f"/work/cases/{case.number}/{rest}"


def words(answer):
    return answer.content.decode()


@pytest.fixture
def pair(raised, lamps):
    """Two reports of one lamp, by two people."""
    main = raised(category_id=lamps.pk, body="2 单元楼道灯不亮。")
    return raised(WANG, category_id=lamps.pk, body="二单元的楼道灯又不亮了。"), main


def merge(client, case, **typed):
    opened = client.get(url(case, "do/merge/"))
    return client.post(url(case, "do/merge/"), {"seen": opened.context["seen"], **typed})


@pytest.fixture
def cluster(raised, lamps):
    call_command("load_rulepacks", verbosity=0)
    first = raised(category_id=lamps.pk)
    second = raised(category_id=lamps.pk, at=NOON + timedelta(days=1))
    actions.propose_cluster(SYSTEM, case_id=second.pk, at=NOON)
    with scope(EVERYWHERE):
        return first, second, CaseCluster.objects.get()


def state_of(cluster):
    with scope(EVERYWHERE):
        return CaseCluster.objects.get(pk=cluster.pk).state


def test_the_page_has_a_place_for_what_is_alike_and_a_link_without_scripts(desk, pair):
    case, _main = pair
    page = words(desk("clerk").get(url(case)))
    slot = part(page, '<section class="card field" id="similar"')
    assert f'href="{url(case, "similar/")}"' in slot
    assert 'hx-trigger="load"' in slot


def test_what_is_alike_is_told_with_the_reason_and_may_be_merged_into(desk, pair):
    case, main = pair
    page = words(desk("clerk").get(url(case, "similar/")))
    assert main.number in page
    assert "同一社区、同类，都说到“单元”“楼道灯”“不亮”" in page
    assert f"{url(case, 'do/merge/')}?into={main.number}" in page


def test_the_swapped_part_is_the_same_as_in_the_page(desk, pair):
    case, _main = pair
    clerk = desk("clerk")
    start = '<section class="card field" id="similar"'
    whole = part(words(clerk.get(url(case, "similar/"))), start)
    swapped = words(clerk.get(url(case, "similar/"), headers={"HX-Target": "similar"}))
    assert part(swapped, start) == whole
    assert "<html" not in swapped


def test_nothing_alike_says_so(desk, raised):
    assert "没有找到相似的" in words(desk("clerk").get(url(raised(), "similar/")))


def test_a_neighbouring_officer_sees_neither_the_matter_nor_what_is_alike(desk, pair):
    case, _main = pair
    for who in ("neighbour", "elsewhere"):
        assert desk(who).get(url(case, "similar/")).status_code == 404


def test_a_grid_worker_reads_what_is_alike_but_may_not_merge(desk, pair):
    case, main = pair
    grid = desk("grid")
    page = words(grid.get(url(case, "similar/")))
    assert main.number in page
    assert "并入它" not in page
    answer = grid.post(url(case, "do/merge/"), {"into": main.number, "reason": "同一盏灯。"})
    assert answer.status_code == 403
    assert read(case.pk).state == "submitted"


def test_the_form_has_the_likely_ones_and_is_filled_from_where_it_was_opened(desk, pair):
    case, main = pair
    page = desk("clerk").get(url(case, f"do/merge/?into={main.number}"))
    form = page.context["form"]
    assert [number for number, _label in form.fields["into"].choices] == [main.number]
    assert form["into"].value() == main.number
    assert form["reason"].value() == "同一社区、同类，都说到“单元”“楼道灯”“不亮”。"


def test_merged_from_the_form_it_says_where_and_offers_the_way_back(desk, pair):
    case, main = pair
    clerk = desk("clerk")
    answer = merge(clerk, case, into=main.number, reason="同一盏灯。")
    assert answer.headers["Location"] == url(case)
    assert (read(case.pk).state, read(case.pk).main_id) == ("merged", main.pk)
    page = words(clerk.get(url(case)))
    assert "已并入" in page
    assert url(main) in page
    assert "do/part_submitted/" in page
    assert "do/part_accepted/" not in page
    listed = words(clerk.get(url(main, "similar/")))
    assert "并入这件的" in listed
    assert case.number in listed
    assert "另有 1 人也遇到" in words(clerk.get(url(main)))


def test_a_number_typed_by_hand_does_as_well(desk, raised, lamps):
    case, main = raised(WANG, body="油烟。"), raised(body="路灯。")
    answer = merge(desk("clerk"), case, number=main.number.lower(), reason="同一处。")
    assert answer.status_code == 302
    assert read(case.pk).main_id == main.pk


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"reason": "同一盏灯。"}, "选并入哪一件"),
        ({"number": "ZT-2603-999999", "reason": "同一盏灯。"}, "没有这个单号"),
        ({"number": "beside", "reason": "同一盏灯。"}, "没有这个单号"),
        ({"number": "itself", "reason": "同一盏灯。"}, "不能并入它自己"),
        ({"number": "main", "reason": " "}, "写明为什么"),
        ({"number": "\x00'; --", "reason": "x"}, "没有这个单号"),
    ],
)
def test_a_wrong_choice_is_refused_and_what_was_typed_is_kept(desk, pair, raised, typed, sentence):
    case, main = pair
    beside = raised(division_id=113)
    named = {"beside": beside.number, "itself": case.number, "main": main.number}
    typed = {name: named.get(word, word) for name, word in typed.items()}
    answer = merge(desk("clerk"), case, **typed)
    assert answer.status_code == 422
    assert sentence in words(answer)
    if typed["reason"].strip() and typed["reason"] != "x":
        assert typed["reason"] in words(answer)
    assert read(case.pk).state == "submitted"


def test_parted_from_the_form_it_goes_back_to_where_it_stood(desk, pair, steps):
    case, main = pair
    steps["accept"](case)
    clerk = desk("clerk")
    merge(clerk, case, into=main.number, reason="同一盏灯。")
    opened = clerk.get(url(case, "do/part_accepted/"))
    assert "同一盏灯。" in words(opened)
    clerk.post(
        url(case, "do/part_accepted/"), {"seen": opened.context["seen"], "reason": "是另一盏。"}
    )
    assert (read(case.pk).state, read(case.pk).main_id) == ("accepted", None)


def test_a_way_back_to_where_it_never_stood_is_refused(desk, pair):
    case, main = pair
    clerk = desk("clerk")
    merge(clerk, case, into=main.number, reason="同一盏灯。")
    answer = clerk.post(url(case, "do/part_triaged/"), {"reason": "是另一盏。"})
    assert answer.status_code in (404, 409)
    assert read(case.pk).state == "merged"


def test_merged_matters_stand_in_a_group_of_their_own(desk, pair):
    case, main = pair
    clerk = desk("clerk")
    merge(clerk, case, into=main.number, reason="同一盏灯。")

    def listed(state):
        rows = clerk.get(f"/work/cases/?state={state}").context["rows"]
        return [row.case.number for row in rows]

    assert listed("open") == [main.number]
    assert listed("done") == []
    assert listed("merged") == [case.number]


def test_the_list_says_how_many_others_met_with_it_at_the_price_of_one_question(
    desk, raised, lamps
):
    lamps.shareable = True
    lamps.save()
    clerk = desk("clerk")
    for n in range(9):
        case = raised(body=f"第 {n} 盏灯。", category_id=lamps.pk)
        actions.follow_case(WANG, case_id=case.pk, at=NOON)
    clerk.get("/work/cases/")
    with at_most(15):
        page = words(clerk.get("/work/cases/"))
    assert page.count("另有 1 人也遇到") == 9


def test_the_answer_is_written_knowing_who_else_reads_it(desk, raised, lamps, steps):
    lamps.shareable = True
    lamps.save()
    case = raised(category_id=lamps.pk)
    actions.follow_case(WANG, case_id=case.pk, at=NOON)
    for name in ("accept", "triage", "dispatch", "sign"):
        steps[name](case)
    assert "另有 1 人也遇到，同样看得到" in words(desk("squad").get(url(case, "do/reply/")))


def test_pages_of_a_merger_ask_little_of_the_database(desk, pair):
    case, _main = pair
    clerk = desk("clerk")
    for path in (url(case), url(case, "similar/"), url(case, "do/merge/")):
        clerk.get(path)
        with at_most(16):
            clerk.get(path)


# 可能是一串


def test_proposals_wait_in_a_list_with_their_matters(desk, cluster):
    first, second, found = cluster
    page = words(desk("clerk").get("/work/clusters/"))
    for case in (first, second):
        assert case.number in page
    assert "公共设施损坏，南社区" in page
    assert f"/work/clusters/{found.pk}/" in page


def test_without_proposals_the_list_says_what_will_come(desk, places):
    assert "没有等您看的" in words(desk("clerk").get("/work/clusters/"))


def test_proposals_of_the_next_community_do_not_exist(desk, cluster):
    _first, _second, found = cluster
    for who in ("neighbour", "elsewhere"):
        officer = desk(who)
        assert "没有等您看的" in words(officer.get("/work/clusters/"))
        assert officer.get(f"/work/clusters/{found.pk}/").status_code == 404
        answer = officer.post(
            f"/work/clusters/{found.pk}/", {"decision": "group", "reason": "一串。"}
        )
        assert answer.status_code == 404
    assert state_of(found) == "proposed"


def test_a_grid_worker_has_no_such_room(desk, cluster):
    assert desk("grid").get("/work/clusters/").status_code == 403


def test_merged_as_one(desk, cluster):
    first, second, found = cluster
    clerk = desk("clerk")
    typed = {"decision": "merge", "main": str(first.pk), "reason": "同一盏灯。"}
    page = words(clerk.post(f"/work/clusters/{found.pk}/", typed, follow=True))
    assert "并入了 1 件" in page
    assert (read(second.pk).state, state_of(found)) == ("merged", "confirmed")


def test_grouped_only_they_are_named_beside_each_other(desk, cluster):
    first, second, found = cluster
    clerk = desk("clerk")
    clerk.post(f"/work/clusters/{found.pk}/", {"decision": "group"})
    assert (read(second.pk).state, state_of(found)) == ("submitted", "confirmed")
    page = words(clerk.get(url(first, "similar/")))
    assert "同一串的" in page
    assert second.number in page


def test_dismissed_with_a_reason(desk, cluster):
    _first, second, found = cluster
    clerk = desk("clerk")
    refused = clerk.post(f"/work/clusters/{found.pk}/", {"decision": "dismiss", "reason": ""})
    assert refused.status_code == 422
    assert "不是一回事" in words(refused)
    assert state_of(found) == "proposed"
    clerk.post(f"/work/clusters/{found.pk}/", {"decision": "dismiss", "reason": "两盏灯。"})
    assert (read(second.pk).state, state_of(found)) == ("submitted", "dismissed")
    shown = words(clerk.get(f"/work/clusters/{found.pk}/"))
    assert "两盏灯。" in shown
    assert "定下来</button>" not in shown


def test_nothing_chosen_is_refused_and_kept(desk, cluster):
    _first, _second, found = cluster
    answer = desk("clerk").post(f"/work/clusters/{found.pk}/", {"reason": "看过了。"})
    assert answer.status_code == 422
    assert "看过了。" in words(answer)
    assert state_of(found) == "proposed"


def test_the_list_of_clusters_asks_the_same_for_many(desk, raised, lamps):
    call_command("load_rulepacks", verbosity=0)
    for person in range(910, 916):
        raised(resident(person), category_id=lamps.pk)
        case = raised(resident(person), category_id=lamps.pk)
        actions.propose_cluster(SYSTEM, case_id=case.pk, at=NOON)
    clerk = desk("clerk")
    clerk.get("/work/clusters/")
    with at_most(15):
        assert len(clerk.get("/work/clusters/").context["rows"]) == 6


def test_whether_neighbours_may_be_told_is_edited_with_a_reason(desk, lamps):
    admin = desk("admin")
    path = f"/work/categories/{lamps.pk}/"
    page = admin.get(path)
    assert "可以告诉邻居" in words(page)
    form = page.context["form"]
    typed = {b.name: b.value() for b in form if b.value() is not None and b.value() is not False}
    admin.post(path, {**typed, "shareable": "on", "reason": "公共设施可以一起等答复。"})
    lamps.refresh_from_db()
    assert lamps.shareable is True
    assert "可以告诉邻居" in words(admin.get("/work/categories/"))
