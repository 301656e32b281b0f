"""一口受理，一口反馈: the whole story of a matter, and what every level sees of it."""

import re
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.conftest import DESK, PHONE
from tests.browser.people import Officer, Resident

SQUAD = "综合行政执法大队"
ANSWER = "已责令店家清洗油烟净化器，晚上复查没有再犯。"


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "楼道.jpg"
    Image.new("RGB", (1200, 900), "#38423f").save(path, "JPEG")
    return path


@pytest.fixture(scope="module")
def officers(browser: Any, site: str) -> Any:
    """Each signs in once, as in the morning."""
    signed_in: dict[str, Officer] = {}
    contexts = []

    def get(username: str) -> Officer:
        if username not in signed_in:
            context = browser.new_context(locale="zh-CN", **DESK)
            context.set_default_timeout(15_000)
            contexts.append(context)
            officer = Officer(context.new_page(), site, username)
            officer.sign_in()
            signed_in[username] = officer
        return signed_in[username]

    yield get
    for context in contexts:
        context.close()


def _handle(officers: Any, number: str, *, first: bool) -> None:
    """From the community's desk to the word “办结”."""
    clerk, colleague, squad = officers("sq01"), officers("sq02"), officers("zf01")
    if first:
        clerk.do(number, "accept")
        clerk.do(number, "triage", triage="major")
    clerk.dispatch(number, SQUAD)
    squad.do(number, "sign")
    squad.do(
        number, "reply", answer="已责令店家清洗油烟净化器，晚上复查没有再犯。", outcome="solved"
    )
    clerk.do(number, "review")
    colleague.do(number, "visit", reached="yes", contacted="yes", solved="yes", satisfied="yes")
    page = colleague.open_case(number)
    if page.locator('a[href$="/do/close/"]').count():
        colleague.do(number, "close")


SHAPES = {
    "standard": "",
    "text at 200 %": "?text=200",
    "长辈版": "?mode=elder",
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_matter_goes_all_the_way_and_once_more(
    shape: str, open_context: Any, site: str, officers: Any, picture: Path
) -> None:
    telephone = f"199000011{list(SHAPES).index(shape):02d}"
    resident = Resident(open_context(**PHONE), site, telephone)
    city = officers("sj01")
    received = {name: _received(officers(name)) for name in ("sq01", "jd01", "qx01", "sj01")}

    resident.page.goto(f"{site}/{SHAPES[shape]}")
    resident.sign_in()
    number = resident.raise_matter(
        "楼下烧烤店晚上 9 点以后才摆出来，油烟直往上飘，说过两回没用。", "12 号楼下", photo=picture
    )
    for name, count in received.items():
        assert _received(officers(name)) == count + 1, name

    _handle(officers, number, first=True)
    resident.open_matter(number)
    expect(resident.page.get_by_text("清洗油烟净化器").first).to_be_visible()
    _no_sideways_scroll(resident.page)

    resident.rate(number, solved="no", satisfied="no")
    expect(resident.page.get_by_text("接着办").first).to_be_visible()
    _handle(officers, number, first=False)
    resident.rate(number, solved="yes", satisfied="yes")
    expect(resident.page.get_by_text("您评价了").first).to_be_visible()

    resident.page.goto(f"{site}/me/viewers/?number={number}")
    expect(resident.page.get_by_text(re.compile("综合行政执法大队")).first).to_be_visible()
    _no_sideways_scroll(resident.page)
    assert city.board()


def _received(officer: Officer) -> int:
    [value] = [v for label, v in officer.board().items() if "收到" in label]
    return int(value)


def _no_sideways_scroll(page: Any) -> None:
    wide = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    assert wide <= 0
