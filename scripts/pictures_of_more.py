"""Pictures of the pages for several hands, several matters and many numbers; see pictures.py."""

import re

from playwright.sync_api import Page

from scripts.studio import Shot, Studio

COMMUNITY = "/c/500103011014/"
RULE = "夜市油烟先交执法队"
NOBODY = "https://127.0.0.1:9"
"""Where nothing listens, as when the other side is closed."""
FILTER = "大事，没办完"


def nearby(studio: Studio) -> Page:
    """Up to the third step of a neighbour, who saw what somebody else has told already."""
    studio.visit("neighbour", COMMUNITY)
    page = studio.visit("neighbour", "/raise/")
    again = page.get_by_role("button", name="重新写")
    if again.is_visible():
        again.click()
    page.locator("#id_body").fill("")
    page.locator("#id_body").fill("门口井盖松了，车一过就响，怕有人踩空。")
    page.locator("#cats input:checked").wait_for(state="attached")
    page.get_by_role("button", name="下一步：在哪里").click()
    page.locator("#id_place_text").fill("华福巷口")
    page.get_by_role("button", name="下一步：核对").click()
    page.locator("#nearby").wait_for()
    page.locator("#nearby").scroll_into_view_if_needed()
    return page


def followed(studio: Studio) -> Page:
    page = nearby(studio)
    page.locator("#nearby").get_by_role("button", name="我也遇到了").first.click()
    page.wait_for_url("**/followed/*/")
    return page


def similar(studio: Studio) -> Page:
    """The same cover told once more at the counter: the page of it says what it resembles."""
    page = studio.visit("sq01", "/work/register/")
    page.locator("[name=source]").first.check(force=True)
    page.locator("#id_body").fill("华福巷口井盖松了，车一过就响。")
    page.locator("[name=place_text]").fill("华福巷口")
    page.locator("[name=anonymous]").check(force=True)
    page.get_by_role("button", name="记下来，出回执").click()
    page.get_by_text("查询码").first.wait_for()
    studio.visit("sq01", studio.find("sq01", "华福巷口"))
    page.locator("#similar a", has_text="并入").first.click()
    page.locator(".drawer").wait_for()
    return page


def split(studio: Studio) -> Page:
    page = studio.visit("sq01", f"{studio.find('sq01', '围墙')}do/split_at_desk/")
    shares = (("请专业单位鉴定，搭支撑，加固。", "major"), ("拉好警戒带，放学时有人守。", "minor"))
    for place, (body, triage) in enumerate(shares, 1):
        page.locator(f"[name=body_{place}]").fill(body)
        page.locator(f'[name=triage_{place}][value="{triage}"]').check(force=True)
    page.locator("[name=body_1]").evaluate("field => field.scrollIntoView({block: 'center'})")
    return page


def rule_trial(studio: Studio) -> Page:
    page = studio.visit("jd01", "/work/rules/new/")
    page.locator("[name=name]").fill(RULE)
    page.locator("[name=terms]").fill("油烟 烧烤")
    page.locator("[name=triage]").select_option(label="大事")
    page.locator("[name=target][value=unit]").check(force=True)
    option = page.locator("[name=unit] option", has_text="综合行政执法大队").first
    page.locator("[name=unit]").select_option(option.get_attribute("value"))
    page.locator("[name=reason]").fill("夜市油烟常常先派到城市管理办又退回来。")
    page.get_by_role("button", name="存成草稿").click()
    page.get_by_role("link", name="试一遍", exact=True).click()
    page.get_by_role("button", name="试一遍", exact=True).click()
    page.get_by_role("heading", name="会怎样").wait_for()
    return page


def filters(studio: Studio) -> Page:
    """The list with what somebody filters by every day, kept."""
    page = studio.visit("jd01", "/work/cases/?state=open&triage=major")
    if page.get_by_role("link", name="存下这个筛选").is_visible():
        page.get_by_role("link", name="存下这个筛选").click()
        page.get_by_label("名字").fill(FILTER)
        page.get_by_role("button", name="存下来").click()
    return studio.visit("jd01", "/work/cases/?state=open&triage=major")


def export(studio: Studio) -> Page:
    page = studio.visit("jd01", "/work/exports/new/?state=open&triage=major")
    page.get_by_label("导出做什么用").fill("街道周调度会用，看哪些大事还没办完。")
    return page


def callbacks(studio: Studio) -> Page:
    path = studio.find("sq02", "地下车库")
    page = studio.visit("sq02", f"{path}do/review/")
    if page.locator(".drawer__foot button").is_visible():
        page.locator(".drawer__foot button").click()
    return studio.visit("sq02", "/work/callbacks/")


