"""A district draws a township anew along its own line, the check finds the gap that was left, the
fix closes it; the city approves, and the line in effect is another."""

import math
import re
from typing import Any

import pytest
import shapely
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK
from tests.browser.hindrances import complaints
from tests.browser.people import Officer

DRAWER, APPROVER = "qx01", "sj01"
TABLET = DESK | {"has_touch": True}
EARTH = 6_378_137.0
ROOM = 48
"""Pixels the map leaves around what it shows."""
Place = tuple[float, float]


@pytest.fixture(scope="module")
def lines(installation: Any) -> None:
    installation.manage("shell", "-c", "from tests.browser.laid_lines import lay; lay()")


class Screen:
    """Where a place lies on the screen while the map shows the whole district."""

    def __init__(self, page: Page, parent: Any) -> None:
        boxes = [page.locator(one).bounding_box() for one in self.PARTS]
        view, zoom, tools, legend = [box for box in boxes if box is not None]
        left = tools["x"] + tools["width"] + ROOM
        right, top = zoom["x"] - ROOM, view["y"] + ROOM
        bottom = legend["y"] - ROOM
        west, south = self._flat(*parent.bounds[:2])
        east, north = self._flat(*parent.bounds[2:])
        self.metres = max((east - west) / (right - left), (north - south) / (bottom - top))
        self.middle = (east + west) / 2, (north + south) / 2
        self.centre = (left + right) / 2, (top + bottom) / 2

    PARTS = (".lines__view", ".lines__zoom", ".lines__tools", ".lines__legend")

    @staticmethod
    def _flat(lon: float, lat: float) -> Place:
        rise = math.log(math.tan(math.pi / 4 + math.radians(lat) / 2))
        return EARTH * math.radians(lon), EARTH * rise

    def __call__(self, place: Place) -> Place:
        x, y = self._flat(*place)
        across = (x - self.middle[0]) / self.metres
        return self.centre[0] + across, self.centre[1] - (y - self.middle[1]) / self.metres


