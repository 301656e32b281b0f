"""A browser before a running demo, for the pictures: everybody in it signs in as a person does."""

import re
import shutil
from collections.abc import Callable

from playwright.sync_api import Browser, Page, Playwright

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
RESIDENTS = {"resident": "19900000417", "neighbour": "19900000520"}


class Studio:
    """A browser before a running demo; everybody signs in once."""

    def __init__(self, playwright: Playwright, site: str) -> None:
        path = shutil.which("chromium")
        self.browser: Browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        self.site = site
        self.pages: dict[str, Page] = {}

    def open(self, who: str) -> Page:
        """The page of one person: `visitor`, `elder`, one of RESIDENTS, or an officer's number."""
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
        if who in RESIDENTS:
            return self._resident(RESIDENTS[who])
        return self._officer(who)

    def _resident(self, telephone: str) -> Page:
        page = self._page(PHONE)
        page.goto(f"{self.site}/signin/")
        page.locator("#id_phone").fill(telephone)
        page.get_by_role("button", name="把数字发给我").click()
        messages = self._page(DESK)
        messages.goto(f"{self.site}/dev/messages/")
        text = messages.locator("li", has_text="验证码").first.inner_text()
        found = re.search(r"\b\d{6}\b", text)
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


Shot = Callable[[Studio], Page]
