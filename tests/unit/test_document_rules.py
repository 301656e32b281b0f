import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import pictures
from yukuai.documents import rules
from yukuai.documents.kinds import KINDS, DocumentType
from yukuai.kernel.errors import InvalidInput

FACTS = {
    "case_number": "ZT-2603-000012",
    "matter": "楼道灯不亮",
    "received_on": "2026年3月2日",
    "unit": "北街城市管理办公室",
    "due": "2026年3月16日24时前",
    "contact": "北社区服务大厅",
}


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("IMG_2031.HEIC", "IMG_2031.jpg"),
        ("楼道 灯.jpeg", "楼道 灯.jpg"),
        ("../../etc/passwd", "passwd.jpg"),
        ("C:\\照片\\灯.png", "灯.jpg"),
        ("a\u202egnp.exe\x00\n", "agnp.jpg"),
        ("...", "照片.jpg"),
        ("", "照片.jpg"),
        ("长" * 300, "长" * 76 + ".jpg"),
    ],
)
def test_a_file_name_is_only_for_reading(typed, shown):
    assert rules.tidy_name(typed, suffix=".jpg") == shown


@given(st.text(max_size=300))
def test_no_file_name_leaves_its_folder_or_its_line(typed):
    name = rules.tidy_name(typed, suffix=".pdf")
    assert 5 <= len(name) <= rules.NAME_LENGTH
    assert name.endswith(".pdf")
    assert not set(name) & set('/\\\n\r\t\0\u202e"') - {'"'}


@pytest.mark.parametrize(
    ("kind", "name", "body"),
    [
        ("township", "大溪沟街道", "大溪沟街道办事处"),
        ("township", "大庙镇", "大庙镇人民政府"),
        ("community", "张家花园社区", "张家花园社区居民委员会"),
        ("community", "五福村", "五福村村民委员会"),
        ("community", "张家花园社区居民委员会", "张家花园社区居民委员会"),
        ("district", "渝中区", "渝中区"),
    ],
)
def test_the_head_names_the_legal_body(kind, name, body):
    assert rules.issuing_body(kind, name) == body


@pytest.mark.parametrize(
    ("body", "number"),
    [
        ("大溪沟街道办事处", "大溪沟街道社受〔2026〕12号"),
        ("张家花园社区居民委员会", "张家花园社区社受〔2026〕12号"),
        ("五福村村民委员会", "五福村社受〔2026〕12号"),
        ("渝中区城市管理局", "渝中区城市管理局社受〔2026〕12号"),
    ],
)
def test_a_number_says_who_for_what_when_and_which(body, number):
    assert rules.document_number(body=body, sign="受", year=2026, sequence=12) == number


@pytest.mark.parametrize(
    ("correction", "number"),
    [(0, "南社区选字第4号"), (1, "南社区选字第4号（更正）"), (3, "南社区选字第4号（更正三）")],
)
def test_a_serial_number_has_no_year_and_is_put_right_under_itself(correction, number):
    said = {"body": "南社区居民选举委员会", "sign": "选字", "sequence": 4}
    assert rules.serial_number(**said, correction=correction) == number


def test_each_kind_signs_differently():
    assert len({kind.sign for kind in KINDS.values()}) == len(KINDS) == len(DocumentType)


def test_what_is_missing_is_said_field_by_field():
    with pytest.raises(InvalidInput) as caught:
        rules.check_facts(KINDS["acceptance"], {**FACTS, "unit": " ", "matter": "长" * 401})
    assert caught.value.fields == {
        "unit": "写明承办单位。",
        "matter": "反映的事最多 400 字，现在有 401 字。",
    }


def test_a_fact_nobody_prints_is_a_mistake_of_the_caller():
    with pytest.raises(TypeError, match="phone"):
        rules.check_facts(KINDS["acceptance"], {**FACTS, "phone": "199 0000 0417"})


def test_control_and_direction_signs_are_not_printed():
    facts = rules.check_facts(
        KINDS["acceptance"], {**FACTS, "matter": " 灯\u202e不\x07亮\r\n二楼 "}
    )
    assert facts["matter"] == "灯不亮 二楼"


def test_paragraphs_stay_where_a_fact_may_have_them():
    reply = {k: FACTS[k] for k in ("case_number", "matter", "received_on", "unit", "contact")}
    facts = rules.check_facts(KINDS["reply"], {**reply, "result": "换了灯。\r\n加固了线盒。"})
    assert facts["result"] == "换了灯。\n加固了线盒。"


def test_a_pdf_that_stops_half_way_is_refused():
    rules.check_pdf(pictures.pdf())
    with pytest.raises(InvalidInput, match="不完整"):
        rules.check_pdf(pictures.pdf()[:-8])