def township(data: Any) -> tuple[str, list[Place], Place]:
    """One at the district's line: its name, what it has of that line, and a place inside it by
    which its other line can be drawn too short."""
    outer = set(map(tuple, shapely.get_coordinates(shape(data["parent"])).tolist()))
    for child in data["children"]["features"]:
        area = shape(child)
        ring = [tuple(at) for at in shapely.get_coordinates(area.exterior).tolist()[:-1]]
        along = [at in outer for at in ring]
        starts = [n for n, on in enumerate(along) if on and not along[n - 1]]
        if len(starts) != 1 or sum(along) < 4:
            continue
        turned = ring[starts[0] :] + ring[: starts[0]]
        shared, own = turned[: sum(along)], turned[sum(along) :]
        inside = tuple(
            0.6 * a + 0.4 * b for a, b in zip(own[len(own) // 2], middle(area), strict=True)
        )
        if area.covers(shapely.Polygon([*shared, inside])):
            return child["properties"]["name"], shared, inside  # type: ignore[return-value]
    raise AssertionError("no township has one stretch of the district's line")


def shape(feature: Any) -> Any:
    made = shapely.geometry.shape(feature["geometry"])
    parts = shapely.get_parts(made)
    return parts[0] if len(parts) == 1 else made


def middle(area: Any) -> Place:
    return area.centroid.x, area.centroid.y


def in_effect(page: Page, site: str, name: str) -> float:
    """Ground of a township in the exported lines, in square degrees."""
    page.goto(f"{site}/work/lines/")
    link = page.get_by_role("link", name="导出现行界线").first.get_attribute("href")
    said = page.request.get(f"{site}{link}").json()
    found = [one for one in said["features"] if name in one["properties"].values()]
    return float(shape(found[0]).area)


def test_a_township_is_drawn_along_the_districts_line_and_takes_effect(
    lines: None, open_context: Any, site: str
):
    drawer = Officer(open_context(**DESK), site, DRAWER)
    drawer.sign_in()
    page = drawer.page
    page.goto(f"{site}/work/lines/")
    page.get_by_role("button", name=re.compile("^开始画渝中区")).click()
    address = page.url
    data = page.request.get(f"{address}data/").json()
    name, shared, inside = township(data)
    before = in_effect(page, site, name)

    page.goto(address)
    page.get_by_role("link", name="在地图上画").click()
    state = page.locator("[data-state]")
    expect(state).to_have_text("检查过了，严丝合缝，可以提交。")
    screen = Screen(page, shape(data["parent"]))
    page.locator(".lines__place", has_text=name).click()
    page.get_by_role("button", name="重画它的线").click()
    for place in (shared[0], shared[len(shared) // 2], shared[-1]):
        page.mouse.click(*screen(place))
    expect(page.locator("[data-now]")).to_contain_text("已有 3 点")
    page.get_by_label("沿着已有的线走").uncheck()
    page.mouse.click(*screen(inside))
    page.mouse.click(*screen(shared[0]))
    expect(page.locator("[data-said]")).to_have_text(f"{name}画好了，{len(shared) + 1} 个点。")

    gap = page.locator(".lines__finding", has_text="缝隙").first
    expect(gap).to_contain_text("必须改")
    gap.get_by_role("button", name="到第").click()
    owners = gap.get_by_label("归谁").locator("option").all_inner_texts()
    gap.get_by_label("归谁").select_option(next(one for one in owners if name not in one))
    gap.get_by_role("button", name="修好").click()
    expect(state).to_have_text("检查过了，严丝合缝，可以提交。")

    page.get_by_role("link", name="回到草案").click()
    page.get_by_role("link", name="提交", exact=True).click()
    expect(page.locator(".lines__hands")).to_contain_text(name)
    page.get_by_label("依据哪份文件").fill("渝中府发〔2026〕9 号")
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.locator("main")).to_contain_text("等上级批准")

    approver = Officer(open_context(**DESK), site, APPROVER)
    approver.sign_in()
    other = approver.page
    other.goto(f"{site}/work/lines/")
    other.locator(".card--yours").get_by_role("link", name="渝中区").click()
    other.get_by_role("link", name="批准", exact=True).click()
    expect(other.locator(".lines__hands")).to_contain_text(name)
    other.get_by_role("button", name="批准", exact=True).click()
    expect(other.locator("main")).to_contain_text("已生效")
    assert in_effect(page, site, name) < before


def border(data: Any, name: str) -> Place:
    """A vertex of a township in the middle of the line it has with its neighbours."""
    outer = set(map(tuple, shapely.get_coordinates(shape(data["parent"])).tolist()))
    (area,) = [
        shape(one) for one in data["children"]["features"] if one["properties"]["name"] == name
    ]
    ring = [tuple(at) for at in shapely.get_coordinates(area.exterior).tolist()[:-1]]
    inner = [at for at in ring if at not in outer]
    return inner[len(inner) // 2]  # type: ignore[return-value]


def test_a_finger_on_a_tablet_moves_a_vertex_and_the_neighbours_line_with_it(
    lines: None, open_context: Any, site: str
):
    drawer = Officer(open_context(**TABLET), site, DRAWER)
    drawer.sign_in()
    page = drawer.page
    page.goto(f"{site}/work/lines/")
    page.get_by_role("button", name=re.compile("^开始画渝中区")).click()
    address = page.url
    data = page.request.get(f"{address}data/").json()
    name, *_ = township(data)
    page.goto(f"{address}map/")
    expect(page.locator("[data-state]")).to_have_text("检查过了，严丝合缝，可以提交。")
    screen = Screen(page, shape(data["parent"]))
    undo = page.get_by_role("button", name="撤销")
    expect(undo).to_be_disabled()

    x, y = screen(border(data, name))
    finger = page.context.new_cdp_session(page)
    for kind, right, down in (
        ("touchStart", 0, 0),
        ("touchMove", 4, 3),
        ("touchMove", 9, 6),
        ("touchEnd", None, 0),
    ):
        at = [] if right is None else [{"x": x + right, "y": y + down}]
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at})
    said = page.locator("[data-said]")
    expect(said).to_have_text(re.compile("^点放好了，.+、.+的线一起改了。$"))
    expect(said).to_contain_text(name)
    undo.click()
    expect(undo).to_be_disabled()

    page.goto(f"{address}do/withdraw/")
    page.get_by_role("button", name="撤回").click()
    expect(page.locator("main")).to_contain_text("已撤回")


def test_nothing_on_the_pages_of_lines_hinders_anybody(lines: None, open_context: Any, site: str):
    drawer = Officer(open_context(**DESK), site, DRAWER)
    drawer.sign_in()
    page = drawer.page
    page.goto(f"{site}/work/lines/")
    page.get_by_role("button", name=re.compile("^开始画渝中区")).click()
    address = page.url
    found = []
    for text, width in ((100, 1440), (100, 820), (100, 390), (200, 1440)):
        page.set_viewport_size({"width": width, "height": 900})
        for path in ("", "map/", "do/submit/"):
            page.goto(f"{address}{path}?text={text}")
            if path == "map/":
                expect(page.locator("[data-places] button").first).to_be_visible()
            found += complaints(page)
    assert found == []
    page.goto(f"{address}do/withdraw/?text=100")
    page.get_by_role("button", name="撤回").click()
    expect(page.locator("main")).to_contain_text("已撤回")
