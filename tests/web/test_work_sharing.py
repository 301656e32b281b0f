"""The pages of a matter in several hands, as a browser without scripts uses them."""

import pytest

from tests.casework import CLERK, enforcement, lamps, pack, places, raised, read, squad, steps
from tests.conftest import NOON
from tests.offices import make_department, make_post, make_staff
from tests.web.desks import at_most, at_noon, desk, part
from tests.web.test_work_casework import PATH, everything, post, url, walk
from yukuai.accounts.roles import Role
from yukuai.audit.models import AuditEntry
from yukuai.cases import actions
from yukuai.cases.actions.parts import Share
from yukuai.cases.models import Case, Helper
from yukuai.kernel.scope import EVERYWHERE, scope

__all__ = ["at_noon", "desk", "enforcement", "lamps", "pack", "places", "raised", "squad", "steps"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def water(places):
    return make_department(places[2], name="区水利局")


@pytest.fixture
def plumber(water, places, desk):
    """A desk in the water office."""
    from django.test import Client

    user = make_staff("u72", id=72)
    make_post(user, Role.DEPT_OP, places[2], department=water)
    client = Client()
    client.force_login(user)
    return client


def parts_of(case):
    with scope(EVERYWHERE):
        return list(Case.objects.filter(parent=case.pk).order_by("pk"))


def split_in_two(case, water):
    shares = (Share("换楼道灯。", "minor", 112), Share("查水管。", "major", 2, water.pk))
    return actions.split_case(CLERK, case_id=case.pk, shares=shares, at=NOON)


def typed_split(water, **more):
    return {
        "body_1": "换楼道灯。",
        "triage_1": "minor",
        "unit_1": "112-",
        "body_2": "查水管。",
        "triage_2": "major",
        "unit_2": f"2-{water.pk}",
        **more,
    }


def test_a_matter_is_split_from_its_page(desk, raised, steps, water):
    case = walk(raised(), steps, *PATH[:2])
    answer = post(desk("clerk"), case, "split_at_desk", **typed_split(water))
    assert answer.status_code == 302
    made = parts_of(case)
    assert [(p.number, p.state, p.triage) for p in made] == [
        (f"{case.number}-1", "dispatched", "minor"), (f"{case.number}-2", "dispatched", "major"),
    ]  # fmt: skip
    page = desk("clerk").get(url(case)).content.decode()
    table = part(page, '<section class="card field" aria-labelledby="parts-title"')
    for words in ("换楼道灯", "查水管", "南社区", "区水利局", "已派单，待签收", made[1].number):
        assert words in table
    assert f'href="{url(made[0])}"' in table


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"body_2": " "}, "写明这一份办什么。"),
        ({"triage_2": ""}, "选大事还是小事。"),
        ({"triage_1": "major"}, "大事不能交社区办"),
        ({"unit_1": "999-"}, "选一个。"),
    ],
)
def test_a_form_that_cannot_be_split_comes_back_with_what_was_typed(
    desk, raised, steps, water, change, said
):
    case = walk(raised(), steps, *PATH[:2])
    before = everything(case)
    answer = post(desk("clerk"), case, "split_at_desk", **typed_split(water, **change))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert "换楼道灯。" in page
    assert everything(case) == before
    assert parts_of(case) == []


def test_a_department_splits_without_choosing_units(desk, raised, steps, water):
    case = walk(raised(), steps, *PATH[:4])
    page = desk("squad").get(url(case, "split_at_unit")).content.decode()
    assert "由社区或街道分流、派单" in page
    assert 'name="unit_1"' not in page
    assert post(desk("squad"), case, "split_at_unit", **typed_split(water)).status_code == 302
    assert {p.state for p in parts_of(case)} == {"accepted"}


def test_the_page_of_a_part_shows_the_main_matter_and_no_way_to_the_person(
    desk, raised, steps, water, plumber
):
    case = walk(raised(name="林小满", phone="19900000417"), steps, *PATH[:2])
    _lamps, pipes = split_in_two(case, water)
    page = plumber.get(url(pipes)).content.decode()
    assert case.body in page
    assert case.number in part(page, '<section class="card field" aria-labelledby="main-title"')
    for secret in ("看电话", "林小满", "19900000417"):
        assert secret not in page
    assert url(case) not in page
    assert plumber.get(url(case)).status_code == 404
    answer = plumber.post(f"{url(pipes)}contact/", {"purpose": "ask"})
    assert answer.status_code == 409
    assert "19900000417" not in answer.content.decode()


