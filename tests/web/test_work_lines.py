"""画界线: the documents the editor reads and sends, the page without scripts, files in and out, and
what attacks."""

import io
import json
import re
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.conftest import NOON
from tests.db.boundaries_fixtures import bulged, grown, read, shapes_of
from tests.db.lines_tree import TODAY
from tests.offices import make_post, make_staff
from tests.unit.test_mapfiles import zipped
from yukuai.accounts.models import User
from yukuai.accounts.roles import Role
from yukuai.boundaries.models import GroundChange, LineDraft, LineReview, Receipt
from yukuai.boundaries.states import LineState
from yukuai.divisions.models import Boundary, Division
from yukuai.engines.coordinates import to_gcj02
from yukuai.kernel import clock
from yukuai.kernel.scope import EVERYWHERE, scope

__all__ = ["grown"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def site(grown, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOON)
    places = {1: grown.city, 2: grown.districts[0], 11: grown.districts[1]}
    roles = {"city": (Role.CITY_OP, 1), "district": (Role.DISTRICT_OP, 2)}
    roles |= {"neighbour": (Role.DISTRICT_OP, 11), "admin": (Role.SYS_ADMIN, 2)}
    township = next(one for one in grown.townships if one.parent_id == 2)
    places[township.pk] = township
    roles["township"] = (Role.TOWNSHIP_OP, township.pk)
    found = {}
    for name, (role, place) in roles.items():
        user = make_staff(name)
        make_post(user, role, places[place])
        found[name] = Client()
        found[name].force_login(user)
    return found


@pytest.fixture
def draft(site):
    answer = site["district"].post("/work/lines/start/", {"parent": "2", "layer": "township"})
    assert answer.status_code == 302
    with scope(EVERYWHERE):
        made = LineDraft.objects.get()
    assert answer.url == f"/work/lines/{made.number}/"
    return made


def url(draft, rest=""):
    return f"/work/lines/{draft.number}/{rest}"


def say(client, draft, what, said):
    return client.post(url(draft, f"{what}/"), json.dumps(said), content_type="application/json")


def spoil(site, draft):
    child, other, geometry = bulged(shapes_of(draft))
    said = {"version": read(draft).version, "children": {str(child): geometry}}
    return child, other, say(site["district"], draft, "shapes", said)


def test_the_document_of_a_draft(site, draft, grown):
    said = site["district"].get(url(draft, "data/")).json()
    assert said["draft"]["number"] == draft.number
    assert (said["draft"]["state"], said["draft"]["version"]) == ("draft", 1)
    assert said["draft"]["can"] == {
        "edit": True, "check": True, "submit": True,
        "approve": False, "return": False, "withdraw": True,
    }  # fmt: skip
    assert said["parent"]["properties"] == {"id": 2, "name": "district2"}
    assert [one["properties"]["id"] for one in said["around"]["features"]] == [11]
    children = said["children"]["features"]
    assert len(children) == len(grown.below(grown.districts[0]))
    assert set(children[0]["properties"]) == {"id", "name", "code", "kind", "declared_exclave"}
    assert (said["accepted"], said["reason"], said["findings"], said["undrawn"]) == (
        True,
        "",
        [],
        [],
    )
    assert said["limits"] == {"snap_m": 5.0}
    for x, y in children[0]["geometry"]["coordinates"][0]:
        assert (round(x * 1e7) / 1e7, round(y * 1e7) / 1e7) == (x, y)


def test_shapes_are_saved_checked_and_answered_with_a_proposal(site, draft):
    child, other, answer = spoil(site, draft)
    said = answer.json()
    assert answer.status_code == 200
    assert (said["draft"]["version"], said["accepted"]) == (2, False)
    assert len(said["proposal"]["features"]) == len(said["children"]["features"])
    one = next(f for f in said["findings"] if f["check"] == "overlap")
    keys = {"key", "check", "title", "severity", "sentence", "fix", "who", "place", "size_m2"}
    assert set(one) >= keys | {"geometry", "owners"}
    assert (one["title"], one["who"]) == ("重叠", sorted([child, other]))
    assert {owner["id"] for owner in one["owners"]} == {child, other}
    assert one["severity"] in {"note", "confirm", "refused"}
    assert one["geometry"]["type"] in {"Polygon", "MultiPolygon"}
    assert len(one["place"]) == 2
    fixed = say(site["district"], draft, "fix", {"version": 2, "key": one["key"], "owner": other})
    assert (fixed.status_code, fixed.json()["draft"]["version"]) == (200, 3)
    adopted = say(site["district"], draft, "adopt", {"version": 3}).json()
    assert (adopted["accepted"], adopted["reason"]) == (True, "")
    declared = say(
        site["district"], draft, "exclave", {"version": 4, "child": child, "declared": True}
    ).json()
    marked = {f["properties"]["id"]: f["properties"] for f in declared["children"]["features"]}
    assert marked[child]["declared_exclave"] is True


def test_a_stale_version_is_409_and_unreadable_shapes_are_422_as_json(site, draft):
    child = min(shapes_of(draft))
    stale = say(site["district"], draft, "shapes", {"version": 9, "children": {}})
    assert (stale.status_code, "别人刚改过" in stale.json()["detail"]) == (409, True)
    for bad in (
        {"version": 1, "children": {str(child): {"type": "Point", "coordinates": [1, 2]}}},
        {"version": 1, "children": {str(child): {"type": "Polygon", "coordinates": [[["x"]]]}}},
        {"version": 1, "children": {"999999": None}},
        {"version": 1, "children": {"x": None}},
        {"version": 1, "children": []},
        {"version": "x", "children": {}},
        {"version": True, "children": {}},
        {"children": {}},
        [],
    ):
        answer = say(site["district"], draft, "shapes", bad)
        assert (answer.status_code, bool(answer.json()["detail"])) == (422, True), bad
    assert read(draft).version == 1


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"version":1,"children":{"1":{"type":"Polygon","coordinates":[[[NaN,1]]]}}}',
        b'{"version":1,"children":' + b'{"a":' * 20_000,
        b'{"version":1,"x":"' + b"a" * 3_000_000 + b'"}',
    ],
    ids=["open", "no text", "deep list", "nan", "deep object", "too large"],
)
def test_what_attacks_is_refused_as_json(site, draft, body):
    answer = site["district"].post(url(draft, "shapes/"), body, content_type="application/json")
    assert (answer.status_code, bool(answer.json()["detail"])) == (422, True)
    assert read(draft).version == 1


