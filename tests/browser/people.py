"""The people of a journey, each in a browser of his own, doing what a person would do."""

import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

COMMUNITY = "500103011014"
"""人民村社区, 大溪沟街道, 渝中区: real, with demo staff."""
DRAWER = ".drawer"


SIGNED_UP: set[tuple[str, str]] = set()
"""Site and telephone of each resident: a telephone is sent one code a minute."""


class Resident:
    def __init__(self, page: Page, site: str, telephone: str) -> None:
        self.page, self.site, self.telephone = page, site, telephone

    def sign_in(self) -> None:
        page, me = self.page, (self.site, self.telephone)
        assert me not in SIGNED_UP, "give each journey a resident with a telephone of his own"
        SIGNED_UP.add(me)
        page.goto(f"{self.site}/signin/")
        page.get_by_label("手机号").fill(self.telephone)
        page.get_by_role("button", name="把数字发给我").click()
        page.get_by_label(re.compile("6 位数字")).fill(self._code())
        page.get_by_role("button", name="登录", exact=True).click()
        expect(page).not_to_have_url(re.compile("/signin/"))

    def _code(self) -> str:
        """Where a person reads it in demo mode: the newest text to him with a code in it."""
        other = self.page.context.new_page()
        other.goto(f"{self.site}/dev/messages/")
        mine = other.locator("li", has=other.locator(".num", has_text=self.telephone[-4:]))
        text = mine.filter(has_text="验证码").first.inner_text()
        other.close()
        found = re.search(r"\b(\d{6})\b", text)
        assert found is not None
        return found[1]

    def raise_matter(self, words: str, place: str, *, photo: Path | None = None) -> str:
        """The three steps; returns the number on the receipt."""
        page = self.page
        page.goto(f"{self.site}/c/{COMMUNITY}/")
        page.goto(f"{self.site}/raise/")
        page.locator("textarea[name=body]").fill(words)
        if photo is not None:
            page.locator("input[type=file]").set_input_files(photo)
        page.get_by_role("button", name="下一步：在哪里").click()
        page.locator("[name=place_text]").fill(place)
        page.get_by_text("留姓名和电话", exact=False).first.click()
        page.get_by_role("button", name="下一步：核对").click()
        expect(page.get_by_text(place).first).to_be_visible()
        page.get_by_role("button", name="提交", exact=True).click()
        expect(page.get_by_role("heading", name="收到了")).to_be_visible()
        found = re.search(r"ZT-\d{4}-\d{6}", page.locator("main").inner_text())
        assert found is not None
        return found[0]

    def open_matter(self, number: str) -> None:
        self.page.goto(f"{self.site}/matters/{number}/")

    def rate(self, number: str, *, solved: str, satisfied: str) -> None:
        self.open_matter(number)
        card = self.page.locator(".rate, form:has([name=solved])").first
        card.locator("[name=contacted]").first.check(force=True)
        card.locator(f"[name=solved][value={solved}]").check(force=True)
        card.locator(f"[name=satisfied][value={satisfied}]").check(force=True)
        card.get_by_role("button", name=re.compile("提交评价")).click()


SIGNED_IN: dict[tuple[str, str], Any] = {}
"""Cookies by site and officer: a code is good for one sign-in in thirty seconds."""


class Officer:
    def __init__(self, page: Page, site: str, username: str) -> None:
        self.page, self.site, self.username = page, site, username

    def sign_in(self) -> None:
        """The first time as a person does it; after that with the same session, while it holds."""
        if known := SIGNED_IN.get((self.site, self.username)):
            self.page.context.add_cookies(known)
            self.page.goto(f"{self.site}/work/")
            if "/signin" not in self.page.url:
                return
        self._sign_in()
        SIGNED_IN[self.site, self.username] = self.page.context.cookies()

    def _sign_in(self) -> None:
        page = self.page
        password, _ = self._demo_login()
        page.goto(f"{self.site}/work/signin/")
        page.locator("[name=username]").fill(self.username)
        page.locator("[name=password]").fill(password)
        page.get_by_role("button", name="下一步").click()
        used = ""
        while "/work/signin/" in page.url:
            used = self._enter_code(used)
        expect(page).to_have_url(re.compile(r"/work/(?!signin)"))

    def _enter_code(self, used: str) -> str:
        """A code is good once: whoever signed in a moment ago waits for the next one."""
        _, code = self._demo_login()
        if code == used:
            self.page.wait_for_timeout(500)
            return used
        self.page.locator("[name=code]").fill(code)
        self.page.get_by_role("button", name="登录", exact=True).click()
        self.page.wait_for_load_state()
        return code

    def _demo_login(self) -> tuple[str, str]:
        other = self.page.context.new_page()
        other.goto(f"{self.site}/dev/logins/")
        password = other.get_by_text("密码都是").locator("code").inner_text()
        code = other.locator(f"[data-code={self.username}]").inner_text()
        other.close()
        return password, code

    def open_case(self, number: str) -> Page:
        self.page.goto(f"{self.site}/work/cases/{number}/")
        return self.page

    def do(self, number: str, move: str, /, **fields: str) -> None:
        """Open the move from the case page, fill the drawer, press its button."""
        page = self.open_case(number)
        page.locator(f'a[href$="/do/{move}/"]').first.click()
        drawer = page.locator(DRAWER)
        expect(drawer).to_be_visible()
        for name, value in fields.items():
            field = drawer.locator(f"[name={name}]").first
            if field.get_attribute("type") in ("radio", "checkbox"):
                drawer.locator(f'[name={name}][value="{value}"]').first.check(force=True)
            else:
                field.fill(value)
        drawer.locator(".drawer__foot button.btn").last.click()
        expect(page.locator(f'{DRAWER} form[action$="/do/{move}/"]')).to_have_count(0)

    def dispatch(self, number: str, unit: str) -> None:
        """Choose the unit in the tree by its name."""
        page = self.open_case(number)
        page.locator('a[href$="/do/dispatch/"]').first.click()
        drawer = page.locator(DRAWER)
        drawer.locator(".tree__row", has_text=unit).first.click()
        drawer.locator(".drawer__foot button.btn--primary").click()
        expect(page.locator(DRAWER)).to_have_count(0)

    def board(self, place: str = "") -> dict[str, str]:
        """The five figures by their labels."""
        self.page.goto(f"{self.site}/work/board/{place}")
        stats = self.page.locator(".strip .stat")
        return {
            stat.locator(".stat__l").inner_text(): stat.locator(".stat__n").inner_text()
            for stat in stats.all()
        }
