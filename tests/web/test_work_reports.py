"""一表通 over HTTP, without scripts: defined, filled, compared, asked for, approved, downloaded."""

import io
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from xlsxwriter import Workbook

from tests.casework import enforcement, pack, places
from tests.db.registry.test_reports import ELDERS, HEAD, saved, settled
from tests.registering import KEEPER, TOWN, again, codes
from tests.sheets import read_xlsx
from tests.web.desks import at_most, at_noon, desk
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.registry.models import Report, ReportOutput, ReportTake
from yukuai.registry.reporting import Shape

__all__ = ["at_noon", "codes", "desk", "enforcement", "pack", "places"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("places", "codes")]
LIST, NEW, OVERLAP = "/work/reports/", "/work/reports/new/", "/work/reports/overlap/"
SAID = {"name": "老人名单", "title": "六十岁以上老人名单", "purpose": "安排走访"}
ASKED = {
    **SAID,
    "columns_own": ["person.name", "derived.age"],
    "columns_dwelling": ["dwelling.room"],
    "f0_column": "derived.age",
    "f0_how": "least",
    "f0_value": "60",
    "order": "",
}


def words(response):
    return response.content.decode()


def everything(model):
    with scope(EVERYWHERE):
        return list(model.objects.order_by("pk"))


def output_page(client):
    [output] = everything(ReportOutput)
    return f"/work/reports/outputs/{output.pk}/", output


def token(page):
    return re.search(r'name="token" value="([^"]+)"', words(page))[1]


def test_whoever_asks_reads_that_children_stay_inside(desk):
    settled("石阶", "202")
    settled("雾都", "203", born="2012-03-03")
    clerk = desk("clerk")
    clerk.post(f"{NEW}?kind=person&by=", ASKED | {"f0_column": "", "f0_how": "", "f0_value": ""})
    [report] = everything(Report)
    page = words(clerk.get(f"{LIST}{report.pk}/export/"))
    assert "不满 14 周岁的 1 人不能导出，只能在平台里按用途打开看。" in page


def test_a_report_is_defined_with_plain_forms_and_fills_itself(desk):
    settled("石阶", "202")
    clerk = desk("clerk")
    assert "还没有报表" in words(clerk.get(LIST))
    assert "一条记录" in words(clerk.get(NEW))
    page = words(clerk.get(f"{NEW}?kind=person&by="))
    assert "要哪些栏：房屋" in page
    answer = clerk.post(f"{NEW}?kind=person&by=", ASKED)
    [report] = everything(Report)
    assert answer["Location"] == f"{LIST}{report.pk}/"
    assert report.asks.columns == ("person.name", "derived.age", "dwelling.room")
    shown = words(clerk.get(answer["Location"]))
    assert "共 1 行" in shown
    for cell in ("石阶", "76", "202", "年龄 不小于 60"):
        assert cell in shown


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": ""}, "给这张表起个名字。"),
        ({"purpose": ""}, "写明做什么用。"),
        ({"columns_own": [], "columns_dwelling": []}, "至少选一栏。"),
        ({"f0_value": "老"}, "年龄“老”不是数字。"),
        ({"f0_how": "has"}, "有一个条件认不出来，请重新选。"),
        ({"columns_own": ["person.shoe"]}, "有一栏认不出来，请重新选。"),
    ],
)
def test_what_is_refused_is_asked_again_with_what_was_typed(desk, change, said):
    page = desk("clerk").post(f"{NEW}?kind=person&by=", {**ASKED, **change})
    assert page.status_code == 422
    assert said in words(page)
    assert "六十岁以上老人名单" in words(page)
    assert everything(Report) == []


def test_a_definition_is_changed_by_its_place_in_the_order_it_had(desk):
    report = saved(shape=Shape("person", columns=("dwelling.room", "person.name")))
    clerk = desk("clerk")
    page = words(clerk.get(f"{LIST}{report.pk}/edit/"))
    assert 'value="六十岁以上老人名单"' in page
    change = {
        **SAID,
        "columns_own": ["person.name", "person.sex"],
        "columns_dwelling": ["dwelling.room"],
    }
    clerk.post(f"{LIST}{report.pk}/edit/", change)
    [report] = everything(Report)
    assert report.version == 2
    assert report.asks.columns == ("dwelling.room", "person.name", "person.sex")
    assert clerk.post(f"{LIST}{report.pk}/retire/").status_code == 302
    assert clerk.get(f"{LIST}{report.pk}/").status_code == 404


def test_the_township_offers_its_definition_and_reads_numbers_alone(desk):
    settled("石阶", "202")
    report = saved(TOWN)
    clerk, town = desk("clerk"), desk("town")
    assert "上级定的，您可以用" in words(clerk.get(LIST))
    assert "石阶" in words(clerk.get(f"{LIST}{report.pk}/"))
    assert clerk.get(f"{LIST}{report.pk}/edit/").status_code == 403
    page = words(town.get(f"{LIST}{report.pk}/"))
    assert "石阶" not in page
    assert "逐条的表由村（社区）来填" in page
    summary = saved(
        TOWN, shape=Shape("person", by="community"), head=HEAD.__class__("数", "数", "看")
    )
    page = words(town.get(f"{LIST}{summary.pk}/"))
    assert "南社区" in page
    assert desk("elsewhere").get(f"{LIST}{report.pk}/").status_code == 404


