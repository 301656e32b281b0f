"""常用筛选 over HTTP, without scripts: save, use, order, share, delete and take back."""

import pytest

from tests.casework import enforcement, lamps, pack, places, raised
from tests.web.desks import at_most, at_noon, desk, part
from yukuai.cases.models import SavedFilter
from yukuai.kernel.scope import EVERYWHERE, scope

__all__ = ["at_noon", "desk", "enforcement", "lamps", "pack", "places", "raised"]
pytestmark = pytest.mark.django_db
LIST, FILTERS, SAVE = "/work/cases/", "/work/filters/", "/work/filters/save/"


def save(client, name="没办完的路灯", query="state=open&q=路灯"):
    return client.post(f"{SAVE}?{query}", {"name": name})


def kept():
    with scope(EVERYWHERE):
        return list(SavedFilter.objects.order_by("pk"))


def chips(page):
    html = page.content.decode()
    return part(html, '<nav class="quick"') if '<nav class="quick"' in html else ""


def press(client, row, act):
    return client.post(f"{FILTERS}{row.pk}/{act}/", follow=True)


def test_a_filter_is_saved_from_the_list_and_stands_above_it_and_in_today(desk, raised):
    lamp = raised(body="路灯不亮。")
    raised(body="井盖坏了。")
    clerk = desk("clerk")
    page = clerk.get(f"{SAVE}?state=open&q=路灯").content.decode()
    assert "没办完的" in page
    assert "路灯" in page
    answer = save(clerk)
    assert answer.status_code == 302
    shown = clerk.get(answer["Location"])
    assert [row.case.number for row in shown.context["rows"]] == [lamp.number]
    assert 'aria-current="true">没办完的路灯' in chips(shown)
    assert "没办完的路灯" in chips(clerk.get("/work/"))
    [chip] = shown.context["chips"]
    assert [r.case.number for r in clerk.get(chip.url).context["rows"]] == [lamp.number]


def test_a_kept_filter_with_a_removed_category_still_opens_and_says_so(desk, raised, lamps):
    case = raised()
    clerk = desk("clerk")
    save(clerk, "路灯类", f"category={lamps.pk}&state=open&colour=red")
    assert kept()[0].query == {"category": str(lamps.pk), "state": "open"}
    lamps.active = False
    lamps.save()
    [chip] = clerk.get(LIST).context["chips"]
    page = clerk.get(chip.url)
    assert [row.case.number for row in page.context["rows"]] == [case.number]
    assert "“类别”里的内容现在认不出来，下面没有按它筛。" in page.content.decode()


def test_filters_are_ordered_renamed_shared_deleted_and_taken_back(desk, places, pack):
    clerk, colleague = desk("clerk"), desk("colleague")
    for name in ("甲", "乙"):
        save(clerk, name)
    first, second = kept()
    press(clerk, second, "up")
    assert [c.name for c in clerk.get(LIST).context["chips"]] == ["乙", "甲"]
    clerk.post(f"{FILTERS}{first.pk}/rename/", {"name": "丙"})
    press(clerk, first, "share")
    [chip] = colleague.get(LIST).context["chips"]
    assert (chip.name, chip.of_a_colleague) == ("丙", True)
    page = press(clerk, first, "remove")
    assert "删掉了：丙。" in page.content.decode()
    assert [c.name for c in clerk.get(LIST).context["chips"]] == ["乙"]
    assert colleague.get(LIST).context["chips"] == []
    assert "放回来了：丙。" in press(clerk, first, "restore").content.decode()
    assert [c.name for c in clerk.get(LIST).context["chips"]] == ["乙", "丙"]


def test_somebody_elses_filter_does_not_exist(desk, places, pack):
    clerk, neighbour = desk("clerk"), desk("neighbour")
    save(clerk)
    [row] = kept()
    for act in ("up", "share", "remove", "restore"):
        assert neighbour.post(f"{FILTERS}{row.pk}/{act}/").status_code == 404, act
    assert neighbour.post(f"{FILTERS}{row.pk}/rename/", {"name": "x"}).status_code == 404
    assert neighbour.get(f"{FILTERS}?removed={row.pk}").context["removed"] is None
    assert [(one.name, one.desk, one.removed_at) for one in kept()] == [(row.name, "", None)]


@pytest.mark.parametrize("name", ["", "字" * 21, "没办完的路灯"])
def test_a_name_that_cannot_be_used_is_asked_for_again_with_what_was_typed(desk, pack, name):
    clerk = desk("clerk")
    save(clerk)
    page = save(clerk, name)
    assert page.status_code == 422
    assert page.context["form"]["name"].value() == name
    assert len(kept()) == 1


def test_an_unknown_step_and_a_look_change_nothing(desk, pack):
    clerk = desk("clerk")
    save(clerk)
    [row] = kept()
    assert clerk.post(f"{FILTERS}{row.pk}/explode/").status_code == 404
    assert clerk.get(f"{FILTERS}{row.pk}/remove/").status_code == 405
    assert kept()[0].removed_at is None


def test_the_page_of_filters_asks_little_and_an_empty_one_says_what_to_do(desk, pack):
    clerk = desk("clerk")
    assert "还没有存过筛选" in clerk.get(FILTERS).content.decode()
    for n in range(20):
        save(clerk, f"第 {n} 个")
    assert "最多存 20 个" in save(clerk, "多的").content.decode()
    with at_most(12):
        clerk.get(FILTERS)