def exchange_dead(studio: Studio) -> Page:
    """A system that does not answer, and a matter on its way to it that could not be brought."""
    page = studio.visit("jd01", "/work/exchange/new/")
    page.get_by_label("名称").fill("街道综治平台")
    page.locator("[name=code]").fill("jd-zongzhi")
    page.get_by_label("地址", exact=True).fill(NOBODY)
    page.locator("[name=keeper]").fill("街道综治中心值班室")
    page.locator("summary", has_text="接口怎么走").click()
    page.locator("[name=retry_seconds]").fill("1")
    page.get_by_role("button", name="接入，出密钥").click()
    page.get_by_role("link", name="记好了，去看这个系统").click()
    page.get_by_role("link", name="选部门").click()
    page.get_by_label(re.compile("综合行政执法大队")).check(force=True)
    page.get_by_role("button", name="保存").click()
    page = studio.visit("jd01", f"{studio.find('jd01', '电动车')}do/send_outside/")
    page.locator("[name=system]").select_option(label="街道综治平台")
    page.locator("[name=reason]").fill("消防由街道综治平台统一调度。")
    page.locator(".drawer__foot button.btn").last.click()
    page.locator(".drawer").wait_for(state="detached")
    for _ in range(90):
        studio.visit("jd01", "/work/exchange/dead/")
        if page.get_by_text("ZT-").count():
            break
        page.wait_for_timeout(1000)
    return page


def dispute(studio: Studio) -> Page:
    page = studio.visit("tj01", "/work/disputes/")
    page.locator("main table a.strong").first.click()
    page.locator("h1").wait_for()
    return page


def mediation(studio: Studio) -> Page:
    page = studio.visit("resident", "/mediation/")
    page.locator("main a.item").first.click()
    return page


def case_map(studio: Studio) -> Page:
    page = studio.visit("qx01", "/work/map/")
    page.locator("[data-legend-title]", has_text="件").wait_for()
    page.wait_for_load_state("networkidle")
    return page


def register_plan(studio: Studio) -> Page:
    page = studio.visit("sq01", "/work/registry/")
    page.get_by_role("link", name="看楼栋图").click()
    page.get_by_role("link", name="3栋").click()
    page.locator("a.room").first.wait_for()
    return page


def register_person(studio: Studio) -> Page:
    """Somebody of whom two sources say different things."""
    page = studio.visit("sq01", "/work/registry/")
    page.get_by_role("link", name="两种说法对不上").click()
    page.locator("main table a.strong").first.click()
    page.locator(".table--facts").wait_for()
    return page


def _draft(studio: Studio) -> Page:
    """The township draws its communities: a draft of before, or a new one."""
    page = studio.visit("jd01", "/work/lines/")
    known = page.locator('main a[href*="/work/lines/JX-"]')
    (known if known.count() else page.get_by_role("button", name="开始画")).first.click()
    page.get_by_role("link", name="在地图上画").wait_for()
    return page


def lines_draft(studio: Studio) -> Page:
    return _draft(studio)


def lines_desk(studio: Studio) -> Page:
    page = _draft(studio)
    page.get_by_role("link", name="在地图上画").click()
    page.get_by_text("要画的地方").wait_for()
    page.wait_for_load_state("networkidle")
    return page


def election(studio: Studio) -> Page:
    page = studio.visit("xw01", "/work/elections/")
    page.locator("main table a").first.click()
    page.get_by_text("距选举日").wait_for()
    return page


def election_notice(studio: Studio) -> Page:
    page = election(studio)
    page.get_by_role("link", name=re.compile("选字第4号")).first.click()
    page.get_by_text("贴在哪里").wait_for()
    return page


def election_candidates(studio: Studio) -> Page:
    page = studio.visit("xw02", "/work/elections/")
    page.locator("main table a").first.click()
    page.get_by_role("link", name="正式候选人和见面会").click()
    page.get_by_text("选票也按这个次序").wait_for()
    return page


def election_open(studio: Studio) -> Page:
    studio.visit("neighbour", "/c/500103011018/")
    return studio.visit("neighbour", "/elections/")


def _page(who: str, path: str) -> Shot:
    return lambda studio: studio.visit(who, path)


SHOTS: dict[str, Shot] = {
    "statistics": _page("qx01", "/work/statistics/?period=quarter&by=time"),
    "map": case_map,
    "roster": _page("sq01", "/work/roster/"),
    "handover": _page("sq01", "/work/handover/"),
    "callbacks": callbacks,
    "search": _page("jd01", "/work/search/?q=楼道"),
    "filters": filters,
    "export": export,
    "nearby": nearby,
    "followed": followed,
    "similar": similar,
    "split": split,
    "rule-trial": rule_trial,
    "dispute": dispute,
    "mediation": mediation,
    "exchange-dead": exchange_dead,
    "lines-draft": lines_draft,
    "lines-desk": lines_desk,
    "register-plan": register_plan,
    "register-person": register_person,
    "my-record": _page("resident", "/me/record/"),
    "election": election,
    "election-notice": election_notice,
    "election-open": election_open,
    "election-candidates": election_candidates,
    "election-review": _page("bm02", "/work/reviews/"),
    "learned": _page("xt01", "/work/categories/learned/"),
}
