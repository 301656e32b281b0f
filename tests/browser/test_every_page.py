"""No page hinders anybody: axe finds nothing serious, nothing scrolls sideways, 长辈版 is large.

Thresholds: domain.md §6 (MIIT 2021): 长辈版 text ≥ 18, targets ≥ 60; elsewhere targets ≥ 44 on the
portal.
"""

from typing import Any

import pytest

from tests.browser.conftest import DESK, PHONE
from tests.browser.hindrances import complaints
from tests.browser.people import COMMUNITY, Officer, Resident

PUBLIC = [
    "/",
    "/signin/",
    "/community/",
    f"/c/{COMMUNITY}/poster/",
    "/raise/",
    "/follow/",
    "/help/",
    "/privacy/",
    "/verify/",
    "/facilities/",
    "/elections/",
    "/me/",
    "/matters/",
    "/offline/",
    "/raise/offline/",
    "/nothing-here/",
    "/work/signin/",
    "/dev/logins/",
    "/dev/messages/",
    "/dev/components/",
]
OWN = [
    "/",
    "/matters/",
    "/followed/",
    "/mediation/",
    "/me/",
    "/me/viewers/",
    "/me/record/",
    "/messages/",
    "/raise/",
]
DESKS = {
    "sq01": [
        "/work/registry/search/",
        "/work/",
        "/work/cases/",
        "/work/register/",
        "/work/inbox/",
        "/work/board/",
        "/work/map/",
        "/work/clusters/",
        "/work/lines/",
        "/work/registry/imports/",
        "/work/registry/imports/new/",
        "/work/registry/duplicates/",
        "/work/registry/merges/",
        "/work/callbacks/",
        "/work/calls/",
        "/work/roster/",
        "/work/roster/history/",
        "/work/roster/shifts/new/",
        "/work/handover/",
        "/work/handover/past/",
        "/work/disputes/register/",
        "/work/reports/",
        "/work/reports/new/",
        "/work/reports/new/?kind=person&by=",
        "/work/reports/new/?kind=person&by=building",
        "/work/reports/overlap/",
        "/work/reports/outputs/",
        "/work/reports/savings/",
        "/work/registry/",
    ],
    "wg01": ["/work/registry/"],
    "xw01": ["/work/elections/"],
    "jd01": [
        "/work/registry/",
        "/work/",
        "/work/cases/?since=2026-01-01",
        "/work/search/?q=人民村",
        "/work/search/person/",
        "/work/filters/",
        "/work/filters/save/?state=open",
        "/work/exports/",
        "/work/exports/new/?state=open",
        "/work/rules/",
        "/work/rules/new/",
        "/work/duties/",
        "/work/exchange/",
        "/work/exchange/new/",
        "/work/exchange/dead/",
        "/work/exchange/refused/",
        "/work/statistics/",
        "/work/glass/",
        "/work/me/",
        "/work/reports/",
        "/work/elections/",
    ],
    "qx01": [
        "/work/reviews/district/",
        "/work/reviews/district/panel/",
        "/work/statistics/?period=year&by=time",
        "/work/statistics/?by=category",
        "/work/duties/new/",
        "/work/duties/history/",
        "/work/map/?state=open",
    ],
    "sj01": ["/work/board/"],
    "tj01": ["/work/disputes/", "/work/disputes/register/"],
    "sf01": [
        "/work/disputes/",
        "/work/disputes/register/",
        "/work/mediators/",
        "/work/mediation-numbers/",
    ],
    "aq01": [
        "/work/posts/",
        "/work/posts/new/",
        "/work/posts/staff/",
        "/work/posts/ended/",
        "/work/clients/",
        "/work/clients/new/",
        "/work/glasses/",
    ],
    "xt01": [
        "/work/departments/",
        "/work/categories/",
        "/work/categories/learned/",
        "/work/divisions/",
    ],
    "sx01": ["/work/audit/", "/work/exports/all/"],
}
SHAPES = {"standard": "", "200 %": "?text=200", "长辈版": "?mode=elder"}
SMALL = """(least) => [...document.querySelectorAll('a, button, input, select, textarea, summary')]
  .filter(e => e.checkVisibility() && !e.closest('p, .vh, .skip, .item__title, li.inline'))
  .filter(e => !['hidden', 'radio', 'checkbox', 'file'].includes(e.type))
  .map(e => [e.getBoundingClientRect(), e.textContent.trim().slice(0, 20) || e.name || e.id])
  .filter(([box]) => box.width > 1 && box.height > 1 && box.height < least - 0.5)
  .map(([box, words]) => `${words}: ${Math.round(box.height)}`)"""
