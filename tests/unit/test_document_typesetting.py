"""The paper: literal text, the same bytes every time, Chinese fonts inside."""

import io
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pypdf
import pytest

from tests.unit.test_document_rules import FACTS
from yukuai.documents import paper, rules, typesetting
from yukuai.documents.kinds import KINDS
from yukuai.kernel.errors import Unavailable

ADDRESS = "http://localhost:8000/verify/K7RM2XPQ94TW/"
EXTRA = {
    "refusal": {"reason": "属于行政复议事项。", "channel": "请到渝中区司法局一楼大厅。"},
    "reply": {"unit": "北街城市管理办公室", "result": "换了 3 盏灯。\n加固了 4 楼线盒。"},
}


def printed(kind: str = "acceptance", **changed: str) -> dict[str, str]:
    wanted = FACTS | EXTRA.get(kind, {}) | changed
    facts = {k: v for k, v in wanted.items() if k in KINDS[kind].fields}
    return rules.check_facts(KINDS[kind], facts) | {
        "issuer": "北社区居民委员会",
        "number": "北社区社受〔2026〕12号",
        "title": KINDS[kind].name,
        "date": "2026年3月2日",
        "address": ADDRESS,
        "code_words": "K7RM-2XPQ-94TW",
    }


def pdf_of(kind: str = "acceptance", *, large: bool = False, **changed: str) -> bytes:
    sheet = paper.sheet(printed(kind, **changed), large=large)
    return typesetting.make_pdf(KINDS[kind].template, sheet)


def text_of(data: bytes) -> str:
    """Without the line ends, which depend on the width of the page."""
    pages = pypdf.PdfReader(io.BytesIO(data)).pages
    return "".join(page.extract_text() for page in pages).replace("\n", "")


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("acceptance", "经核对，属于受理范围，现予受理。"),
        ("refusal", "一、不予受理的理由：属于行政复议事项。"),
        ("reply", "换了 3 盏灯。加固了 4 楼线盒。"),
    ],
)
def test_each_kind_prints_its_words(kind, words):
    text = text_of(pdf_of(kind))
    for said in (
        words,
        KINDS[kind].name,
        "北社区居民委员会",
        "北社区社受〔2026〕12号",
        "2026年3月2日",
    ):
        assert said in text
    for said in ("反映人：", "扫码核验真伪", "核验码 K7RM-2XPQ-94TW", ADDRESS, "第 1 页 共 1 页"):
        assert said in text


@pytest.mark.parametrize(
    "attack",
    [
        '#read("/etc/passwd")',
        "*bold* _emph_ `raw` = heading",
        "$x^2$ #let x = 1; #x",
        "\\u{41} \\ \\\\ // comment /* more */",
        '@label <label> #import "letter.typ": *',
        "\"quoted\" 'single' -- --- ... ~ [ ] { }",
        "%PDF-1.7 <script>alert(1)</script>",
        "😀 和 ☺",
    ],
)
def test_text_is_printed_and_never_obeyed(attack):
    for text in (text_of(pdf_of(matter=attack)), text_of(pdf_of("reply", result=attack))):
        assert attack in text


def test_a_word_longer_than_the_line_stays_on_the_sheet():
    word = "https://x.example/" + "A1" * 90
    data = pdf_of(matter=word)
    assert word in text_of(data)
    rights: list[float] = []
    page = pypdf.PdfReader(io.BytesIO(data)).pages[0]
    page.extract_text(visitor_text=lambda _t, cm, tm, _f, _s: rights.append(cm[4] + tm[4]))
    assert max(rights) < 595 - 24 / 25.4 * 72


def test_what_is_not_said_leaves_no_empty_point():
    text = text_of(pdf_of())
    assert "三、咨询方式" in text
    assert "查询进度" not in text


def test_the_same_facts_give_the_same_bytes():
    assert pdf_of() == pdf_of()
    assert pdf_of() != pdf_of(matter="楼道灯不亮了")


def test_the_file_carries_its_fonts_title_and_no_clock():
    reader = pypdf.PdfReader(io.BytesIO(pdf_of()))
    assert reader.metadata is not None
    assert (reader.metadata.title, reader.metadata.creation_date) == ("受理告知书", None)
    fonts = reader.pages[0]["/Resources"]["/Font"].values()  # type: ignore[index]
    names = []
    for font in (reference.get_object() for reference in fonts):
        descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        assert {"/FontFile2", "/FontFile3"} & descriptor.keys()
        names.append(str(font["/BaseFont"]))
    assert any("NotoSerifCJKsc" in name for name in names)
    assert any("NotoSansCJKsc" in name for name in names)


def test_the_sheet_is_a4():
    box = pypdf.PdfReader(io.BytesIO(pdf_of())).pages[0].mediabox
    assert (round(box.width), round(box.height)) == (595, 842)


def test_large_print_is_the_same_words_in_22_points():
    sizes: set[float] = set()

    def note(text: str, _cm: object, _tm: object, _font: object, size: float) -> None:
        if "属于受理范围" in text:
            sizes.add(round(size))

    data = pdf_of(large=True)
    pypdf.PdfReader(io.BytesIO(data)).pages[0].extract_text(visitor_text=note)
    assert sizes == {22}
    assert "属于受理范围" in text_of(data)


def test_a_long_answer_runs_over_several_pages_with_numbers():
    data = pdf_of("reply", result="\n".join(["经现场查看，情况属实，已安排施工。" * 5] * 20))
    text = text_of(data)
    assert len(pypdf.PdfReader(io.BytesIO(data)).pages) == 3
    assert all(f"第 {n} 页 共 3 页" in text for n in (1, 2, 3))


def test_the_screen_shows_the_same_sheet_as_outlines():
    pages = typesetting.make_pages(KINDS["reply"].template, paper.sheet(printed("reply")))
    assert len(pages) == 1
    root = ET.fromstring(pages[0])
    assert root.attrib["viewBox"] == "0 0 595.275590551 841.88976378"
    tags = {element.tag.rsplit("}")[-1] for element in root.iter()}
    assert not tags & {"script", "foreignObject", "a"}
    assert not re.search(r'(href|src)="(?!#|data:image)', pages[0])


def test_without_chinese_fonts_a_sentence_says_what_to_install(monkeypatch):
    monkeypatch.setattr(typesetting, "FONT_FOLDERS", (Path("/nonexistent"),))
    monkeypatch.setattr(typesetting, "_ask_fontconfig", list)
    typesetting.chinese_fonts.cache_clear()
    try:
        with pytest.raises(Unavailable, match="fonts-noto-cjk"):
            pdf_of()
    finally:
        typesetting.chinese_fonts.cache_clear()


def test_the_red_head_fits_on_one_line_or_is_as_small_as_it_may():
    assert typesetting.head_size("北社区", large=False) == 34
    assert typesetting.head_size("张家花园社区居民委员会" * 2, large=False) == 19.4
    assert typesetting.head_size("字" * 60, large=True) == 16
