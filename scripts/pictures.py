"""Makes the pictures of docs/pictures anew from a running demo.

    make up
    scripts/with-env.sh dev python scripts/pictures.py [http://localhost:8000] [name …]

Everything is done as a person does it, in Chromium; codes are read where a person reads them in
demo mode. One matter is raised on the way. A picture has few colours, so that the folder stays
small; `name` takes some of them only.
"""

import io
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

FOLDER = Path(__file__).parent.parent / "docs" / "pictures"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
]
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "has_touch": True,
    "is_mobile": True,
}
DESK = {"viewport": {"width": 1360, "height": 850}, "device_scale_factor": 1}
COLOURS = 255
LARGEST = 200_000
RESIDENT = "19900000417"
COMMUNITY = "/c/500103011014/"
Shot = Callable[["Studio"], Page]


class Studio:
    """A browser before a running demo; everybody signs in once."""

    def __init__(self, playwright: Playwright, site: str) -> None:
        path = shutil.which("chromium")
        self.browser: Browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        self.site = site
        self.pages: dict[str, Page] = {}

    def open(self, who: str) -> Page:
        """The page of one person: `resident`, `visitor`, `elder`, or an officer's number."""
        if who not in self.pages:
            self.pages[who] = self._sign_in(who)
        return self.pages[who]

    def visit(self, who: str, path: str) -> Page:
        page = self.open(who)
        page.goto(self.site + path)
        return page

    def find(self, who: str, words: str) -> str:
        """The path of the newest matter that says these words."""
        page = self.visit(who, f"/work/cases/?q={words}")
        path = page.locator("main a[href^='/work/cases/ZT-']").first.get_attribute("href")
        assert path, f"no matter says {words}"
        return path

    def _page(self, options: dict[str, object]) -> Page:
        context = self.browser.new_context(
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            service_workers="block",
            reduced_motion="reduce",
            **options,  # type: ignore[arg-type]
        )
        return context.new_page()

    def _sign_in(self, who: str) -> Page:
        if who in ("visitor", "elder"):
            return self._page(PHONE)
        if who == "resident":
            return self._resident()
        return self._officer(who)

    def _resident(self) -> Page:
        page = self._page(PHONE)
        page.goto(f"{self.site}/signin/")
        page.locator("#id_phone").fill(RESIDENT)
        page.get_by_role("button", name="把数字发给我").click()
        messages = self._page(DESK)
        messages.goto(f"{self.site}/dev/messages/")
        found = re.search(r"\b\d{6}\b", messages.locator("main").inner_text())
        assert found, "no code at /dev/messages/"
        messages.context.close()
        page.locator("#id_code").fill(found.group())
        page.get_by_role("button", name="登录", exact=True).click()
        page.wait_for_url(lambda url: "/signin" not in url)
        return page

    def _officer(self, number: str) -> Page:
        page = self._page(DESK)
        page.goto(f"{self.site}/dev/logins/")
        password = page.locator("p code").first.inner_text()
        page.goto(f"{self.site}/work/signin/")
        page.locator("[name=username]").fill(number)
        page.locator("[name=password]").fill(password)
        page.locator("form button").first.click()
        page.locator("[name=code]").wait_for()
        codes = self._page(DESK)
        codes.goto(f"{self.site}/dev/logins/")
        page.locator("[name=code]").fill(codes.locator(f"[data-code={number}]").inner_text())
        codes.context.close()
        page.locator("form button").first.click()
        page.wait_for_url(lambda url: "/signin" not in url)
        return page


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
