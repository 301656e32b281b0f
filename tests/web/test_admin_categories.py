"""事项类别: one dictionary for the city, with the words that suggest, and the urgent ones."""

import pytest

from tests.casework import lamps
from tests.web.admin_offices import acts, at_noon, places, window, words
from tests.web.desks import at_most
from yukuai.cases.models import Category, UrgentWord

__all__ = ["at_noon", "lamps", "places", "window"]
pytestmark = pytest.mark.django_db
LIST = "/work/categories/"
TYPED = {
    "code": "0501",
    "name": "道路照明",
    "plain_name": "路灯不亮",
    "terms": "路灯 灯坏\n灯坏、楼道灯",
    "triage": "minor",
    "why": "小区公共设施，由社区牵头。",
    "department_kind": "城市管理",
    "order": "30",
    "active": "on",
    "reason": "居民常说",
}


@pytest.fixture
def system(window):
    return window("system")


@pytest.fixture
def fire(db):
    return UrgentWord.objects.create(word="起火", number="119", source="test")


def test_the_list_shows_words_and_suggestion_also_of_what_is_out_of_use(system, lamps):
    Category.objects.create(
        code="99", name="旧类", plain_name="旧", words=["旧词"], source="test", active=False
    )
    shown = words(system.get(LIST))
    for word in (lamps.name, *lamps.words, "旧类", "旧词", "停用"):
        assert word in shown


def test_a_new_category_suggests_by_its_words(system):
    assert system.post(f"{LIST}new/", TYPED).headers["Location"] == LIST
    made = Category.objects.get(code="0501")
    assert made.words == ["路灯", "灯坏", "楼道灯"]
    assert (made.triage, made.active) == ("minor", True)
    [entry] = acts("category.save")
    assert (entry.area, entry.details["reason"]) == ("1.", "居民常说")


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"code": ""}, "请填代码"),
        ({"code": "12345678901"}, "填一个代码"),
        ({"name": "长" * 31}, "写 1 到 30 个字"),
        ({"triage": "huge"}, "选一个"),
        ({"order": "很前"}, "请填 0 到 9999 的数字"),
        ({"order": "99999"}, "请填 0 到 9999 的数字"),
        ({"reason": " "}, "写明为什么改"),
    ],
)
def test_a_refused_category_is_not_made_and_the_form_keeps_the_rest(system, said, sentence):
    response = system.post(f"{LIST}new/", {**TYPED, **said})
    assert response.status_code == 422
    assert sentence in words(response)
    assert "路灯不亮" in words(response)
    assert Category.objects.count() == 0


def test_a_code_is_given_once(system):
    system.post(f"{LIST}new/", TYPED)
    again = system.post(f"{LIST}new/", {**TYPED, "name": "另一类"})
    assert again.status_code == 422
    assert "换一个代码" in words(again)
    assert Category.objects.get().name == "道路照明"


def test_editing_keeps_the_code_and_what_was_not_touched(system):
    system.post(f"{LIST}new/", TYPED)
    made = Category.objects.get()
    form = system.get(f"{LIST}{made.pk}/").context["form"]
    assert "code" not in form.fields
    typed = {name: form[name].value() for name in form.fields if name != "reason"}
    changed = {k: v for k, v in typed.items() if v} | {"name": "路灯", "reason": "说法统一"}
    assert system.post(f"{LIST}{made.pk}/", changed).status_code == 302
    made.refresh_from_db()
    assert (made.code, made.name, made.plain_name) == ("0501", "路灯", "路灯不亮")
    assert made.words == ["路灯", "灯坏", "楼道灯"]
    assert (made.order, made.active) == (30, True)


def test_an_urgent_word_comes_and_goes_with_a_reason(system):
    typed = {"word": "煤气泄漏", "number": "119", "reason": "新增"}
    assert system.post(f"{LIST}words/new/", typed).status_code == 302
    assert "煤气泄漏" in words(system.get(LIST))
    address = f"{LIST}words/煤气泄漏/remove/"
    assert "不再显示 119 火警" in words(system.get(address))
    assert system.post(address, {"reason": ""}).status_code == 422
    assert UrgentWord.objects.count() == 1
    assert system.post(address, {"reason": "误报太多"}).status_code == 302
    assert UrgentWord.objects.count() == 0
    assert [e.target for e in acts("category.add-word")] == ["煤气泄漏 119"]
    [removed] = acts("category.remove-word")
    assert (removed.area, removed.details["reason"]) == ("1.", "误报太多")


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"word": "火"}, "2 到 20 个字"),
        ({"word": "火" * 21}, "2 到 20 个字"),
        ({"word": "起火"}, "已经在表里了"),
        ({"word": "../火"}, "只用汉字、字母和数字"),
        ({"number": "12345"}, "请选一个电话"),
        ({"reason": ""}, "写明为什么加"),
    ],
)
def test_a_refused_word_is_not_added(system, fire, said, sentence):
    typed = {"word": "着火", "number": "119", "reason": "新增", **said}
    response = system.post(f"{LIST}words/new/", typed)
    assert response.status_code == 422
    assert sentence in words(response)
    assert UrgentWord.objects.count() == 1


def test_a_word_that_is_not_there_cannot_be_removed(system, fire):
    assert system.post(f"{LIST}words/没有/remove/", {"reason": "x"}).status_code == 404
    assert UrgentWord.objects.count() == 1


def test_a_district_reads_the_dictionary_and_leaves_it_alone(window, fire, lamps):
    south = window("system-south")
    shown = words(south.get(LIST))
    assert "您可以看，不能改" in shown
    assert f"{LIST}new/" not in shown
    for address, typed in {
        f"{LIST}new/": TYPED,
        f"{LIST}{lamps.pk}/": TYPED,
        f"{LIST}words/new/": {"word": "着火", "number": "119", "reason": "新增"},
        f"{LIST}words/起火/remove/": {"reason": "试试"},
    }.items():
        assert south.post(address, typed).status_code == 403, address
    assert Category.objects.get().name == lamps.name
    assert UrgentWord.objects.get().word == "起火"
    assert acts("category.save") == []


def test_the_pages_cost_little(system, fire, lamps):
    for address in ("", "new/", f"{lamps.pk}/", "words/new/", "words/起火/remove/"):
        with at_most(15):
            system.get(LIST + address)
