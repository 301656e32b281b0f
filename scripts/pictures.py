"""Makes the pictures of docs/pictures anew from a running demo.

    make up
    scripts/with-env.sh dev python manage.py train_triage
    scripts/with-env.sh dev python -m scripts.pictures [http://localhost:8000] [name …]

Everything is done as a person does it, in Chromium; codes are read where a person reads them in
demo mode. Some matters are raised on the way. A picture has few colours, so that the folder stays
small; `name` takes some of them only.
"""

import io
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from scripts import pictures_of_more
from scripts.studio import Shot, Studio

FOLDER = Path(__file__).parent.parent / "docs" / "pictures"
COLOURS = 255
LARGEST = 200_000
COMMUNITY = "/c/500103011014/"


def home(studio: Studio) -> Page:
    studio.visit("resident", COMMUNITY)
    return studio.visit("resident", "/")


def elder(studio: Studio) -> Page:
    studio.visit("elder", COMMUNITY)
    return studio.visit("elder", "/?mode=elder")


def raise_what(studio: Studio) -> Page:
    studio.visit("resident", COMMUNITY)
    page = studio.visit("resident", "/raise/")
    again = page.get_by_role("button", name="重新写")
    if again.is_visible():
        again.click()
    page.locator("#id_body").fill("")
    page.locator("#id_body").fill("单元门口的路灯不亮，晚上老人出门看不清台阶。")
    page.locator("#cats input:checked").wait_for(state="attached")
    return page


def raise_where(studio: Studio) -> Page:
    page = raise_what(studio)
    page.get_by_role("button", name="下一步：在哪里").click()
    page.locator("#id_place_text").fill("人和街 41 号 2 单元门口")
    page.get_by_text("留姓名和电话", exact=False).first.click()
    return page


def raise_check(studio: Studio) -> Page:
    page = raise_where(studio)
    page.get_by_role("button", name="下一步：核对").click()
    page.locator(".review").wait_for()
    return page


def raise_done(studio: Studio) -> Page:
    page = raise_check(studio)
    page.get_by_role("button", name="提交", exact=True).click()
    page.locator(".ticket").wait_for()
    return page


def _own_matter(studio: Studio, words: str) -> Page:
    page = studio.visit("resident", "/matters/")
    page.locator("main a.item", has_text=words).first.click()
    page.locator(".case__head").wait_for()
    return page


def matter(studio: Studio) -> Page:
    return _own_matter(studio, "烧烤店")


def rate(studio: Studio) -> Page:
    page = _own_matter(studio, "楼道灯")
    page.locator("#rate").scroll_into_view_if_needed()
    return page


def viewers(studio: Studio) -> Page:
    studio.visit("sq01", studio.find("sq01", "烧烤店"))
    return studio.visit("resident", "/me/viewers/")


def follow(studio: Studio) -> Page:
    return studio.visit("visitor", "/follow/")


def help_page(studio: Studio) -> Page:
    studio.visit("visitor", COMMUNITY)
    return studio.visit("visitor", "/help/")


def today(studio: Studio) -> Page:
    page = studio.visit("sq01", "/work/")
    page.locator("main table a.strong", has_text="井盖").first.click()
    page.locator(".peek h2").wait_for()
    return page


def _deed(who: str, words: str, name: str) -> Shot:
    def take(studio: Studio) -> Page:
        return studio.visit(who, f"{studio.find(who, words)}do/{name}/")

    return take


def _after(who: str, words: str, first: str, then: str) -> Shot:
    """One deed done, so that the form of the next can be shown."""

    def take(studio: Studio) -> Page:
        path = studio.find(who, words)
        page = studio.visit(who, f"{path}do/{first}/")
        if page.locator(".drawer__foot button").is_visible():
            page.locator(".drawer__foot button").click()
        return studio.visit(who, f"{path}do/{then}/")

    return take


def reply(studio: Studio) -> Page:
    page = _after("zf01", "烧烤店", "sign", "reply")(studio)
    page.get_by_text("已解决", exact=True).last.click()
    answer = "已责令店家清洗油烟净化器，晚上 9 点后不得占道摆放。连续三晚复查，没有再犯。"
    page.locator("#id_answer").fill(answer)
    return page


def supervise(studio: Studio) -> Page:
    page = _deed("jd01", "电动车", "supervise")(studio)
    page.locator("#id_reason").fill(
        "楼道充电有火险。请今天先断电、劝离，再说明什么时候装好充电口。"
    )
    return page


def case(studio: Studio) -> Page:
    return studio.visit("sq01", studio.find("sq01", "烧烤店"))


def contact(studio: Studio) -> Page:
    return studio.visit("sq01", f"{studio.find('sq01', '围墙')}contact/")


def register(studio: Studio) -> Page:
    page = studio.visit("sq01", "/work/register/")
    page.locator("#id_body").fill("9 号院的健身器材踏板断了，小孩容易卡脚，想请人来修。")
    return page


def _board(who: str, *ways: str) -> Shot:
    def take(studio: Studio) -> Page:
        page = studio.visit(who, "/work/board/?period=quarter")
        for way in ways:
            page.get_by_role("link", name=way, exact=True).first.click()
        return page

    return take


def _page(who: str, path: str) -> Shot:
    return lambda studio: studio.visit(who, path)


SHOTS: dict[str, Shot] = {
    "home": home,
    "elder": elder,
    "raise-what": raise_what,
    "raise-where": raise_where,
    "raise-check": raise_check,
    "raise-done": raise_done,
    "matter": matter,
    "rate": rate,
    "viewers": viewers,
    "follow": follow,
    "help": help_page,
    "today": today,
    "triage": _deed("sq01", "井盖", "triage"),
    "dispatch": _deed("sq01", "围墙", "dispatch"),
    "case": case,
    "contact": contact,
    "visit": _after("sq02", "地下车库", "review", "visit"),
    "register": register,
    "reply": reply,
    "supervise": supervise,
    "board": _board("qx01"),
    "board-street": _board("qx01", "大溪沟街道"),
    "posts": _page("aq01", "/work/posts/"),
    "audit": _page("sx01", "/work/audit/"),
    "categories": _page("xt01", "/work/categories/"),
    **pictures_of_more.SHOTS,
}


def keep(page: Page, name: str) -> int:
    """Few colours, chosen so that rare ones stay what they are. Returns the size in bytes."""
    page.wait_for_load_state("networkidle")
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    few = picture.quantize(COLOURS, Image.Quantize.MAXCOVERAGE, kmeans=2, dither=Image.Dither.NONE)
    path = FOLDER / f"{name}.png"
    few.save(path, "PNG", optimize=True)
    return path.stat().st_size


def main(site: str = "http://localhost:8000", *names: str) -> None:
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        studio = Studio(playwright, site.rstrip("/"))
        for name in names or SHOTS:
            print(name, keep(SHOTS[name](studio), name))


if __name__ == "__main__":
    main(*sys.argv[1:])