def test_the_acts_of_a_part_are_a_parts(desk, raised, steps, water, plumber):
    case = walk(raised(), steps, *PATH[:2])
    lamps, _pipes = split_in_two(case, water)
    page = part(desk("clerk").get(url(lamps)).content.decode(), '<section class="card acts2"')
    for never in ("回访", "拆单", "撤销分单"):
        assert f"</svg>{never}<" not in page
    assert desk("clerk").get(url(lamps, "visit")).status_code == 409


def test_one_finishes_a_part_and_the_lead_sees_its_answer_in_the_reply(
    desk, raised, steps, water, plumber
):
    case = walk(raised(), steps, *PATH[:2])
    lamps, pipes = split_in_two(case, water)
    walk(case, steps, "dispatch", "sign")
    refused = desk("squad").get(url(case, "reply"))
    assert refused.status_code == 409
    assert "还有 2 份分单没有办完" in refused.content.decode()
    post(plumber, pipes, "sign")
    post(plumber, pipes, "reply", outcome="solved", answer="水管修好了。")
    assert post(desk("colleague"), pipes, "finish", words="看过了。").status_code == 302
    actions.cancel_part(CLERK, case_id=case.pk, part_id=lamps.pk, reason="亮了。", at=NOON)
    page = desk("squad").get(url(case, "reply")).content.decode()
    form = part(page, '<section class="drawer"')
    assert "区水利局：查水管" in form
    assert form.count("水管修好了。") == 2  # its answer, and the draft
    assert (
        post(desk("squad"), case, "reply", outcome="solved", answer="都好了。").status_code == 302
    )


def test_a_part_is_taken_back_from_the_page_of_the_main_matter(desk, raised, steps, water, plumber):
    case = walk(raised(), steps, *PATH[:2])
    lamps, pipes = split_in_two(case, water)
    walk(case, steps, "dispatch", "sign")
    post(plumber, pipes, "sign")
    form = desk("squad").get(url(case, "cancel_part")).content.decode()
    assert f'value="{lamps.pk}"' in form
    assert f'value="{pipes.pk}"' not in form
    typed = {"part": lamps.pk, "reason": "已经亮了。"}
    assert post(desk("squad"), case, "cancel_part", **typed).status_code == 302
    assert read(lamps.pk).state == "cancelled"
    page = desk("squad").get(url(case)).content.decode()
    assert "已经亮了。" in page
    assert desk("squad").get(url(case, "cancel_part")).status_code == 409


def test_the_list_counts_a_matter_once_and_finds_a_part_by_its_number(desk, raised, steps, water):
    case = walk(raised(), steps, *PATH[:2])
    lamps, _pipes = split_in_two(case, water)
    clerk = desk("clerk")
    assert "共 1 件" in clerk.get("/work/cases/").content.decode()
    assert "共 3 件" in clerk.get("/work/cases/?parts=on").content.decode()
    found = clerk.get(f"/work/search/?q={lamps.number.lower()}")
    assert found.headers["Location"] == url(lamps)


def test_several_departments_are_asked_with_one_form_and_each_answers(
    desk, raised, steps, water, plumber, places
):
    other = make_department(places[2], name="区电力办")
    case = walk(raised(), steps, *PATH[:4])
    typed = {"departments": [water.pk, other.pk], "question": "管线归谁？"}
    assert post(desk("squad"), case, "ask_help", **typed).status_code == 302
    page = desk("squad").get(url(case)).content.decode()
    helpers = part(page, '<section class="card field" aria-labelledby="helpers-title"')
    assert "区水利局" in helpers
    assert "区电力办" in helpers
    answer = post(plumber, case, "give_help", opinion="归我们。")
    assert answer.headers["Location"] == "/work/"
    assert plumber.get(url(case)).status_code == 404
    typed = {"department": other.pk, "reason": "不用等了。"}
    assert post(desk("squad"), case, "withdraw_help", **typed).status_code == 302
    assert read(case.pk).state == "handling"
    page = desk("squad").get(url(case)).content.decode()
    for words in ("归我们。", "不再等的理由：不用等了。", "区水利局的会办意见"):
        assert words in page


def test_an_empty_request_for_help_says_what_is_missing(desk, raised, steps, water):
    case = walk(raised(), steps, *PATH[:4])
    answer = post(desk("squad"), case, "ask_help", question="管线归谁？")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "至少选一个部门。" in page
    assert "管线归谁？" in page
    with scope(EVERYWHERE):
        assert not Helper.objects.exists()


