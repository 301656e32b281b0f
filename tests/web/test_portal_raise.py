"""反映一件事: three steps, one report."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.casework import lamps, pack, places
from tests.conftest import NOON
from tests.pictures import located_photo, png_bomb
from tests.web.portal_fixtures import (
    BODY,
    CODES,
    PHONE,
    cases,
    clock,
    photo,
    resident,
    signed_in,
    submit,
    town,
    uuid_of,
    words,
    write,
)
from yukuai.audit.models import AuditEntry
from yukuai.cases.models import CaseContact, Category
from yukuai.documents.models import Attachment, PendingUpload
from yukuai.kernel.scope import EVERYWHERE, scope

__all__ = ["clock", "lamps", "pack", "places", "resident", "signed_in", "town", "write"]
pytestmark = pytest.mark.django_db
NASTY = "<script>alert(1)</script>' OR 1=1 --"


def attachments():
    with scope(EVERYWHERE):
        return list(Attachment.objects.order_by("order"))


def pending():
    with scope(EVERYWHERE):
        return PendingUpload.objects.count()


def test_a_visitor_raises_a_matter_without_a_name_and_holds_its_receipt(client, write):
    assert write().headers["Location"] == "/raise/check/"
    assert submit(client).headers["Location"] == "/raise/done/"
    [case] = cases()
    assert (case.body, case.place_text, case.division_id) == (BODY, "3 楼", 112)
    assert (case.anonymous, case.reporter_id, case.phone_hash) == (True, None, "")
    done = client.get("/raise/done/")
    assert case.number in words(done)
    assert done.context["receipt"].code in words(done)
    assert client.get(f"/matters/{case.number}/").status_code == 200


def test_a_resident_is_asked_for_nothing_the_platform_knows(signed_in):
    signed_in.post("/raise/", {"body": BODY})
    page = words(signed_in.get("/raise/where/"))
    assert "南社区" in page
    assert "尾号 0417 的手机" in page
    assert PHONE not in page
    signed_in.post("/raise/where/", {"contact": "named", "name": "黎女士"})
    assert submit(signed_in).headers["Location"] == "/raise/done/"
    [case] = cases()
    assert (case.anonymous, case.division_id) == (False, 112)
    with scope(EVERYWHERE):
        contact = CaseContact.objects.get(case=case)
    assert (contact.name, contact.phone) == ("黎女士", PHONE)


def test_a_resident_may_leave_another_telephone(signed_in):
    signed_in.post("/raise/", {"body": BODY})
    signed_in.post("/raise/where/", {"contact": "named", "act": "other-phone"})
    signed_in.post("/raise/where/", {"contact": "named", "phone": "199 0000 0999"})
    submit(signed_in)
    with scope(EVERYWHERE):
        assert CaseContact.objects.get().phone == "19900000999"


def test_without_a_name_not_even_the_log_knows_which_account_it_was(signed_in, resident):
    signed_in.post("/raise/", {"body": BODY})
    signed_in.post("/raise/where/", {"contact": "unnamed"})
    submit(signed_in)
    [case] = cases()
    assert case.reporter_id is None
    with scope(EVERYWHERE):
        assert not CaseContact.objects.exists()
        entry = AuditEntry.objects.get(act="case.raise")
    assert (entry.user_id, entry.actor) == (None, "未登录的访客")
    assert signed_in.get(f"/matters/{case.number}/").status_code == 200


def test_an_officer_on_the_residents_pages_is_a_resident_like_any_other(client, write, town):
    from tests.offices import make_post, make_staff
    from yukuai.accounts.roles import Role

    user = make_staff("sq01")
    make_post(user, Role.COMMUNITY_STAFF, town[113])
    client.force_login(user)
    write()
    submit(client)
    assert [case.division_id for case in cases()] == [112]


def test_the_first_step_wants_a_sentence_and_keeps_the_rest(client, town, lamps):
    response = client.post("/raise/", {"body": "  ", "category": lamps.pk})
    assert response.status_code == 422
    assert "写一句话，说说是什么事。" in words(response)
    assert response.context["chips"]["chosen"] == lamps.pk


def test_a_text_too_long_is_kept_and_counted(client, town):
    text = "灯" * 501
    response = client.post("/raise/", {"body": text})
    assert response.status_code == 422
    assert "最多 500 字，现在 501 字" in words(response)
    assert text in words(response)
    assert text in words(client.get("/raise/"))


def test_line_ends_count_once(client, town):
    assert client.post("/raise/", {"body": "灯\r\n" * 250 + "."}).status_code == 422
    assert client.post("/raise/", {"body": "灯\r\n" * 249 + "灯"}).status_code == 302


def test_the_category_is_suggested_from_the_words_and_said_to_be_so(client, town, lamps):
    client.post("/raise/", {"body": BODY})
    page = client.get("/raise/")
    assert page.context["chips"]["suggested"] == lamps
    assert "是按您说的话选的，可以改" in words(page)


def test_a_category_that_was_chosen_is_not_overruled(client, town, lamps):
    other = Category.objects.create(code="99", name="其他", plain_name="其他", source="test")
    client.post("/raise/", {"body": BODY, "category": other.pk})
    chips = client.get("/raise/").context["chips"]
    assert (chips["chosen"], chips["suggested"]) == (other.pk, None)


def test_a_suggestion_follows_the_words_until_somebody_chooses(client, town, lamps):
    posted = {"body": "想问一件事", "category": lamps.pk, "suggested": lamps.pk}
    client.post("/raise/", posted)
    assert client.get("/raise/").context["chips"]["chosen"] is None


@pytest.mark.parametrize("category", ["0", "x", "987654321", "1 OR 1=1"])
def test_a_forged_category_is_refused(client, town, category):
    response = client.post("/raise/", {"body": BODY, "category": category})
    assert response.status_code == 422
    assert "请另选一类，或者不选" in words(response)


def test_urgent_words_show_the_number_first_and_block_nothing(client, write):
    write(body="楼下起火了，烟很大")
    for page in ("/raise/", "/raise/where/", "/raise/check/"):
        shown = words(client.get(page))
        assert shown.index("119 火警") < shown.index('class="ask"'), page
    submit(client)
    [case] = cases()
    assert case.urgent
    assert "119 火警" in words(client.get("/raise/done/"))


def test_while_typing_the_words_bring_their_category_and_their_number(client, town, lamps):
    response = client.post("/raise/words/", {"body": "楼道灯起火了"})
    shown = words(response)
    assert "119 火警" in shown
    assert 'hx-swap-oob="true"' in shown
    assert response.context["chips"]["suggested"] == lamps
    assert "draft" not in client.session


def test_photos_are_kept_while_the_rest_is_put_right(client, town):
    response = client.post("/raise/", {"body": "", "photos": [photo()]})
    assert response.status_code == 422
    assert (pending(), list(response.context["photos"])) == (1, [1])
    shown = client.get("/raise/photos/1/")
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/jpeg")
    assert shown["Cache-Control"] == "no-store"
    client.post("/raise/", {"body": BODY})
    client.get(f"/c/{CODES[112]}/")
    client.post("/raise/where/", {"contact": "unnamed"})
    submit(client)
    assert pending() == 0
    assert [row.kind for row in attachments()] == ["scene"]


def test_a_photo_can_be_taken_out_again(client, town):
    client.post("/raise/", {"body": BODY, "photos": [photo("a.jpg"), photo("b.jpg")]})
    client.post("/raise/", {"body": "改过的话", "act": "drop-1"})
    page = client.get("/raise/")
    assert (pending(), list(page.context["photos"])) == (1, [1])
    assert "改过的话" in words(page)


@pytest.mark.parametrize("place", ["0", "9", "-1", "x", ""])
def test_a_forged_place_takes_no_photo_out(client, town, place):
    client.post("/raise/", {"body": BODY, "photos": [photo()]})
    client.post("/raise/", {"body": BODY, "act": f"drop-{place}"})
    assert pending() == 1


def test_more_than_three_photos_are_refused_and_three_kept(client, town):
    response = client.post("/raise/", {"body": BODY, "photos": [photo() for _ in range(4)]})
    assert response.status_code == 422
    assert "照片最多 3 张" in words(response)
    assert pending() == 3


@pytest.mark.parametrize("data", [b"", b"GIF89a broken", b"%PDF-1.7 %%EOF", png_bomb()])
def test_what_is_no_photo_says_so_and_stores_nothing(client, town, data):
    upload = SimpleUploadedFile("a.jpg", data, "image/jpeg")
    response = client.post("/raise/", {"body": BODY, "photos": [upload]})
    assert response.status_code == 422
    assert response.context["form"].errors["photos"]
    assert BODY in words(response)
    assert pending() == 0


def test_the_position_goes_out_of_the_photo(client, write):
    client.post("/raise/", {"body": BODY, "photos": [_located()]})
    write()
    submit(client)
    [row] = attachments()
    [case] = cases()
    shown = client.get(f"/matters/{case.number}/photos/{row.pk}/")
    data = b"".join(shown)
    assert data.startswith(b"\xff\xd8\xff")
    assert b"Exif" not in data
    assert b"owner-of-the-phone" not in data


def _located():
    return SimpleUploadedFile("home.jpg", located_photo(), "image/jpeg")


def test_anothers_draft_has_no_photos_here(client, town):
    client.post("/raise/", {"body": BODY, "photos": [photo()]})
    assert Client().get("/raise/photos/1/").status_code == 404
    assert client.get("/raise/photos/2/").status_code == 404


def test_saving_keeps_the_words_without_judging_them(client, town):
    assert client.post("/raise/", {"body": "", "act": "save"}).headers["Location"] == "/raise/"
    client.post("/raise/", {"body": "写了一半", "act": "save"})
    assert "存好了" in words(client.get("/raise/"))
    assert "接着写：写了一半" in words(client.get("/"))


def test_a_draft_is_forgotten_after_a_week_or_when_asked(client, town, clock):
    client.post("/raise/", {"body": "写了一半", "act": "save"})
    clock.move_to(NOON + timedelta(days=8))
    assert "写了一半" not in words(client.get("/raise/"))
    client.post("/raise/", {"body": "又写", "act": "save"})
    client.post("/raise/", {"act": "clear"})
    assert "又写" not in words(client.get("/raise/"))


def test_what_lies_in_the_session_is_sealed(client, write):
    write(contact="named", phone=PHONE, name="黎女士")
    kept = str(dict(client.session.items()))
    assert BODY not in kept
    assert PHONE not in kept
    assert "黎女士" not in kept


def test_the_later_steps_lead_back_to_what_is_missing(client, town):
    assert client.get("/raise/where/").headers["Location"] == "/raise/"
    assert client.get("/raise/check/").headers["Location"] == "/raise/"
    client.post("/raise/", {"body": BODY})
    assert client.get("/raise/check/").headers["Location"] == "/raise/where/"
    assert client.get("/raise/done/").headers["Location"] == "/follow/"


def test_without_a_community_the_second_step_asks_for_one_and_keeps_the_rest(client, town):
    client.post("/raise/", {"body": BODY})
    response = client.post("/raise/where/", {"contact": "unnamed", "place_text": "桥头"})
    assert response.status_code == 422
    assert "选一个村或社区" in words(response)
    assert 'value="桥头"' in words(client.get("/raise/where/"))


def test_another_community_is_chosen_without_losing_what_was_typed(client, write, town):
    write()
    response = client.post(
        "/raise/where/", {"act": "change", "contact": "unnamed", "place_text": "桥头"}
    )
    assert response.headers["Location"] == "/community/?for=raise"
    chosen = client.get(f"/c/{CODES[113]}/?for=raise")
    assert chosen.headers["Location"] == "/raise/where/"
    page = words(client.get("/raise/where/"))
    assert "坡社区" in page
    assert 'value="桥头"' in page
    client.post("/raise/where/", {"contact": "unnamed"})
    submit(client)
    assert [case.division_id for case in cases()] == [113]
    assert "南社区" in words(client.get("/"))


@pytest.mark.parametrize(
    ("phone", "sentence"),
    [
        ("", "请填手机号，或者选“不留姓名”。"),
        ("1990000041", "还差 1 位。"),
        ("199000004171", "多了 1 位。"),
        ("abc", "手机号里只能有数字"),
    ],
)
def test_whoever_wants_to_be_reached_gives_a_telephone(client, write, phone, sentence):
    response = write(contact="named", phone=phone, name="黎女士")
    assert response.status_code == 422
    assert sentence in words(response)
    assert 'value="黎女士"' in words(response)


def test_a_telephone_is_read_as_people_write_it(client, write):
    write(contact="named", phone="１９９ 0000-0417")
    submit(client)
    with scope(EVERYWHERE):
        assert CaseContact.objects.get().phone == PHONE


@pytest.mark.parametrize("contact", ["", "x", "named' OR 1=1"])
def test_a_forged_choice_of_contact_is_asked_again(client, write, contact):
    response = write(contact=contact, phone=PHONE)
    assert response.status_code == 422
    assert "选一个：留姓名和电话，还是不留姓名。" in words(response)


def test_the_promise_before_submitting_has_real_dates(client, write):
    """A Monday: one working day is Tuesday, five are Monday next; nobody knows the holidays."""
    write()
    page = words(client.get("/raise/check/"))
    assert "1 个工作日内，社区告诉您收没收下、归谁办，即 <b>明天 24:00 前</b>。" in page
    assert "像“公共设施坏了”这样的事，一般 <b>5 个工作日</b>内办好" in page
    assert "即 <b>3月9日 24:00 前</b>。节假日安排还没公布，可能顺延。" in page


def test_a_form_sent_twice_is_one_report(client, write):
    write()
    uuid = uuid_of(client)
    for _ in range(3):
        answer = client.post("/raise/check/", {"client_uuid": uuid})
        assert answer.headers["Location"] == "/raise/done/"
    [case] = cases()
    assert case.number in words(client.get("/raise/done/"))


def test_going_back_after_submitting_leads_to_the_receipt(client, write):
    write()
    submit(client)
    assert client.get("/raise/check/").headers["Location"] == "/raise/done/"


def test_a_replay_from_another_browser_gets_the_same_receipt(client, write):
    write()
    uuid = uuid_of(client)
    submit(client)
    other = Client()
    assert other.post("/raise/check/", {"client_uuid": uuid}).headers["Location"] == "/raise/done/"
    assert cases()[0].number in words(other.get("/raise/done/"))
    assert len(cases()) == 1


@pytest.mark.parametrize("uuid", ["", "x", "1484effd-fd6a-4802-895c-ac4c79bac689"])
def test_a_forged_number_of_the_form_submits_nothing(client, write, uuid):
    write()
    answer = client.post("/raise/check/", {"client_uuid": uuid})
    assert answer.headers["Location"] == "/raise/check/"
    assert cases() == []
    assert "还没有提交" in words(client.get("/raise/check/"))


def test_photos_that_waited_too_long_are_said_to_be_gone(client, write, clock):
    client.post("/raise/", {"body": BODY, "photos": [photo()]})
    write()
    uuid = uuid_of(client)
    clock.move_to(NOON + timedelta(hours=25))
    response = client.post("/raise/check/", {"client_uuid": uuid})
    assert response.status_code == 422
    assert "照片放得太久，已经清掉了" in words(response)
    assert cases() == []
    assert client.post("/raise/check/", {"client_uuid": uuid}).headers["Location"] == "/raise/done/"
    assert len(cases()) == 1


def test_too_many_reports_in_an_hour_are_held_back_and_kept(client, write):
    for _ in range(10):
        write()
        submit(client)
    write()
    response = submit(client)
    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0
    assert "试得太快了" in words(response)
    assert BODY in words(response)
    assert len(cases()) == 10


@pytest.mark.parametrize("text", [NASTY, "a\x00b' OR 1=1", "{{ 7|add:7 }}{% x %}", "𠮷😀 \u202e"])
def test_whatever_is_typed_comes_out_as_it_was(client, write, text):
    write(body=text, place_text=text, contact="named", name=text, phone=PHONE)
    plain = text.replace("\x00", "")
    submit(client)
    [case] = cases()
    assert (case.body, case.place_text) == (plain.strip(), plain.strip())
    with scope(EVERYWHERE):
        assert CaseContact.objects.get().name == plain.strip()
    shown = words(client.get(f"/matters/{case.number}/"))
    assert "<script>alert" not in shown
    if text == NASTY:
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown


def test_the_search_of_the_home_page_starts_a_report(client, town, lamps):
    answer = client.post("/raise/start/", {"body": "楼道灯坏了\x00"})
    assert answer.headers["Location"] == "/raise/"
    page = client.get("/raise/")
    assert "楼道灯坏了" in words(page)
    assert page.context["chips"]["suggested"] == lamps


def test_no_step_is_kept_by_a_cache_or_names_the_person_in_its_address(client, write):
    addresses = [write(contact="named", phone=PHONE).headers["Location"]]
    for page in ("/raise/", "/raise/where/", "/raise/check/"):
        assert "no-store" in client.get(page)["Cache-Control"], page
    addresses.append(submit(client).headers["Location"])
    assert addresses == ["/raise/check/", "/raise/done/"]


def test_each_step_asks_the_database_little(signed_in, django_assert_max_num_queries):
    signed_in.post("/raise/", {"body": BODY, "photos": [photo()]})
    signed_in.post("/raise/where/", {"contact": "named"})
    for page in ("/raise/", "/raise/where/", "/raise/check/"):
        with django_assert_max_num_queries(15):
            signed_in.get(page)