FINE = """(least) => [...document.querySelectorAll('body *')]
  .filter(e => e.checkVisibility() && !e.closest('.vh, svg, .skip'))
  .filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()))
  .filter(e => parseFloat(getComputedStyle(e).fontSize) < least - 0.05)
  .map(e => `${e.textContent.trim().slice(0, 20)}: ${getComputedStyle(e).fontSize}`)"""


@pytest.mark.parametrize("shape", SHAPES)
def test_nothing_on_a_public_page_hinders_anybody(shape: str, open_context: Any, site: str):
    page = open_context(**PHONE)
    page.goto(f"{site}/{SHAPES[shape]}")
    page.goto(f"{site}/c/{COMMUNITY}/")
    found = []
    for path in PUBLIC:
        page.goto(f"{site}{path}")
        found += complaints(page)
    assert found == []


@pytest.mark.parametrize("shape", SHAPES)
def test_nothing_on_a_residents_own_pages_hinders_him(shape: str, open_context: Any, site: str):
    resident = Resident(open_context(**PHONE), site, f"199000012{list(SHAPES).index(shape):02d}")
    resident.page.goto(f"{site}/{SHAPES[shape]}")
    resident.sign_in()
    number = resident.raise_matter("楼道灯不亮，晚上看不清。", "3 号楼")
    found = []
    for path in [*OWN, f"/matters/{number}/", f"/matters/{number}/withdraw/"]:
        resident.page.goto(f"{site}{path}")
        found += complaints(resident.page)
    assert found == []


@pytest.mark.parametrize("username", DESKS)
def test_nothing_on_a_desk_hinders_an_officer(username: str, open_context: Any, site: str):
    officer = Officer(open_context(**DESK), site, username)
    officer.sign_in()
    found = []
    for width in (1440, 390):
        officer.page.set_viewport_size({"width": width, "height": 900})
        for path in DESKS[username]:
            officer.page.goto(f"{site}{path}")
            found += complaints(officer.page)
    assert found == []


@pytest.mark.parametrize("width", [1440, 390])
def test_nothing_on_the_page_of_a_matter_hinders_its_officer(
    width: int, open_context: Any, site: str
):
    resident = Resident(open_context(**PHONE), site, f"199000013{width % 100:02d}")
    resident.sign_in()
    number = resident.raise_matter("后面花坛老鼠多，晚上能看到好几只。", "后花坛")
    officer = Officer(open_context(viewport={"width": width, "height": 900}), site, "sq02")
    officer.sign_in()
    found = []
    for path in ["", "do/accept/", "do/reject/", "do/relocate/", "contact/"]:
        officer.page.goto(f"{site}/work/cases/{number}/{path}")
        found += complaints(officer.page)
    officer.do(number, "accept")
    officer.page.goto(f"{site}/work/cases/{number}/do/triage/")
    found += complaints(officer.page)
    officer.do(number, "triage", triage="minor")
    officer.page.goto(f"{site}/work/cases/{number}/do/dispatch/")
    found += complaints(officer.page)
    assert found == []


@pytest.mark.parametrize(("shape", "text", "target"), [("standard", 13, 44), ("长辈版", 18, 60)])
def test_words_and_targets_are_large_enough(
    shape: str, text: int, target: int, open_context: Any, site: str
):
    page = open_context(**PHONE)
    page.goto(f"{site}/{SHAPES[shape]}")
    page.goto(f"{site}/c/{COMMUNITY}/")
    found = []
    for path in ["/", "/raise/", "/follow/", "/help/", "/me/", "/matters/", "/signin/"]:
        page.goto(f"{site}{path}")
        found += [f"{path} {line}" for line in page.evaluate(FINE, text)]
        found += [f"{path} {line}" for line in page.evaluate(SMALL, target)]
    assert found == []