def test_a_helper_opens_no_contact(desk, raised, steps, water, plumber, squad):
    case = walk(raised(name="林小满", phone="19900000417"), steps, *PATH[:4])
    actions.ask_help(squad, case_id=case.pk, department_ids=[water.pk], question="归谁？", at=NOON)
    assert plumber.get(url(case)).status_code == 200
    answer = plumber.post(f"{url(case)}contact/", {"purpose": "ask"})
    assert answer.status_code == 403
    assert "19900000417" not in answer.content.decode()
    with scope(EVERYWHERE):
        assert not AuditEntry.objects.filter(act="case.contact").exists()


def test_an_objection_is_raised_and_ruled_from_the_pages(desk, raised, steps, places):
    lights = make_department(places[2], name="区照明中心")
    case = walk(raised(), steps, *PATH[:3], "request_return", "refuse_return")
    form = desk("squad").get(url(case, "object")).content.decode()
    assert "就是您管。" in part(form, '<section class="drawer"')
    assert post(desk("squad"), case, "object", reason="归区里管。").status_code == 302
    assert read(case.pk).state == "objected"
    assert desk("town").get(url(case, "uphold")).status_code == 403
    today = desk("district").get("/work/").content.decode()
    assert "裁决" in today
    assert case.title in today
    drawer = desk("district").get(url(case, "redirect")).content.decode()
    assert "归区里管。" in part(drawer, '<section class="drawer"')
    assert f'value="2-{lights.pk}"' in drawer
    empty = post(desk("district"), case, "redirect", unit=f"2-{lights.pk}", grounds=" ")
    assert empty.status_code == 422
    assert read(case.pk).state == "objected"
    typed = {"unit": f"2-{lights.pk}", "grounds": "三定方案第四条。"}
    assert post(desk("district"), case, "redirect", **typed).status_code == 302
    assert read(case.pk).unit_department_id == lights.pk
    page = desk("clerk").get(url(case)).content.decode()
    assert "裁决：改派给区照明中心" in page
    assert "三定方案第四条。" in page


def test_the_approver_sees_what_was_asked_before_and_what_the_resident_will_read(
    desk, raised, steps
):
    case = walk(raised(), steps, *PATH[:4], "ask_extension", "refuse_extension")
    post(desk("squad"), case, "ask_extension", working_days="2", reason="灯还没到货。")
    page = desk("town").get(url(case, "grant_extension")).content.decode()
    form = part(page, '<section class="drawer"')
    for words in ("以前的延期", "申请 3 个工作日", "没有同意", "来得及。", "3月16日"):
        assert words in form
    assert "灯还没到货。</textarea>" in form
    answer = post(
        desk("town"), case, "grant_extension", working_days="2", told="灯要从外地调。", reason=""
    )
    assert answer.status_code == 302
    page = desk("clerk").get(url(case)).content.decode()
    assert "告诉居民：灯要从外地调。要多用 2 个工作日，新的期限到3月18日。" in page


def test_a_first_extension_says_that_there_was_none(desk, raised, steps):
    case = walk(raised(), steps, *PATH[:4], "ask_extension")
    page = desk("town").get(url(case, "grant_extension")).content.decode()
    assert "这件事以前没有申请过延期。" in page


@pytest.mark.parametrize("who", ["clerk", "squad", "district"])
def test_the_page_of_a_matter_in_many_hands_asks_little_of_the_database(
    desk, raised, steps, water, squad, who, places
):
    case = walk(raised(), steps, *PATH[:2])
    split_in_two(case, water)
    walk(case, steps, "dispatch", "sign")
    other = make_department(places[2], name="区电力办")
    ids = [water.pk, other.pk]
    actions.ask_help(squad, case_id=case.pk, department_ids=ids, question="归谁？", at=NOON)
    client = desk(who)
    client.get(url(case))
    with at_most(15):
        client.get(url(case))
    for one in ids:
        actions.withdraw_help(squad, case_id=case.pk, department_id=one, reason="。", at=NOON)
    with at_most(16):
        client.get(url(case))


def test_so_does_the_list_of_a_department_that_has_a_part(raised, steps, water, plumber):
    for _ in range(3):
        split_in_two(walk(raised(), steps, *PATH[:2]), water)
    plumber.get("/work/cases/")
    with at_most(15):
        page = plumber.get("/work/cases/").content.decode()
    assert "共 3 件" in page