def test_what_lacks_is_typed_into_the_register_and_a_wrong_cell_keeps_the_rest(desk):
    who, home = settled("石阶", "202")
    report = saved(
        shape=Shape("person", columns=("person.name", "person.work", "dwelling.area_m2"))
    )
    clerk, address = desk("clerk"), f"{LIST}{report.pk}/fill/"
    assert f'name="c-person-{who.pk}-work"' in words(clerk.get(address))
    cells = {
        "source": "visit",
        "collected_on": "2026-03-01",
        f"c-person-{who.pk}-work": "码头",
        f"c-dwelling-{home.pk}-area_m2": "很大",
    }
    page = clerk.post(address, cells)
    assert page.status_code == 422
    for shown in ('value="码头"', 'value="很大"', "建筑面积“很大”不是数字。"):
        assert shown in words(page)
    assert again(who).work == ""
    cells[f"c-dwelling-{home.pk}-area_m2"] = "63"
    page = clerk.post(address, cells, follow=True)
    assert "存下 2 格" in words(page)
    assert "没有空着的格子" in words(page)
    assert (again(who).work, again(home).area_m2) == ("码头", 63.0)


def test_from_the_request_to_the_file(desk):
    settled("石阶", "202", phone="19900000202")
    report = saved()
    clerk, town = desk("clerk"), desk("town")
    page = words(clerk.get(f"{LIST}{report.pk}/export/"))
    assert "要上一级批准" in page
    wish = {"columns": ELDERS.columns, "purpose": "街道走访", "form": "xlsx"}
    answer = clerk.post(f"{LIST}{report.pk}/export/", wish)
    address, output = output_page(clerk)
    assert answer["Location"] == address
    assert "等上一级批准" in words(clerk.get(address))
    assert clerk.post(f"{address}take/", {"token": "x"}).status_code == 409
    assert "有 1 份导出等您批" in words(town.get(LIST))
    assert "等您批" in words(town.get(f"{LIST}outputs/"))
    assert "批不批" in words(town.get(address))
    assert town.post(address, {"decision": "refuse", "answer": ""}).status_code == 422
    assert town.post(address, {"decision": "approve", "answer": ""}).status_code == 302
    page = clerk.get(address)
    used = token(page)
    file = clerk.post(f"{address}take/", {"token": used})
    data = b"".join(file.streaming_content)
    assert output.number in file["Content-Disposition"]
    assert "no-store" in file["Cache-Control"]
    assert read_xlsx(data)["表"].rows[2] == ["石阶", "76", "19900000202", "1栋", "202"]
    assert clerk.post(f"{address}take/", {"token": used}).status_code == 409
    assert len(everything(ReportTake)) == 1
    assert desk("colleague").get(address).status_code == 200
    assert 'name="token"' not in words(desk("colleague").get(address))
    assert desk("neighbour").get(address).status_code == 404
    assert "省下" in words(clerk.get(f"{LIST}savings/"))


def test_a_form_that_is_mostly_known_becomes_a_report(desk):
    clerk = desk("clerk")
    page = words(clerk.post(OVERLAP, {"headings": "姓名\n联系电话\n家庭住址\n入伍时间"}))
    assert "底数里已经有 75%" in page
    assert "不能另发" in page
    link = re.search(r'href="(/work/reports/new/\?[^"]+)"', page)[1].replace("&amp;", "&")
    assert parse_qs(urlsplit(link).query)["columns"] == [
        "person.name,person.phone,dwelling.address"
    ]
    form = words(clerk.get(link))
    assert len(re.findall(r"checked", form)) == 3
    clerk.post(
        link,
        {
            **SAID,
            "columns_own": ["person.name", "person.phone"],
            "columns_dwelling": ["dwelling.address"],
        },
    )
    [report] = everything(Report)
    assert report.asks.columns == ("person.name", "person.phone", "dwelling.address")


def test_a_form_with_enough_that_is_new_may_be_sent(desk):
    page = words(desk("town").post(OVERLAP, {"headings": "姓名\n入伍时间"}))
    assert "底数里已经有 50%" in page
    assert "可以发" in page
    assert "入伍时间" in page


def test_a_heading_row_is_read_from_a_file_and_a_saved_definition_is_a_form(desk):
    clerk = desk("clerk")
    book = io.BytesIO()
    with Workbook(book) as made:
        sheet = made.add_worksheet()
        sheet.write_row(0, 0, ["空置房摸排表"])
        sheet.write_row(1, 0, ["楼栋号", "房号", "面积（㎡）", "空置原因"])
        sheet.write_row(2, 0, ["1栋", "101"])
    file = SimpleUploadedFile("表.xlsx", book.getvalue())
    page = words(clerk.post(OVERLAP, {"headings": "", "file": file}))
    assert "底数里已经有 75%" in page
    report = saved()
    assert "100%" in words(clerk.post(OVERLAP, {"headings": "", "report": report.pk}))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"headings": " "}, "写上表头，一行一个，或者传一个表。"),
        (
            {"headings": "姓名", "file": SimpleUploadedFile("a.xlsx", b"PK\x03\x04x")},
            "文件打不开",
        ),
    ],
)
def test_what_is_no_form_is_asked_again(desk, given, said):
    page = desk("clerk").post(OVERLAP, given)
    assert page.status_code == 422
    assert said in words(page)


def test_the_pages_ask_little(desk):
    for number in range(3):
        settled(f"石阶{number}", f"20{number}")
    report = saved()
    clerk = desk("clerk")
    for address, most in ((LIST, 6), (f"{LIST}{report.pk}/", 12), (f"{LIST}outputs/", 6)):
        clerk.get(address)
        with at_most(most):
            assert clerk.get(address).status_code == 200


def test_a_grid_worker_has_no_reports(desk):
    assert desk("grid").get(LIST).status_code == 403
    assert KEEPER.may("report.use")
