"""The page of a matter, every move on it, and what is refused."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from tests.casework import (
    CLERK,
    COLLEAGUE,
    TOWN,
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
from tests.offices import make_department
from tests.web.desks import at_most, at_noon, desk, part, without_tokens
from yukuai.accounts.policy import SYSTEM
from yukuai.audit.models import AuditEntry
from yukuai.cases import actions
from yukuai.cases.models import Case, Supervision, Visit
from yukuai.cases.states import CASE_WORKFLOW
from yukuai.flows.case_documents import issue_case_paper
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.workbench.casework.deeds import DEEDS, EXTRAS
from yukuai.workflow.models import StateChange

__all__ = ["at_noon", "desk", "enforcement", "lamps", "pack", "places", "raised", "squad", "steps"]
pytestmark = pytest.mark.django_db
PATH = ["accept", "triage", "dispatch", "sign", "reply", "review", "visit", "close"]
HOSTILE = "'; DROP TABLE cases_case; -- <script>alert(1)</script> {{ 7*7 }} \x00"


def walk(case, steps, *names):
    for name in names:
        steps[name](case)
    return read(case.pk)


def url(case, name=""):
    return f"/work/cases/{case.number}/" + (f"do/{name}/" if name else "")


def everything(case):
    with scope(EVERYWHERE):
        row = Case.objects.filter(pk=case.pk).values().get()
        log = list(StateChange.objects.filter(object_id=case.pk).values("move", "reason", "said"))
        return row, log


def post(client, case, name, **typed):
    """As a browser does: the form is opened, filled and sent."""
    opened = client.get(url(case, name))
    assert opened.status_code == 200, opened.content.decode()
    return client.post(url(case, name), {"seen": opened.context["seen"], **typed})


def test_the_table_of_deeds_names_every_move_an_officer_makes():
    own = {"rate", "reopen", "withdraw"}
    own |= {"gather_help"}  # made by the last opinion
    moves = {m.name for m in CASE_WORKFLOW.moves if not m.timed} - own
    assert DEEDS.keys() == moves | EXTRAS.keys()


def test_the_page_says_what_was_said_and_never_who_said_it(desk, raised):
    case = raised(name="林小满", phone="19900000417", wanted="换一盏灯", place_text="2 单元")
    page = desk("clerk").get(url(case)).content.decode()
    for words in (case.body, "换一盏灯", "2 单元", "看电话", "等受理"):
        assert words in page
    for secret in ("林小满", "19900000417", "0417"):
        assert secret not in page


def test_hostile_words_are_shown_as_words(desk, raised):
    case = raised(body=HOSTILE, wanted=HOSTILE, place_text=HOSTILE)
    page = desk("clerk").get(url(case)).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{ 7*7 }}" in page


def test_outside_of_ones_area_it_does_not_exist(desk, raised):
    case = raised()
    for who in ("neighbour", "elsewhere", "squad"):
        assert desk(who).get(url(case)).status_code == 404
        assert desk(who).get(url(case, "accept")).status_code == 404
        assert desk(who).post(url(case, "accept")).status_code == 404
    assert read(case.pk).state == "submitted"


def test_every_look_is_on_record_with_its_purpose(desk, raised):
    case = raised()
    desk("town").get(url(case))
    with scope(EVERYWHERE):
        entry = AuditEntry.objects.get(act="case.view")
    assert (entry.target, entry.purpose, entry.user_id) == (case.number, "办理诉求", 21)
    assert entry.holders == case.holders


def test_the_page_tells_who_looked(desk, raised):
    case = raised()
    desk("town").get(url(case))
    page = desk("clerk").get(f"{url(case)}?log=looks").content.decode()
    assert "谁看过 2" in page
    assert "王小满，南街" in part(page, '<section class="card field" id="log"')


def test_allowed_acts_are_links_refused_ones_keep_their_place_with_the_reason(desk, raised):
    case = raised()
    acts = part(desk("clerk").get(url(case)).content.decode(), '<section class="card acts2"')
    assert f'href="{url(case, "accept")}"' in acts
    assert f'href="{url(case, "close")}"' not in acts
    assert "<b>还不能办结。</b>要先有答复、核查和回访。" in acts
    # finish is a part's, of two ways to split one lies ahead, of three ways out of a merger one
    elsewhere = 2 + 2
    allowed = len(("accept", "reject", "merge", "note", "relocate"))
    assert acts.count('aria-disabled="true"') == len(DEEDS) - elsewhere - allowed
    for own in ("评价", "重新打开", "撤回"):
        assert f"</svg>{own}<" not in acts


def test_an_act_that_is_refused_for_the_post_says_so(desk, raised):
    case = raised()
    acts = part(desk("grid").get(url(case)).content.decode(), '<section class="card acts2"')
    assert "<b>不能受理。</b>您现在的岗位没有“受理”这项权限。" in acts
    assert "btn--primary" not in acts


def test_one_filled_button(desk, raised, steps):
    case = raised()
    for name in PATH[:3]:
        steps[name](case)
        page = desk("clerk").get(url(case)).content.decode()
        assert part(page, "<main").count("btn--primary") <= 1


def test_the_whole_way_from_the_pages(desk, raised, enforcement):
    case = raised(category_id=None)
    clerk, colleague, squad = desk("clerk"), desk("colleague"), desk("squad")
    unit = f"12-{enforcement.pk}"
    way = [
        (clerk, "accept", {}, "accepted"),
        (clerk, "triage", {"triage": "major"}, "triaged"),
        (clerk, "dispatch", {"unit": unit, "opinion": "请到现场。"}, "dispatched"),
        (squad, "sign", {}, "handling"),
        (squad, "reply", {"outcome": "solved", "answer": "换了 3 盏灯。"}, "replied"),
        (clerk, "review", {"words": "去看过了。"}, "reviewed"),
        (colleague, "visit", {"channel": "phone", "reached": "yes", "solved": "yes"}, "visited"),
        (clerk, "close", {}, "closed"),
    ]
    for client, name, typed, state in way:
        answer = post(client, case, name, **typed)
        assert (answer.status_code, read(case.pk).state) == (302, state)
    with scope(EVERYWHERE):
        moves = StateChange.objects.filter(object_id=case.pk).order_by("pk")
        assert [c.move for c in moves] == ["raise", *[name for _c, name, _t, _s in way]]
        assert moves.get(move="dispatch").reason == "请到现场。"


def test_a_visit_may_close_in_the_same_breath(desk, raised, steps):
    case = walk(raised(), steps, *PATH[:6])
    typed = {"channel": "phone", "reached": "no", "close": "on"}
    assert post(desk("colleague"), case, "visit", **typed).status_code == 302
    assert read(case.pk).state == "closed"
    with scope(EVERYWHERE):
        assert Visit.objects.get(case=case.pk).reached is False


def test_a_private_matter_goes_on_to_the_way_there(desk, raised, steps):
    case = walk(raised(), steps, "accept")
    answer = post(desk("clerk"), case, "triage", triage="private")
    assert answer.headers["Location"] == url(case, "guide")
    assert post(desk("clerk"), case, "guide", answer="可以找调解。").status_code == 302
    assert read(case.pk).answer == "可以找调解。"


def test_triage_shows_the_suggestion_with_its_reason_and_leaves_the_choice(
    desk, raised, steps, lamps
):
    case = walk(raised(category_id=lamps.pk), steps, "accept")
    page = desk("clerk").get(url(case, "triage")).content.decode()
    assert "建议定为“小事”：选的是“公共设施损坏”。由社区牵头办。由您确定。" in page
    post(desk("clerk"), case, "triage", triage="major")
    assert read(case.pk).triage == "major"


def test_retriage_keeps_the_earlier_decision_in_the_log(desk, raised, steps):
    case = walk(raised(), steps, "accept", "triage")
    post(desk("clerk"), case, "retriage", triage="minor", reason="属于小区公共设施。")
    page = desk("clerk").get(url(case)).content.decode()
    assert "改判为“小事”" in page
    assert "原来是“大事”。理由：属于小区公共设施。" in page


def test_a_rejection_names_the_reason_and_where_to_go(desk, raised):
    case = raised()
    assert post(desk("clerk"), case, "reject", reason="court").status_code == 302
    row = read(case.pk)
    assert (row.state, row.rejection) == ("rejected", "court")
    assert "12348" in row.rejection_channel


def test_a_return_is_asked_for_and_granted(desk, raised, steps):
    case = walk(raised(), steps, *PATH[:3])
    post(desk("squad"), case, "request_return", reason="属于供电单位。")
    page = desk("town").get(url(case, "grant_return")).content.decode()
    assert "属于供电单位。" in part(page, '<section class="drawer"')
    answer = post(desk("town"), case, "grant_return")
    assert (read(case.pk).state, answer.headers["Location"]) == ("triaged", url(case, "dispatch"))


def test_a_return_is_refused_with_a_reason_or_not_at_all(desk, raised, steps):
    case = walk(raised(), steps, *PATH[:3], "request_return")
    assert post(desk("town"), case, "refuse_return", reason=" ").status_code == 422
    assert read(case.pk).state == "return-requested"
    assert post(desk("town"), case, "refuse_return", reason="就是您管。").status_code == 302
    assert read(case.pk).state == "handling"


def test_an_extension_comes_prefilled_with_what_was_asked(desk, raised, steps):
    case = walk(raised(), steps, *PATH[:4])
    post(desk("squad"), case, "ask_extension", working_days="4", reason="等配件。")
    page = desk("town").get(url(case, "grant_extension")).content.decode()
    assert 'name="working_days" value="4"' in page
    post(desk("town"), case, "grant_extension", working_days="4")
    assert (read(case.pk).state, read(case.pk).extended) == ("handling", 1)


def test_an_extension_beyond_the_rule_is_said_in_numbers_and_the_words_stay(desk, raised, steps):
    case = walk(raised(), steps, *PATH[:4])
    before = everything(case)
    answer = post(desk("squad"), case, "ask_extension", working_days="99", reason="等配件。")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "这里填 1 到 10 的数字" in page
    assert "等配件。" in page
    assert everything(case) == before


def test_help_is_asked_of_another_department_and_given_by_it(desk, raised, steps, places):
    other = make_department(places[2], name="区住房城乡建委")
    case = walk(raised(), steps, *PATH[:4])
    answer = post(desk("squad"), case, "ask_help", departments=other.pk, question="墙归谁？")
    assert (answer.status_code, read(case.pk).state) == (302, "collab")
    with scope(EVERYWHERE):
        assert Case.objects.get(pk=case.pk).asked == {other.pk}


def test_a_note_may_be_for_the_resident_too(desk, raised, steps):
    case = walk(raised(), steps, "accept")
    post(desk("clerk"), case, "note", words="去看过一次。", public="on")
    post(desk("clerk"), case, "note", words="打不通电话。")
    with scope(EVERYWHERE):
        notes = StateChange.objects.filter(move="note").order_by("pk")
        assert [(n.said, n.reason) for n in notes] == [("去看过一次。", ""), ("", "打不通电话。")]


def test_supervision_stands_on_the_page_until_it_is_answered(desk, raised, steps):
    case = walk(raised(), steps, *PATH[:4])
    post(desk("town"), case, "supervise", reason="居民又来问了。")
    assert "居民又来问了。" in desk("squad").get(url(case)).content.decode()
    assert post(desk("squad"), case, "answer_supervision", answer="明天装好。").status_code == 302
    with scope(EVERYWHERE):
        assert Supervision.objects.get(case=case.pk).answer == "明天装好。"
    assert "在督办" not in desk("squad").get(url(case)).content.decode()


def test_relocation_finds_the_community_and_moves_the_matter(desk, raised):
    case = raised()
    clerk = desk("clerk")
    found = clerk.get(f"{url(case, 'relocate')}?q=坡社区").content.decode()
    assert 'name="division" value="113"' in found
    answer = clerk.post(
        url(case, "relocate"), {"q": "坡社区", "division": "113", "reason": "在坡社区那边。"}
    )
    assert (answer.status_code, answer.headers["Location"]) == (302, "/work/")
    assert read(case.pk).area == "1.2.12.113."


def test_a_community_that_was_not_found_by_the_search_is_not_taken(desk, raised):
    case = raised()
    before = everything(case)
    typed = {"q": "坡社区", "division": "1111", "reason": "试试。"}
    assert desk("clerk").post(url(case, "relocate"), typed).status_code == 422
    assert everything(case) == before


def test_an_empty_form_comes_back_with_the_rule_and_with_what_was_typed(desk, raised, steps):
    case = walk(raised(), steps, *PATH[:4])
    before = everything(case)
    answer = post(desk("squad"), case, "reply", outcome="", answer=f"写了一半 {HOSTILE}")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "选一个办理结果。" in page
    assert "写了一半 &#x27;; DROP TABLE" in page
    assert "<script>alert" not in page
    assert everything(case) == before


def test_a_text_too_long_comes_back_whole(desk, raised, steps):
    case = walk(raised(), steps, *PATH[:4])
    answer = post(desk("squad"), case, "reply", outcome="solved", answer="长" * 2001)
    assert answer.status_code == 422
    assert "最多 2000 字，现在 2001 字" in answer.content.decode()
    assert "长" * 2001 in answer.content.decode()


@pytest.mark.parametrize("name", ["rate", "reopen", "withdraw", "archive", "delete", "accept_"])
def test_a_forged_move_is_nothing(desk, raised, steps, name):
    case = walk(raised(), steps, *PATH)
    before = everything(case)
    assert desk("clerk").get(url(case, name)).status_code == 404
    assert desk("clerk").post(url(case, name), {"reason": "x"}).status_code == 404
    assert everything(case) == before


def test_a_move_out_of_its_state_changes_nothing_and_says_why(desk, raised):
    case = raised()
    before = everything(case)
    for name in DEEDS.keys() - {"accept", "reject", "merge", "note", "relocate"}:
        answer = desk("clerk").post(url(case, name), {"reason": "x"})
        assert answer.status_code in {403, 409}, name
        assert "不能" in answer.content.decode() or "没有" in answer.content.decode()
    assert everything(case) == before


def test_opening_a_refused_form_is_a_page_with_the_reason(desk, raised):
    case = raised()
    answer = desk("clerk").get(url(case, "close"))
    assert answer.status_code == 409
    assert "要先有答复、核查和回访。" in answer.content.decode()
    answer = desk("clerk").get(url(case, "supervise"))
    assert answer.status_code in {403, 409}
    assert "您现在的岗位没有“督办”这项权限。" in answer.content.decode()


def test_whoever_was_slower_is_told_and_keeps_his_words(desk, raised, steps):
    case = walk(raised(), steps, "accept", "triage")
    slow = desk("colleague")
    opened = slow.get(url(case, "retriage"))
    with time_machine.travel(NOON + timedelta(minutes=5), tick=False):
        actions.retriage_case(
            CLERK,
            case_id=case.pk,
            triage="minor",
            reason="先到的。",
            at=NOON + timedelta(minutes=5),
        )
        before = everything(case)
        typed = {"triage": "private", "reason": "后到的话。", "seen": opened.context["seen"]}
        answer = slow.post(url(case, "retriage"), typed)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "有人改过这件事" in page
    assert "后到的话。" in page
    assert "已分流，待派单" in page
    assert everything(case) == before


def test_the_same_press_twice_is_one_move(desk, raised):
    case = raised()
    clerk = desk("clerk")
    seen = clerk.get(url(case, "accept")).context["seen"]
    assert clerk.post(url(case, "accept"), {"seen": seen}).status_code == 302
    again = clerk.post(url(case, "accept"), {"seen": seen})
    assert again.status_code == 409
    assert "已经受理过了。" in again.content.decode()
    with scope(EVERYWHERE):
        assert StateChange.objects.filter(move="accept").count() == 1


def test_where_to_go_next_is_never_another_site(desk, raised):
    case = raised()
    answer = desk("clerk").post(url(case, "accept"), {"next": "https://evil.example/"})
    assert answer.headers["Location"] == url(case)


def test_the_drawer_is_the_same_in_the_page_and_in_the_swap(desk, raised, steps):
    case = walk(raised(), steps, "accept")
    clerk = desk("clerk")
    for name in ("triage", "note", "relocate"):
        headers = {"HX-Request": "true", "HX-Target": "drawer"}
        swap = clerk.get(url(case, name), headers=headers).content.decode()
        fresh = clerk.get(url(case, name)).content.decode()
        drawer = '<section class="drawer"'
        assert without_tokens(part(fresh, drawer)) == without_tokens(swap).strip()


def test_the_contact_is_shown_once_for_a_purpose_and_kept_nowhere(desk, raised):
    case = raised(name="林小满", phone="19900000417")
    clerk = desk("clerk")
    assert "核实情况" in clerk.get(f"{url(case)}contact/").content.decode()
    answer = clerk.post(f"{url(case)}contact/", {"purpose": "ask"})
    page = answer.content.decode()
    assert "林小满" in page
    assert "199 0000 0417" in page
    assert "no-store" in answer.headers["Cache-Control"]
    with scope(EVERYWHERE):
        entry = AuditEntry.objects.get(act="case.contact")
    assert (entry.purpose, entry.user_id, entry.holders) == ("核实情况", 11, case.holders)


@pytest.mark.parametrize("purpose", ["", "curiosity"])
def test_without_a_purpose_no_contact(desk, raised, purpose):
    case = raised(name="林小满", phone="19900000417")
    answer = desk("clerk").post(f"{url(case)}contact/", {"purpose": purpose})
    assert answer.status_code == 422
    assert "19900000417" not in answer.content.decode()
    with scope(EVERYWHERE):
        assert not AuditEntry.objects.filter(act="case.contact").exists()


def test_who_does_not_handle_it_does_not_see_the_contact(desk, raised, steps):
    case = walk(raised(name="林小满", phone="19900000417"), steps, *PATH[:4])
    answer = desk("clerk").post(f"{url(case)}contact/", {"purpose": "ask"})
    assert answer.status_code == 403
    assert "林小满" not in answer.content.decode()


def picture():
    data = BytesIO()
    Image.new("RGB", (40, 30), "teal").save(data, "PNG")
    return SimpleUploadedFile("灯.png", data.getvalue(), "image/png")


def test_photos_of_the_reply_are_seen_by_those_who_see_the_matter(desk, raised, steps):
    case = walk(raised(), steps, *PATH[:4])
    answer = post(
        desk("squad"), case, "reply", outcome="solved", answer="装好了。", photos=[picture()]
    )
    assert answer.status_code == 302
    page = desk("clerk").get(url(case))
    [photo] = page.context["photos"]
    shown = desk("clerk").get(photo["url"])
    assert (shown.status_code, shown.headers["Content-Type"]) == (200, "image/jpeg")
    assert desk("neighbour").get(photo["url"]).status_code == 404
    other = raised()
    assert desk("clerk").get(photo["url"].replace(case.number, other.number)).status_code == 404


def test_a_file_that_is_no_photo_comes_back_with_the_words(desk, raised, steps):
    case = walk(raised(), steps, *PATH[:4])
    before = everything(case)
    bad = SimpleUploadedFile("x.png", b"<script>alert(1)</script>", "image/png")
    answer = post(desk("squad"), case, "reply", outcome="solved", answer="装好了。", photos=[bad])
    assert answer.status_code == 422
    assert "装好了。" in answer.content.decode()
    assert everything(case) == before


def test_the_clock_that_waits_for_the_reader_is_his(desk, raised):
    case = raised()
    page = desk("clerk").get(url(case)).content.decode()
    assert '<li class="is-yours">' in page
    assert "等您受理" in page
    assert "等您受理" not in desk("town").get(url(case)).content.decode()


@pytest.mark.parametrize("names", [PATH[:1], PATH[:3], PATH[:7]])
def test_the_page_asks_little_of_the_database(desk, raised, steps, names):
    case = walk(raised(), steps, *names)
    clerk = desk("clerk")
    clerk.get(url(case))
    with at_most(15):
        clerk.get(url(case))


@pytest.mark.parametrize("name", ["dispatch", "retriage", "note", "relocate"])
def test_a_form_asks_little_of_the_database(desk, raised, steps, name):
    case = walk(raised(), steps, *PATH[:2])
    clerk = desk("clerk")
    clerk.get(url(case, name))
    with at_most(15):
        clerk.get(url(case, name))


def test_visits_and_ratings_are_on_the_page(desk, raised, steps):
    case = walk(raised(), steps, *PATH, "reopen")
    page = desk("clerk").get(url(case)).content.decode()
    opinions = part(page, '<section class="card field" aria-labelledby="opinions-title"')
    assert "回访" in opinions
    assert "居民评价" in opinions
    assert "第 2 次办理" in page
    assert (COLLEAGUE.user_id, TOWN.user_id) == (12, 21)


def test_a_paper_stands_on_the_page_of_its_matter_and_nowhere_else(desk, raised, steps):
    case = raised()
    walk(case, steps, "reject")
    issue_case_paper(SYSTEM, case_id=case.pk, move="reject", at=NOON)
    page = desk("clerk").get(f"/work/cases/{case.number}/").content.decode()
    assert "不予受理告知书" in page
    address = re.search(r"/work/cases/[^\"]+/papers/\d+/", page)[0]
    assert desk("clerk").get(address)["Content-Type"] == "application/pdf"
    other = raised()
    assert desk("clerk").get(address.replace(case.number, other.number)).status_code == 404
    assert desk("neighbour").get(address).status_code == 404
