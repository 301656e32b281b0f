"""Laws of the layout, and a PDF that has what the layout says where it says."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.engines.ballots.papers import a_contest, a_spec
from yukuai.engines.ballots.drawing import NoFonts, blanks, render
from yukuai.engines.ballots.layout import lay_out
from yukuai.engines.ballots.paper import parse_identity
from yukuai.engines.ballots.spec import SpecError, parse_spec

COLUMNS = (["for"], ["for", "against"], ["for", "against", "abstain"])


@st.composite
def specs(draw):
    contests = [
        a_contest(
            f"k{number}",
            options=draw(st.integers(1, 100 if number == 0 else 12)),
            columns=draw(st.sampled_from(COLUMNS)),
            write_ins=draw(st.integers(0, 4)),
        )
        for number in range(draw(st.integers(1, 4)))
    ]
    return a_spec(
        *contests,
        paper=draw(st.sampled_from(["A4", "A5"])),
        one_paper=draw(st.booleans()),
        seal=draw(st.booleans()),
    )


def overlap(a, b):
    return a.x < b.right and b.x < a.right and a.y < b.bottom and b.y < a.bottom


@settings(max_examples=20, deadline=None)
@given(said=specs())
def test_boxes_never_overlap_and_lie_inside_and_none_is_forgotten(said):
    spec = parse_spec(said)
    layout = lay_out(spec)
    for page in layout.pages:
        boxes = [one.box_mm for one in (*page.positions, *page.names)]
        held = [*boxes, page.code.box, *([page.seal] if page.seal else [])]
        assert not any(overlap(a, b) for a, b in itertools.combinations(held, 2))
        assert all(box.w >= 11.5 and box.h >= 8.3 for box in boxes)
        for box in held:
            assert box.x > 15
            assert box.y > 15
            assert box.right < page.width - 15
            assert box.bottom < page.height - 15
    said_of = [
        (one.contest, one.option, one.column) for page in layout.pages for one in page.positions
    ]
    assert said_of == [
        (contest.id, option, column)
        for contest in spec.contests
        for option in [
            *(option.id for option in contest.options),
            *(f"+{row}" for row in range(1, contest.write_ins + 1)),
        ]
        for column in contest.columns
    ]


def test_each_contest_on_its_own_paper_has_pages_of_its_own():
    contests = [a_contest("zr", options=2), a_contest("wy", options=60)]
    layout = lay_out(parse_spec(a_spec(*contests, one_paper=False)))
    assert layout.papers == ((1,), (2, 3))
    assert [(page.sheet, page.side) for page in layout.pages] == [(1, 1), (2, 1), (2, 2)]
    assert [page.seal is not None for page in layout.pages] == [True, True, False]


def test_large_print_prints_no_word_below_eighteen_points():
    layout = lay_out(parse_spec(a_spec(large_print=True)))
    sizes = {word.size for page in layout.pages for word in page.words}
    assert min(sizes - {2.0}) == 18.0


def test_what_does_not_fit_is_refused_by_name():
    long = {
        "id": "a",
        "name": "阿卜杜热西提买买提吐尔逊江麦麦提艾力肉孜",
        "note": "中共党员现任村委会委员",
    }
    with pytest.raises(SpecError, match="阿卜杜热西提"):
        lay_out(parse_spec(a_spec(a_contest(options=0) | {"options": [long]}, large_print=True)))


def test_a_code_names_election_contest_page_and_batch_and_nobody():
    layout = lay_out(parse_spec(a_spec(a_contest("zr", options=2), a_contest("wy", options=4))))
    said = layout.pages[0].code.identity
    assert parse_identity(said.text) == said
    assert said.text.startswith("YB1/e-2026-0001/zr+1/1/QS-01/")
    assert parse_identity("https://example.invalid/a/b/c/d") is None
    assert parse_identity("YB1/e/zr/0/QS-01/AAAA") is None


def test_the_check_follows_all_that_is_printed():
    def check(**changes):
        return lay_out(parse_spec(a_spec(**changes))).pages[0].code.identity.check

    assert check() == check()
    assert len({check(), check(batch="QS-02"), check(term="第十三届"), check(paper="A5")}) == 4


def test_the_same_spec_gives_the_same_bytes_with_a_back_for_every_front():
    contests = [a_contest("wy", options=60), a_contest("db", options=90), a_contest("zr")]
    layout = lay_out(parse_spec(a_spec(*contests, one_paper=False)))
    made = render(layout)
    assert made == render(layout)
    assert made.startswith(b"%PDF")
    assert made.count(b"/MediaBox") == sum(len(p) + len(p) % 2 for p in layout.papers[:-1]) + 1


def test_without_chinese_fonts_nothing_is_drawn(tmp_path):
    with pytest.raises(NoFonts, match="Noto Serif CJK"):
        render(lay_out(parse_spec(a_spec())), fonts=(tmp_path,))


def test_the_printed_blank_has_marks_and_code_in_their_places_and_boxes_empty():
    spec = parse_spec(a_spec())
    (page,) = lay_out(spec).pages
    (blank,) = blanks(spec, per_mm=6)
    assert blank.shape == (1783, 1260)

    def cut(box):
        return blank[
            round(box.y * 6) : round(box.bottom * 6), round(box.x * 6) : round(box.right * 6)
        ]

    assert all(cut(mark.box.inset(0.3)).max() == 0 for mark in page.marks)
    assert all(cut(one.box_mm).min() == 255 for one in (*page.positions, *page.names))
    size = len(page.code.rows)
    at = page.code.box.x + (np.arange(size) + 0.5) * 0.66
    seen = [
        "".join("1" if blank[int(y * 6), int(x * 6)] < 128 else "0" for x in at)
        for y in page.code.box.y + (np.arange(size) + 0.5) * 0.66
    ]
    assert tuple(seen) == page.code.rows
