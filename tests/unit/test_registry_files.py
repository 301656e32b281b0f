"""Files as people send them, and as somebody who means harm does."""

import csv
import io
import zipfile

import pytest
import xlsxwriter

from yukuai.registry.intake import files
from yukuai.registry.intake.copies import write_copy
from yukuai.registry.intake.files import BadFile, Row, Table, read_table, read_upload
from yukuai.registry.intake.mapping import (
    BadMapping,
    check_mapping,
    find_headings,
    floor_of,
    guess,
)

SHEET = "xl/worksheets/sheet1.xml"


def book(rows, formulas=()):
    made = io.BytesIO()
    workbook = xlsxwriter.Workbook(made)
    sheet = workbook.add_worksheet()
    for line, row in enumerate(rows):
        for place, cell in enumerate(row):
            sheet.write(line, place, cell)
    for where, formula, value in formulas:
        sheet.write_formula(where, formula, None, value)
    workbook.close()
    return made.getvalue()


def repacked(data, **changes):
    """The same workbook with parts of another content; `changes` by the end of their names."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w", 8) as new:
        for name in old.namelist():
            content = old.read(name)
            for end, change in changes.items():
                if name.endswith(f"{end}.xml"):
                    content = change(content)
            new.writestr(name, content)
    return made.getvalue()


def cells(data, name):
    return [row.cells for row in read_table(data, name=name).rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_text_is_read_whatever_it_was_saved_as(encoding, delimiter):
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows([["姓名", "手机号"], ["水清浅", "1990"]])
    assert cells(text.getvalue().encode(encoding), "a.CSV") == [
        ("姓名", "手机号"),
        ("水清浅", "1990"),
    ]


def test_a_workbook_is_read_as_people_see_it():
    data = book(
        [["姓名", "数", "钱", "对"], ["水清浅", 3, 2.5, True], [], ["x"]],
        formulas=[("E2", "=1+1", 2), ("F2", '=HYPERLINK("http://localhost")', "看")],
    )
    assert cells(data, "a.xlsx") == [
        ("姓名", "数", "钱", "对"),
        ("水清浅", "3", "2.5", "是", "2", "看"),
        ("x",),
    ]
    assert [row.line for row in read_table(data, name="a.xlsx").rows] == [1, 2, 4]


def test_what_is_no_table_is_refused_with_what_to_do():
    table = book([["姓名"], ["水清浅"]])
    for data, name, said in (
        (b"", "a.csv", files.EMPTY),
        ("姓名\n".encode(), "a.csv", files.EMPTY),
        (table, "a.csv", files.NOT_WHAT_IT_SAYS),
        (table, "a.xls", files.NOT_A_TABLE),
        ("姓名\n水".encode(), "a.xlsx", files.NOT_WHAT_IT_SAYS),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "a.xlsx", files.LOCKED),
        (table[: len(table) // 2], "a.xlsx", files.BROKEN),
        (b"\x81\x00\x81\x00\n\x00\xff", "a.csv", files.NOT_TEXT),
        (b"%PDF-1.7\n%\xff\xff\xff\xff", "a.csv", files.NOT_TEXT),
    ):
        with pytest.raises(BadFile) as refused:
            read_table(data, name=name)
        assert str(refused.value) == said, name


def test_two_gigabytes_are_refused_unread():
    class Huge:
        size = 2 << 30

        def read(self, size=-1, /):
            raise AssertionError("read")

        def seek(self, offset, /):
            raise AssertionError("sought")

    with pytest.raises(BadFile, match="超过 40 MB"):
        read_upload(Huge())


def test_a_bomb_is_not_unpacked(monkeypatch):
    monkeypatch.setattr(files, "MAX_UNPACKED", 4 * files.MEBI)
    data = repacked(book([["姓名"], ["水"]]), styles=lambda _old: b" " * (64 * files.MEBI))
    assert len(data) < files.MEBI
    with pytest.raises(BadFile, match="大得不正常"):
        read_table(data, name="a.xlsx")


def test_a_directory_that_lies_about_sizes_is_refused(monkeypatch):
    monkeypatch.setattr(files, "MAX_UNPACKED", 4 * files.MEBI)
    data = bytearray(
        repacked(book([["姓名"], ["水"]]), styles=lambda _old: b" " * (64 * files.MEBI))
    )
    place = bytes(data).rindex(b"PK\x01\x02", 0, bytes(data).rindex(b"xl/styles.xml"))
    data[place + 24 : place + 28] = (100).to_bytes(4, "little")
    with pytest.raises(BadFile):
        read_table(bytes(data), name="a.xlsx")


def test_too_many_parts_and_strange_packings_are_refused():
    made = io.BytesIO(book([["姓名"], ["水"]]))
    with zipfile.ZipFile(made, "a") as pack:
        for number in range(files.MAX_PARTS):
            pack.writestr(f"x{number}.xml", b"")
    with pytest.raises(BadFile, match="大得不正常"):
        read_table(made.getvalue(), name="a.xlsx")
    made = io.BytesIO(book([["姓名"], ["水"]]))
    with zipfile.ZipFile(made, "a") as pack:
        pack.writestr("x.xml", b"x" * 999, compress_type=zipfile.ZIP_LZMA)
    with pytest.raises(BadFile, match="打不开"):
        read_table(made.getvalue(), name="a.xlsx")


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        (b'<c r="XFD2" t="str"><v>x</v></c>', files.TOO_MANY_COLUMNS),
        (b"<c r='ZZZZZ2' t='str'><v>x</v></c>", files.TOO_MANY_COLUMNS),
        (b'<x:c s="1" r="XFD2" t="str"><x:v>x</x:v></x:c>', files.TOO_MANY_COLUMNS),
        (b'<c r="A1048576" t="str"><v>x</v></c>', files.TOO_MANY_ROWS),
        (b'<c t="str"><v>x</v></c>' * 1_000_000, files.TOO_MANY_COLUMNS),
        (b'<c foo=">" r="XFD1048576" t="str"><v>x</v></c>', files.BROKEN),
    ],
)
def test_a_cell_far_away_makes_no_field_of_a_million_columns(cell, said):
    data = repacked(
        book([["姓名"], ["水"]]),
        sheet1=lambda old: old.replace(b"</row></sheetData>", cell + b"</row></sheetData>"),
    )
    with pytest.raises(BadFile) as refused:
        read_table(data, name="a.xlsx")
    assert str(refused.value) == said


def test_a_million_columns_of_text_are_refused():
    with pytest.raises(BadFile, match="栏"):
        read_table(b"a" + b",a" * 1_000_000 + b"\nx", name="a.csv")


def test_formatted_but_empty_cells_are_no_reason_to_refuse():
    data = repacked(
        book([["姓名"], ["水"]]),
        sheet1=lambda old: old.replace(
            b"</row></sheetData>",
            b'<c r="XFD2" s="1"/></row><row r="1048576"><c r="A1048576" s="1"/></row></sheetData>',
        ),
    )
    assert cells(data, "a.xlsx") == [("姓名",), ("水",)]


@pytest.mark.parametrize(
    "evil",
    [
        b'<!DOCTYPE x [<!ENTITY a "b">]>',
        b'<!DOCTYPE x SYSTEM "file:///etc/passwd">',
        b"<!ENTITY a SYSTEM 'http://localhost'>",
    ],
)
def test_entities_are_not_expanded(evil):
    data = repacked(
        book([["姓名"], ["水"]]), sharedStrings=lambda old: old.replace(b"?>", b"?>" + evil, 1)
    )
    with pytest.raises(BadFile, match="外部定义"):
        read_table(data, name="a.xlsx")


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_nothing_that_was_handed_in_runs_when_it_is_handed_back(form):
    rows = [Row(1, ("姓名", "=备注", "结果")), Row(2, ("=1+1", "+86", "x"))]
    copy = write_copy(Table(form, rows), 0, {2: ("有错", "=SUM(A1)")})
    assert b"<f>" not in copy
    if form == "csv":
        assert "'=1+1" in copy.decode("utf-8-sig")
    else:
        with zipfile.ZipFile(io.BytesIO(copy)) as parts:
            assert b"<f>" not in parts.read(SHEET)
    assert cells(copy, f"a.{form}") == [
        ("姓名", "=备注", "结果", "说明"),
        ("=1+1", "+86", "有错", "=SUM(A1)"),
    ]


def test_headings_are_known_by_many_names():
    said = [
        "姓  名",
        "身份证号码（必填）",
        "联系电话",
        "备注",
        "楼号",
        "户室号",
        "与户主关系：",
        "名字",
    ]
    assert guess("person", said) == [
        "name",
        "id_no",
        "phone",
        "",
        "at.building",
        "at.room",
        "at.relation",
        "",
    ]
    rows = [Row(1, ("某社区人员信息表",)), Row(3, tuple(said)), Row(4, ("水",))]
    assert find_headings("person", Table("csv", rows)) == 1


@pytest.mark.parametrize(
    ("kind", "keys", "said"),
    [
        ("person", ["phone"], "“姓名”"),
        ("person", ["name", "name"], "两栏"),
        ("person", ["name", "nothing"], "没有“nothing”"),
        ("person", ["name", "at.room"], "“楼栋”"),
        ("person", ["name", "at.building"], "“房号”"),
        ("person", ["name", "at.relation"], "“户编号”"),
        ("dwelling", ["room"], "“楼栋”"),
        ("facility", ["name"], "“类别”"),
    ],
)
def test_a_mapping_that_cannot_work_says_what_is_missing(kind, keys, said):
    with pytest.raises(BadMapping, match=said):
        check_mapping(kind, keys)


def test_the_room_tells_the_floor():
    rooms = ("1203", "301", "B301", "12-3", "8", "负一", "100203")
    assert [floor_of(room) for room in rooms] == ["12", "3", "3", "1", "", "", ""]
