"""Every field of every record as data: forms, imports, provenance, reports and exports read this.

Pure. Code sets and their standards lie in tables (`seed/registry/`); here is only which set a field
takes. `level` is that of domain.md §5.4: L1 public, L2 inside, L3 personal, L4 sensitive.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from yukuai.registry.numbers import BadNumber, read_citizen, read_uscc, tidy_number

CITIZEN_ID = ("111", "112", "113")
"""Kinds of papers (GA/T 517) that bear a citizen identification number."""
WEST, EAST, SOUTH, NORTH = 73.0, 136.0, 3.0, 54.0
"""The box of the country; a coordinate beyond it was written down wrongly."""


class Sort(StrEnum):
    TEXT = "text"
    DATE = "date"
    CODE = "code"
    INTEGER = "integer"
    DECIMAL = "decimal"
    YES_NO = "yes-no"
    PAPER = "paper"
    PHONE = "phone"
    USCC = "uscc"


class Level(StrEnum):
    PUBLIC = "L1"
    INSIDE = "L2"
    PERSONAL = "L3"
    SENSITIVE = "L4"


@dataclass(frozen=True)
class Field:
    """`name` is the column. A sealed one is shown by its `hint` column and, where there is a
    `hash` column, found by the whole value. `aliases` are headings people give it in tables."""

    name: str
    label: str
    sort: Sort = Sort.TEXT
    codes: str = ""
    level: Level = Level.PERSONAL
    limit: int = 100
    least: float | None = None
    most: float | None = None
    required: bool = False
    sealed: bool = False
    hint: str = ""
    hash: str = ""
    help: str = ""
    aliases: tuple[str, ...] = ()


class BadValue(ValueError):
    """The sentence says what to do with the value."""


S, L = Sort, Level
_PLACE = (
    Field(
        "lon", "经度", S.DECIMAL, level=L.PUBLIC, least=WEST, most=EAST, help="国家 2000 坐标，东经"
    ),
    Field(
        "lat",
        "纬度",
        S.DECIMAL,
        level=L.PUBLIC,
        least=SOUTH,
        most=NORTH,
        help="国家 2000 坐标，北纬",
    ),
)
_PERSON = (
    Field("name", "姓名", limit=40, required=True, aliases=("名字", "居民姓名")),
    Field("sex", "性别", S.CODE, "sex"),
    Field("birth_date", "出生日期", S.DATE, aliases=("出生年月", "生日")),
    Field("ethnicity", "民族", S.CODE, "ethnicity"),
    Field("id_type", "证件类型", S.CODE, "paper"),
    Field(
        "id_no",
        "证件号码",
        S.PAPER,
        level=L.SENSITIVE,
        limit=30,
        sealed=True,
        hint="id_hint",
        hash="person_key",
        aliases=("身份证号", "身份证号码", "公民身份号码", "身份证"),
    ),
    Field(
        "phone",
        "手机号",
        S.PHONE,
        limit=20,
        sealed=True,
        hint="phone_hint",
        hash="phone_hash",
        aliases=("电话", "联系电话", "手机", "手机号码"),
    ),
    Field("marital", "婚姻状况", S.CODE, "marital"),
    Field("education", "学历", S.CODE, "education", aliases=("文化程度",)),
    Field("political", "政治面貌", S.CODE, "political"),
    Field("nationality", "国籍", S.CODE, "nationality"),
    Field("hukou_address", "户籍地址", limit=200, sealed=True, aliases=("户籍地", "户口地址")),
    Field("work", "工作单位", limit=100),
)
_HOUSEHOLD = (
    Field("household_kind", "户别", S.CODE, "household", level=L.INSIDE),
    Field("hukou_no", "户号", limit=30, sealed=True, help="户口簿上的户号"),
    Field("hukou_address", "户籍地址", limit=200, sealed=True),
)
_DWELLING = (
    Field("floor", "楼层", S.INTEGER, level=L.INSIDE, least=-9, most=200, required=True),
    Field("room", "房号", level=L.INSIDE, limit=20, required=True, aliases=("室", "房间号")),
    Field("address", "标准地址", level=L.INSIDE, limit=200, aliases=("地址", "房屋地址")),
    Field("usage", "用途", S.CODE, "dwelling-usage", level=L.INSIDE),
    Field("status", "使用情况", S.CODE, "dwelling-status", level=L.INSIDE, aliases=("房屋状态",)),
    Field("area_m2", "建筑面积", S.DECIMAL, level=L.INSIDE, least=1, most=100_000, help="平方米"),
    Field("owner_name", "产权人", limit=60, sealed=True),
)
_BUILDING = (
    Field("name", "楼栋名称", level=L.PUBLIC, limit=60, required=True, aliases=("楼栋", "楼号")),
    Field("address", "地址", level=L.PUBLIC, limit=200),
    Field("floors", "层数", S.INTEGER, level=L.PUBLIC, least=1, most=200),
    Field("built_year", "建成年份", S.INTEGER, level=L.PUBLIC, least=1850, most=2100),
    Field("elevator", "有电梯", S.YES_NO, level=L.PUBLIC),
    *_PLACE,
)
_COMPOUND = (
    Field("property_company", "物业公司", level=L.PUBLIC, limit=100),
    Field("owners_committee", "有业委会", S.YES_NO, level=L.PUBLIC),
    Field("built_year", "建成年份", S.INTEGER, level=L.PUBLIC, least=1850, most=2100),
    Field("homes", "规划户数", S.INTEGER, level=L.PUBLIC, least=0, most=100_000),
)
_ORGANISATION = (
    Field(
        "name", "单位名称", level=L.INSIDE, limit=120, required=True, aliases=("名称", "企业名称")
    ),
    Field(
        "uscc",
        "统一社会信用代码",
        S.USCC,
        level=L.INSIDE,
        limit=18,
        aliases=("信用代码", "社会信用代码"),
    ),
    Field("org_type", "单位类型", S.CODE, "organisation", level=L.INSIDE),
    Field("industry", "行业门类", S.CODE, "industry", level=L.INSIDE),
    Field("legal_rep", "负责人", limit=40, sealed=True, aliases=("法定代表人", "法人代表")),
    Field(
        "phone",
        "联系电话",
        S.PHONE,
        limit=20,
        sealed=True,
        hint="phone_hint",
        hash="phone_hash",
        aliases=("电话",),
    ),
    Field("employees", "从业人数", S.INTEGER, level=L.INSIDE, least=0, most=1_000_000),
    Field("address", "地址", level=L.INSIDE, limit=200),
    *_PLACE,
)
_SOCIAL_ORG = (
    Field("name", "名称", level=L.INSIDE, limit=120, required=True),
    Field("org_type", "类别", S.CODE, "social-org", level=L.INSIDE),
    Field("register_no", "登记（备案）号", level=L.INSIDE, limit=40),
    Field("leader", "负责人", limit=40, sealed=True),
    Field("members", "成员数", S.INTEGER, level=L.INSIDE, least=0, most=1_000_000),
    Field("services", "服务内容", level=L.INSIDE, limit=400),
)
_PARTY_ORG = (
    Field("name", "名称", level=L.INSIDE, limit=120, required=True),
    Field("org_type", "类别", S.CODE, "party-org", level=L.INSIDE),
    Field("leader", "书记", limit=40, sealed=True),
    Field("members", "党员数", S.INTEGER, level=L.INSIDE, least=0, most=1_000_000),
    Field("services", "服务内容", level=L.INSIDE, limit=400),
)
_FACILITY = (
    Field("name", "名称", level=L.PUBLIC, limit=80, required=True, aliases=("设施名称",)),
    Field("category", "类别", S.CODE, "facility", level=L.PUBLIC, required=True),
    Field("address", "地址", level=L.PUBLIC, limit=200),
    Field(
        "opening_hours",
        "开放时间",
        level=L.PUBLIC,
        limit=120,
        help="例：周一至周五 9:00-18:00；周六 9:00-12:00。这样写，居民看得到现在开没开",
    ),
    Field("accessible", "无障碍", S.YES_NO, level=L.PUBLIC),
    Field("access_note", "无障碍说明", level=L.PUBLIC, limit=200, help="坡道、电梯、盲文等"),
    Field("capacity", "可容纳人数", S.INTEGER, level=L.PUBLIC, least=0, most=1_000_000),
    Field("public_phone", "公开电话", level=L.PUBLIC, limit=30),
    Field("maintainer", "管理单位", level=L.PUBLIC, limit=100),
    *_PLACE,
)
_OFFICE_HOLDER = (
    Field("name", "姓名", level=L.INSIDE, limit=40, required=True),
    Field("body", "组织", S.CODE, "office-body", level=L.INSIDE, required=True),
    Field("post", "职务", level=L.INSIDE, limit=40, required=True),
    Field("office_phone", "办公电话", level=L.INSIDE, limit=30),
    Field("term_from", "任职起", S.DATE, level=L.INSIDE),
    Field("term_to", "任职止", S.DATE, level=L.INSIDE),
    Field("elected_in", "选举（任命）依据", level=L.INSIDE, limit=100),
)
_PROJECT = (
    Field("name", "项目名称", level=L.INSIDE, limit=120, required=True),
    Field("project_kind", "类型", S.CODE, "project", level=L.INSIDE),
    Field("funding", "资金来源", S.CODE, "funding", level=L.INSIDE),
    Field("budget_yuan", "预算", S.DECIMAL, level=L.INSIDE, least=0, most=1e11, help="元"),
    Field("resolution", "决议依据", level=L.INSIDE, limit=200),
    Field("contractor", "承建单位", level=L.INSIDE, limit=100),
    Field("progress", "进度", S.INTEGER, level=L.INSIDE, least=0, most=100, help="百分之几"),
    Field("accepted_on", "验收日期", S.DATE, level=L.INSIDE),
)
FIELDS: Mapping[str, tuple[Field, ...]] = {
    "person": _PERSON,
    "household": _HOUSEHOLD,
    "dwelling": _DWELLING,
    "building": _BUILDING,
    "compound": _COMPOUND,
    "organisation": _ORGANISATION,
    "social-org": _SOCIAL_ORG,
    "party-org": _PARTY_ORG,
    "facility": _FACILITY,
    "office-holder": _OFFICE_HOLDER,
    "project": _PROJECT,
}
"""By kind (`states.Kind`), in the order in which people read them."""


def field_of(kind: str, name: str) -> Field:
    """Raises KeyError."""
    return _BY_NAME[kind][name]


_BY_NAME = {kind: {one.name: one for one in fields} for kind, fields in FIELDS.items()}


def read_value(field: Field, typed: str, *, codes: Mapping[str, str], today: date) -> str:
    """What was typed as it is kept: tidy text, an ISO date, a code, a number, `1` or `0`; empty for
    nothing. `codes` are the labels of the field's code set by code; a label is taken for its code.
    Raises BadValue.
    """
    text = " ".join(typed.split())
    if not text:
        return ""
    if field.sort is Sort.CODE:
        return _code(field, text, codes)
    if field.sort is Sort.PAPER:
        return tidy_number(text)[: field.limit]
    value = _READERS.get(field.sort, _text)(field, text)
    if field.sort is Sort.DATE and date.fromisoformat(value) > today and field.name == "birth_date":
        raise BadValue("出生日期不能晚于今天。")
    return value


def check_paper(id_type: str, number: str, *, today: date) -> tuple[str, str]:
    """Birth date (ISO) and sex that a citizen's number states; empty for other papers. Raises
    BadValue."""
    if id_type not in CITIZEN_ID:
        return "", ""
    try:
        citizen = read_citizen(number, today=today)
    except BadNumber as error:
        raise BadValue(str(error)) from error
    return citizen.birth_date.isoformat(), citizen.sex


def _text(field: Field, text: str) -> str:
    if len(text) > field.limit:
        raise BadValue(f"{field.label}最多 {field.limit} 个字，现在有 {len(text)} 个。")
    return text


def _code(field: Field, text: str, codes: Mapping[str, str]) -> str:
    if text in codes:
        return text
    found = [code for code, label in codes.items() if text in (label, label.removesuffix("族"))]
    if len(found) == 1:
        return found[0]
    few = "、".join(list(codes.values())[:6])
    raise BadValue(f"{field.label}没有“{text}”这一项，请填：{few}等。")


def _date(field: Field, text: str) -> str:
    plain = text.replace("年", "-").replace("月", "-").replace("日", "").replace("/", "-")
    plain = plain.replace(".", "-").split(" ")[0]
    try:
        if plain.isdigit() and len(plain) == 8:
            return date(int(plain[:4]), int(plain[4:6]), int(plain[6:])).isoformat()
        year, month, day = (int(part) for part in plain.split("-"))
        return date(year, month, day).isoformat()
    except ValueError as error:
        raise BadValue(f"{field.label}“{text}”不是日期，请写成 1949-12-31 这样。") from error


def _number(field: Field, text: str) -> str:
    plain = text.replace(",", "").removesuffix("㎡").removesuffix("元").strip()
    try:
        value = float(plain)
    except ValueError as error:
        raise BadValue(f"{field.label}“{text}”不是数字。") from error
    if value != value or abs(value) == float("inf"):
        raise BadValue(f"{field.label}“{text}”不是数字。")
    if field.sort is Sort.INTEGER and value != int(value):
        raise BadValue(f"{field.label}要填整数。")
    low, high = field.least, field.most
    if (low is not None and value < low) or (high is not None and value > high):
        raise BadValue(f"{field.label}在 {low:g} 到 {high:g} 之间，“{text}”不对。")
    return str(int(value)) if field.sort is Sort.INTEGER else f"{value:.7f}".rstrip("0").rstrip(".")


def _yes_no(field: Field, text: str) -> str:
    if text in ("1", "是", "有", "对", "True", "true", "on"):
        return "1"
    if text in ("0", "否", "无", "没有", "False", "false"):
        return "0"
    raise BadValue(f"{field.label}请填“是”或“否”。")


def _phone(field: Field, text: str) -> str:
    digits = "".join(sign for sign in tidy_number(text) if sign.isdigit())
    if digits.startswith("86") and len(digits) == 13:
        digits = digits[2:]
    if not 7 <= len(digits) <= 12:
        raise BadValue(f"{field.label}“{text}”位数不对。")
    return digits


def _uscc(field: Field, text: str) -> str:
    try:
        return read_uscc(text)
    except BadNumber as error:
        raise BadValue(str(error)) from error


_READERS = {
    Sort.DATE: _date,
    Sort.INTEGER: _number,
    Sort.DECIMAL: _number,
    Sort.YES_NO: _yes_no,
    Sort.PHONE: _phone,
    Sort.USCC: _uscc,
}
