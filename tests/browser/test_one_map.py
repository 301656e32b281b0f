"""一张图: an officer opens it, chooses what it is coloured by, and reaches a matter by keyboard;
a matter that moves has moved on the next tile."""

import re
from typing import Any

import psycopg
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE, Installation
from tests.browser.people import Officer, Resident
from tests.mvt import read, tile_of

HERE, THERE = (106.5571, 29.5613), (106.7713, 29.7717)
DRAW = """
    DELETE FROM divisions_boundary b USING divisions_division d, divisions_division town
    WHERE town.name = '大溪沟街道' AND town.valid_to IS NULL AND b.division_id = d.id
        AND (d.id IN (town.id, town.parent_id) OR d.parent_id = town.id);
    WITH town AS (
        SELECT * FROM divisions_division WHERE name = '大溪沟街道' AND valid_to IS NULL
    ), below AS (
        SELECT d.id, row_number() OVER (ORDER BY d.code) - 1 AS at, count(*) OVER () AS of
        FROM divisions_division d JOIN town ON d.parent_id = town.id WHERE d.valid_to IS NULL
    ), squares AS (
        SELECT id, 106.54 + 0.03 * at / of AS west, 106.54 + 0.03 * (at + 1) / of AS east FROM below
        UNION ALL SELECT unnest(ARRAY[id, parent_id]), 106.54, 106.57 FROM town
    )
    INSERT INTO divisions_boundary (division_id, geom, version, valid_from, illustrative, basis,
        source, review_number, approved_by, recorded_at)
    SELECT id, ST_Multi(ST_MakeEnvelope(west, 29.55, east, 29.57, 4490)), 1, '2020-01-01', true,
        '合成', '合成', '', '测试', now()
    FROM squares
"""
"""Whatever another journey has drawn there goes."""
STATION = """
    INSERT INTO registry_facility (division_id, area, name, category, address, opening_hours,
        access_note, public_phone, maintainer, lon, lat, facts, client_uuid, created_at,
        changed_at, ended_why)
    SELECT id, path, '水塔合成服务站', 'service', '水塔旁 1 号', '全天', '', '', '', %s, %s, '{}',
        gen_random_uuid(), now(), now(), ''
    FROM divisions_division WHERE name = '人民村社区' AND valid_to IS NULL
        AND parent_id = (SELECT id FROM divisions_division
            WHERE name = '大溪沟街道' AND valid_to IS NULL)
"""
MOVE = "UPDATE cases_case SET lon = %s, lat = %s WHERE number = %s"


def tell(installation: Installation, statement: str, *given: object) -> None:
    with psycopg.connect(installation._url("postgres")) as connection:
        connection.execute(statement, given)


def numbers(page: Page, site: str, place: tuple[float, float]) -> set[str]:
    z, x, y = tile_of(*place, 16)
    answer = page.request.get(f"{site}/work/tiles/matters/{z}/{x}/{y}.mvt")
    assert answer.status == 200
    return {one["said"]["lone"] for one in read(answer.body()).get("matters", [])}


def open_middle(page: Page, before: str) -> None:
    """Enter on the map, again until its areas have come."""
    title = page.locator("#mappanel h2")
    for _ in range(20):
        page.locator("[data-view]").focus()
        page.keyboard.press("Enter")
        page.keyboard.press("Enter")  # in haste: two panels on their way
        page.wait_for_load_state("networkidle")
        if title.inner_text() != before:
            return
    raise AssertionError("nothing lies in the middle of the map")


def test_an_officer_reaches_a_matter_on_the_map_without_a_mouse(
    open_context: Any, site: str, installation: Installation
) -> None:
    tell(installation, DRAW)
    resident = Resident(open_context(**PHONE), site, "19900001177")
    resident.page.goto(site)
    resident.sign_in()
    number = resident.raise_matter("楼顶的水箱盖子被风掀开了，怕雨水进去。", "水塔旁")
    tell(installation, MOVE, *HERE, number)

    officer = Officer(open_context(**DESK), site, "jd01")
    officer.sign_in()
    page = officer.page
    page.goto(f"{site}/work/map/")
    expect(page.locator("#mappanel h2")).to_have_text("大溪沟街道")
    expect(page.locator("[data-legend-title]")).to_have_text("在办诉求，件")
    page.get_by_label("近 30 天收到").check()
    expect(page.locator("[data-legend-title]")).to_have_text("近 30 天收到的诉求，件")

    open_middle(page, "大溪沟街道")
    expect(page).to_have_url(re.compile(r"/work/map/\?.*here=\d+"))
    expect(page.locator("#mappanel h2")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("[data-view]")).to_be_focused()

    above = page.locator("#mappanel .crumbs a", has_text="大溪沟街道")
    above.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#mappanel h2")).to_have_text("大溪沟街道")
    page.locator("#mappanel a.item").first.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/work/cases/ZT-\d{4}-\d{6}/"))

    assert number in numbers(page, site, HERE)
    tell(installation, MOVE, *THERE, number)
    assert number not in numbers(page, site, HERE)
    assert number in numbers(page, site, THERE)


def test_whoever_works_next_door_finds_the_place_and_none_of_its_matters(
    open_context: Any, site: str
) -> None:
    officer = Officer(open_context(**DESK), site, "sq03")
    officer.sign_in()
    page = officer.page
    page.goto(f"{site}/work/map/")
    page.get_by_role("searchbox", name="找地方").fill("人民村社区")
    page.locator("#map-found a", has_text="大溪沟街道").first.click()
    expect(page.locator("#mappanel h2")).to_have_text("人民村社区")
    expect(page.locator("#mappanel")).to_contain_text("不在您的范围")
    expect(page.locator("#mappanel a.item")).to_have_count(0)


def test_a_facility_is_found_drawn_and_opened_without_a_mouse(
    open_context: Any, site: str, installation: Installation
) -> None:
    tell(installation, DRAW)
    tell(installation, STATION, *HERE)
    officer = Officer(open_context(**DESK), site, "sq01")
    officer.sign_in()
    page = officer.page
    page.goto(f"{site}/work/map/")
    facilities = page.get_by_label("便民服务设施")
    facilities.uncheck()
    page.get_by_role("searchbox", name="找地方").fill("合成服务站")
    page.locator("#map-found a", has_text="水塔合成服务站").focus()
    with page.expect_response(re.compile(r"/work/tiles/facilities/1[3-9]/.*")) as drawn:
        page.keyboard.press("Enter")
    assert drawn.value.status == 200
    expect(page.locator("#mappanel h2")).to_have_text("水塔合成服务站")
    expect(page).to_have_url(re.compile(r"/work/map/\?at=facility%3A\d+"))
    expect(facilities).to_be_checked()

    page.reload()
    expect(page.locator("#mappanel h2")).to_have_text("水塔合成服务站")
    page.emulate_media(media="print")
    printed = page.locator(".onemap__view").bounding_box()
    assert printed is not None
    assert printed["width"] > 0.9 * DESK["viewport"]["width"], "the sheet is filled"
    page.emulate_media(media="screen")
    page.get_by_role("link", name="看底册").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/work/registry/facility/\d+/"))
