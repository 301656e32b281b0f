"""FieldOverlap: real-looking forms, how much of each the register holds, and the line at 60 %."""

import csv

import pytest

from config.environment import BASE
from yukuai.registry.headings import headings_of
from yukuai.registry.intake.files import BadFile
from yukuai.registry.overlap import compare, find, names_of, read_headings, tidy
from yukuai.registry.reporting import COLUMNS, Shape, check_shape

with (BASE / "seed/registry/synonyms.csv").open(encoding="utf-8", newline="") as file:
    SYNONYMS = [(row["word"], row["column"]) for row in csv.DictReader(file)]

FORMS = {
    "elderly": ("序号 姓名 性别 身份证号 年龄 家庭住址 联系电话 是否独居 子女电话", "person", 75),
    "vacant": ("1.楼栋号 单元 房号 面积(㎡) 空置原因 产权人", "dwelling", 83),
    "veterans": (
        "退役军人姓名 性别 出生年月 证件号码 入伍时间 退伍时间 政治面貌 现住址",
        "person",
        75,
    ),
    "tenants": ("承租人姓名 身份证号 联系方式 租赁起止 房东姓名 房东电话 房屋地址", "person", 71),
    "firms": (
        "企业名称 统一社会信用代码 法定代表人 联系电话 从业人数 经营地址 行业",
        "organisation",
        100,
    ),
    "party members": ("姓名 性别 民族 出生日期 学历 入党时间 所在党支部 联系电话", "person", 75),
    "subsistence": ("户主姓名 身份证号码 家庭人口 月收入(元) 致贫原因 住址", "person", 50),
    "disabled": ("姓名 身份证号 残疾证号 残疾类别 残疾等级 监护人 监护人电话", "person", 28),
    "floating": ("姓名 性别 公民身份号码 户籍地址 现居住地址 手机号码 来渝时间", "person", 85),
    "children": ("儿童姓名 性别 出生年月 就读学校 监护人姓名 是否留守", "person", 50),
    "marriage": ("姓名 性别 民族 婚姻状况 文化程度 工作单位", "person", 100),
    "buildings": ("楼栋名称 地址 总层数 建成年代 是否有电梯 外墙材料", "building", 83),
    "compounds": ("小区名称 物业公司 业委会 总户数 车位数 充电桩", "compound", 66),
    "facilities": ("设施名称 类别 地址 开放时间 床位数 管护单位 上次检修", "facility", 85),
    "social orgs": ("组织名称 类别 备案号 负责人 会员数 年度经费", "social-org", 83),
    "committee": ("姓名 职务 办公电话 任职时间 报酬标准", "office-holder", 80),
    "projects": ("项目名称 资金来源 投资额(万元) 施工单位 进度 形象照片", "project", 83),
    "dogs": ("犬只品种 免疫证号 免疫日期 犬主签名", "person", 0),
    "cars": ("车牌号 车型 颜色 停放位置", "person", 0),
    "households": ("户号 户口性质 与户主关系 姓名 性别 居住状态 备注", "person", 100),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_form_is_compared_with_what_the_register_holds(form):
    headings, kind, percent = FORMS[form]
    found = compare(read_headings(headings.split()), SYNONYMS)
    assert (found.percent, found.kind if percent else "person") == (percent, kind)


def test_each_heading_names_its_field_its_level_and_how_sure_it_is():
    found = compare(["姓名", "身份证", "家庭住址", "承租人电话", "养了几只猫"], SYNONYMS)
    shown = [(m.heading, m.column.name, m.column.field.level, m.sure) for m in found.held]
    assert shown == [
        ("姓名", "person.name", "L3", 100),
        ("身份证", "person.id_no", "L4", 95),
        ("家庭住址", "dwelling.address", "L2", 90),
        ("承租人电话", "person.phone", "L3", 75),
    ]
    assert found.new == ("养了几只猫",)


@pytest.mark.parametrize(
    "written",
    [
        "姓名",
        "　姓 名 ",
        "*姓名",
        "1.姓名",
        "（一）姓名",
        "姓名（必填）",
        "姓名：",
        "姓\n名",
        "［姓名］",
    ],
)
def test_how_a_heading_is_written_makes_no_difference(written):
    names = names_of(COLUMNS["person"], [])
    assert find(" ".join(written.split()), names)[0] == "person.name"


def test_a_remark_of_nothing_but_brackets_is_kept():
    assert tidy("（电话）") == "电话"


def test_what_asks_for_no_fact_counts_on_neither_side():
    found = compare(["序号", "姓名", "填表人", "入伍时间"], SYNONYMS)
    assert found.skipped == ("序号", "填表人")
    assert found.percent == 50


@pytest.mark.parametrize(("held", "new", "must"), [(3, 2, False), (7, 4, True), (61, 39, True)])
def test_exactly_sixty_per_cent_is_not_above_it(held, new, must):
    known = [f"{n}、{label}" for n, label in enumerate(["姓名"] * held, 1)]
    found = compare([*known, *(f"新项{n}甲" for n in range(new))], [])
    assert len(found.held) == held
    assert found.must_reuse(60) == must


def test_a_form_that_asks_nothing_overlaps_with_nothing():
    found = compare(["序号"], SYNONYMS)
    assert (found.percent, found.must_reuse(60)) == (0, False)


def test_a_report_is_made_of_what_is_held_in_the_order_of_the_form():
    found = compare(["联系电话", "姓名", "手机", "房号"], SYNONYMS)
    assert found.columns == ("person.phone", "person.name", "dwelling.room")
    shape = Shape(found.kind, columns=found.columns)
    assert check_shape(shape, codes={}, today=None) == shape


def test_every_synonym_names_a_column_once():
    known = {one.name for columns in COLUMNS.values() for one in columns} | {"-"}
    assert [pair for pair in SYNONYMS if pair[1] not in known] == []
    assert len(set(SYNONYMS)) == len(SYNONYMS)


def test_headings_are_each_there_once_and_no_essays():
    assert read_headings(["姓名", " ", "姓名 ", "长" * 99]) == ["姓名", "长" * 60]


def test_the_heading_row_of_a_csv_is_the_fullest_of_the_first_rows():
    for encoding in ("utf-8", "utf-8-sig", "gb18030"):
        data = "某街道空置房摸排表,,\n楼栋,房号,面积\n1栋,101,\n".encode(encoding)
        assert headings_of(data, name="表.csv") == ["楼栋", "房号", "面积"]
    assert headings_of("姓名,电话\n".encode(), name="表.csv") == ["姓名", "电话"]


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04nothing", b"\x00\x01\x02"])
def test_what_is_no_table_is_refused(data):
    for name in ("表.csv", "表.xlsx"):
        with pytest.raises(BadFile):
            headings_of(data, name=name)