def test_who_may_what(site, draft):
    reads = {"district": 200, "city": 200, "neighbour": 404, "township": 404, "admin": 403}
    for name, status in reads.items():
        assert site[name].get(url(draft)).status_code == status, name
        assert site[name].get(url(draft, "data/")).status_code == status, name
        assert site[name].get(url(draft, "export/geojson/")).status_code == status, name
    writes = {"city": 403, "neighbour": 404, "township": 404, "admin": 403}
    for name, status in writes.items():
        for what in ("shapes", "adopt", "fix", "exclave", "check"):
            said = {"version": 1, "children": {}, "key": "x", "child": 20, "declared": True}
            assert say(site[name], draft, what, said).status_code == status, (name, what)
    assert read(draft).version == 1
    assert site["admin"].get("/work/lines/").status_code == 403


def test_csrf_is_asked_for(draft):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(User.objects.get(username="district"))
    assert say(strict, draft, "adopt", {"version": 1}).status_code == 403


# Without scripts


def test_the_whole_way_without_scripts(site, draft):
    spoil(site, draft)
    page = site["district"].get(url(draft)).content.decode()
    assert "还不能提交" in page
    assert "重叠" in page
    version = read(draft).version
    answer = site["district"].post(url(draft, "adopt/"), {"version": version})
    assert (answer.status_code, answer.url) == (302, url(draft))
    assert "可以提交" in site["district"].get(url(draft)).content.decode()
    stale = site["district"].post(url(draft, "adopt/"), {"version": version}, follow=True)
    assert "别人刚改过" in stale.content.decode()
    form = {"basis": "渝测〔2026〕7号", "effective": str(TODAY), "illustrative": "on"}
    bare = site["district"].post(url(draft, "do/submit/"), form | {"basis": ""})
    assert bare.status_code == 422
    assert site["district"].post(url(draft, "do/submit/"), form).status_code == 302
    assert draft.number in site["city"].get("/work/lines/").content.decode()
    assert site["city"].get(url(draft, "do/approve/")).status_code == 200
    refused = site["district"].post(url(draft, "do/approve/"))
    assert (refused.status_code, read(draft).state) == (403, LineState.SUBMITTED)
    unsaid = site["city"].post(url(draft, "do/return/"), {"reason": ""})
    assert (unsaid.status_code, read(draft).state) == (422, LineState.SUBMITTED)
    assert site["city"].post(url(draft, "do/approve/")).status_code == 302
    assert read(draft).state == LineState.EFFECTIVE
    assert "已生效" in site["district"].get(url(draft)).content.decode()


def test_a_scan_of_the_document_may_come_along(site, draft):
    scan = SimpleUploadedFile("依据.pdf", b"%PDF-1.7\n%%EOF", content_type="application/pdf")
    form = {"basis": "渝测7号", "effective": str(TODAY), "upload": scan}
    answer = site["district"].post(url(draft, "do/submit/"), form)
    assert (answer.status_code, read(draft).state) == (302, LineState.SUBMITTED)
    page = site["city"].get(url(draft)).content.decode()
    assert "依据.pdf" in page
    paper = re.search(r'href="([^"]+/papers/\d+/)"', page)[1]
    assert site["city"].get(paper).content.startswith(b"%PDF")
    for stranger, status in (("neighbour", 404), ("township", 404), ("admin", 403)):
        assert site[stranger].get(paper).status_code == status


# Files


def bring(client, draft, data, *, crs="4490", name="lines.geojson"):
    file = SimpleUploadedFile(name, data)
    return client.post(url(draft, "import/"), {"file": file, "crs": crs})


def test_what_is_exported_comes_back_the_same_in_every_form(site, draft):
    client = site["district"]
    before = {pk: shape.drawn for pk, shape in shapes_of(draft).items()}
    for form in ("geojson", "shapefile"):
        answer = client.get(url(draft, f"export/{form}/"))
        assert answer["Content-Disposition"].startswith("attachment")
        assert bring(client, draft, answer.content, name=form).status_code == 302
        assert read(draft).accepted
        assert {pk: s.drawn["type"] for pk, s in shapes_of(draft).items()} == {
            pk: one["type"] for pk, one in before.items()
        }
    parts = zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
    assert sorted(name[-4:] for name in parts) == [".cpg", ".dbf", ".prj", ".shp", ".shx"]
    assert client.get(url(draft, "export/dwg/")).status_code == 404
    below = client.get("/work/lines/of/2/export/geojson/").json()
    assert len(below["features"]) == len(before)
    assert site["neighbour"].get("/work/lines/of/2/export/shapefile/").status_code == 200


def test_shifted_coordinates_are_converted_and_what_does_not_match_is_listed(site, draft):
    client = site["district"]
    said = json.loads(client.get(url(draft, "export/geojson/")).content)
    for feature in said["features"]:
        rings = feature["geometry"]["coordinates"]
        feature["geometry"]["coordinates"] = [to_gcj02(ring).tolist() for ring in rings]
    lost = said["features"].pop()
    stranger = {**lost, "properties": {"name": "没有这个街道", "code": "500999999"}}
    said["features"].append(stranger)
    answer = bring(client, draft, json.dumps(said).encode(), crs="gcj02")
    assert answer.status_code == 302
    after = read(draft)
    assert (after.accepted, after.reason) == (True, "")
    assert after.imported["matched"] == len(said["features"]) - 1
    assert "没有这个街道" in after.imported["unmatched"][0]
    page = client.get(url(draft)).content.decode()
    assert "没有这个街道" in page
    assert lost["properties"]["name"] in page


def test_attacking_files_are_refused_with_a_sentence_and_change_nothing(site, draft):
    two_million = b'{"type":"Polygon","coordinates":[[' + b"[1,2]," * 2_000_000 + b"[1,2]]]}"
    attacks = {
        "顶点超过": two_million,
        "解开后超过": zipped({"shp": b"\0" * 70_000_000}),
        "对不上": zipped({"shp": b"\0\0\x27\x0a" + b"\xff" * 200}),
        "实体定义": b'<!DOCTYPE x [<!ENTITY a "b">]><kml>&a;</kml>',
        "认不出": b"hello",
        "指到了外面": zipped({"shp": b"x"}, **{"../x": b"1"}),
    }
    for sentence, data in attacks.items():
        answer = bring(site["district"], draft, data)
        assert answer.status_code == 422, sentence
        assert sentence in answer.content.decode()
    assert read(draft).version == 1


# What waits, around every page and on 今日


def waiting(client):
    page = client.get("/work/").content.decode()
    [link] = re.findall(r'<a[^>]*href="/work/lines/"[^>]*>.*?</a>', page, re.DOTALL)[:1]
    return re.findall(r">\s*(\d+)\s*<", link), page


def test_a_draft_that_waits_is_counted_for_whoever_approves_it(site, draft):
    with scope(EVERYWHERE):
        LineDraft.objects.update(
            state=LineState.SUBMITTED, basis="渝测〔2026〕7号", effective=TODAY, submitted_at=NOON
        )
    number, page = waiting(site["city"])
    assert number == ["1"]
    assert "有 1 份界线等您批准" in page
    for who in ("district", "neighbour", "township"):
        number, page = waiting(site[who])
        assert (number, "等您批准" in page) == ([], False), who


def test_lines_that_do_not_fit_any_more_are_counted_where_they_are_drawn(site):
    with scope(EVERYWHERE):
        LineReview.objects.create(
            division_id=2, area="1.2.", layer="township", because="JX1", since=NOON
        )
    number, page = waiting(site["district"])
    assert number == ["1"]
    assert "1 层界线和上级对不上，要重画" in page
    assert waiting(site["neighbour"])[0] == []


def test_the_page_says_what_lies_on_the_ground_and_what_became_of_it(site, draft):
    counts = [{"name": "person", "label": "住在里面的人", "count": 82, "unit": "人"}]
    with scope(EVERYWHERE):
        LineDraft.objects.filter(pk=draft.pk).update(counts=counts)
        one, other = Division.objects.filter(parent=2).order_by("pk")[:2]
        GroundChange.objects.create(
            draft=draft, division=draft.division, before_id=one.pk, after_id=other.pk, m2=900,
            geom=Boundary.objects.get(division=one, valid_to=None).geom,
        )  # fmt: skip
        Receipt.objects.create(
            draft=draft, division=draft.division, thing="building", label="楼栋", kept=1,
            moved={f"{one.pk}>{other.pk}": 3}, along={"人": 82}, left=[["无名楼", "没有坐标"]],
            started_at=NOON,
        )  # fmt: skip
    page = site["district"].get(url(draft)).content.decode()
    said = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    assert "住在里面的人 82 人" in said
    assert f"{one.name} → {other.name} ：3 栋 跟着走的人：82 1 栋留在原处" in said
    assert "无名楼： 没有坐标" in said
