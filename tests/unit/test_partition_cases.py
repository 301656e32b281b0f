"""One drawing a situation: the ones that cleaners and validators of coverages are known to meet."""

import numpy as np
import pytest
import shapely

from tests.mapmaking import SOUTH, WEST, area
from yukuai.engines.partition import (
    Check,
    Limits,
    NotOnLine,
    Severity,
    canonical,
    changed,
    densify,
    insert_vertex,
    partition,
    shared_border,
    tiles,
)
from yukuai.engines.partition.metric import lengths_mm

UNIT = 1000
"""About ten metres."""


def ring(*points):
    return [[WEST + round(x * UNIT), SOUTH + round(y * UNIT)] for x, y in points]


def box(x, y, width, height):
    return ring((x, y), (x + width, y), (x + width, y + height), (x, y + height))


def sheet(*more, width=100, height=60, every=10):
    """A parent with a vertex every hundred metres, and more where they are wanted on its lines."""
    low = [(x, 0) for x in range(0, width, every)]
    right = [(width, y) for y in range(0, height, every)]
    high = [(x, height) for x in range(width, 0, -every)]
    left = [(0, y) for y in range(height, 0, -every)]
    return area([ring(*low, *right, *high, *left)])


SHEET = sheet()


def cut(parent, **children):
    result = partition(parent, {name: area(*polygons) for name, polygons in children.items()})
    assert tiles(result.parent, list(result.children.values()))
    return result


def of(area_):
    """Vertices in units, from the smallest on, rings of all polygons in a row."""
    origin = np.array([WEST, SOUTH])
    return [
        [(x / UNIT, y / UNIT) for x, y in (one - origin).tolist()]
        for loops in area_.loops()
        for one in loops
    ]


def corners(area_):
    """Without the vertices that lie straight between two others."""
    found = []
    for one in of(area_):
        before, after = one[-1:] + one[:-1], one[1:] + one[:1]
        found.append(
            [
                b
                for a, b, c in zip(before, one, after, strict=True)
                if (b[0] - a[0]) * (c[1] - a[1]) != (b[1] - a[1]) * (c[0] - a[0])
            ]
        )
    return found


def only(result, check):
    (found,) = [finding for finding in result.findings if finding.check is check]
    return found


def checks(result):
    return {(finding.check, finding.severity) for finding in result.findings}


# Nothing to do


def test_a_tiling_that_fits_is_accepted_without_a_word():
    result = cut(SHEET, a=[[box(0, 0, 50, 60)]], b=[[box(50, 0, 50, 60)]])
    assert result.accepted
    assert result.reason == ""
    assert result.findings == ()
    assert corners(result.children["a"]) == [[(0, 0), (50, 0), (50, 60), (0, 60)]]


def test_vertices_of_the_parent_come_into_the_children_on_its_line():
    result = cut(SHEET, a=[[box(0, 0, 50, 60)]], b=[[box(50, 0, 50, 60)]])
    assert of(result.children["a"])[0][:7] == [(x, 0) for x in range(0, 51, 10)] + [(50, 60)]


def test_a_vertex_only_one_neighbour_has_comes_into_the_other():
    result = cut(
        SHEET,
        a=[[ring((0, 0), (50, 0), (50, 25), (50, 60), (0, 60))]],
        b=[[box(50, 0, 50, 60)]],
    )
    assert result.findings == ()
    assert (50, 25) in of(result.children["b"])[0]


def test_a_border_that_meets_another_in_its_middle_puts_a_vertex_there():
    result = cut(
        SHEET, a=[[box(0, 0, 50, 60)]], b=[[box(50, 0, 50, 30)]], c=[[box(50, 30, 50, 30)]]
    )
    assert result.accepted
    assert (50, 30) in of(result.children["a"])[0]


def test_an_enclave_is_a_hole_of_the_one_around_it():
    result = cut(SHEET, a=[[box(0, 0, 100, 60), box(40, 20, 10, 10)]], b=[[box(40, 20, 10, 10)]])
    assert result.accepted
    assert corners(result.children["a"])[1] == [(40, 20), (40, 30), (50, 30), (50, 20)]


def test_a_hole_may_touch_its_outer_ring_in_a_vertex():
    diamond = ring((50, 0), (60, 20), (50, 40), (40, 20))
    result = cut(SHEET, a=[[box(0, 0, 100, 60), diamond]], b=[[diamond]])
    assert result.accepted
    assert len(of(result.children["a"])) == 2


def test_children_may_meet_in_a_single_vertex():
    result = cut(
        SHEET,
        a=[[box(0, 0, 50, 30)]],
        b=[[box(50, 0, 50, 30)]],
        c=[[box(0, 30, 50, 30)]],
        d=[[box(50, 30, 50, 30)]],
    )
    assert result.accepted
    assert all((50, 30) in of(child)[0] for child in result.children.values())


def test_a_parent_with_a_hole_and_two_parts_is_tiled_in_all_of_them():
    parent = area([box(0, 0, 40, 40), box(10, 10, 10, 10)], [box(60, 0, 20, 20)])
    result = cut(parent, a=[[box(0, 0, 40, 40), box(10, 10, 10, 10)]], b=[[box(60, 0, 20, 20)]])
    assert result.accepted
    assert result.children["a"].parts == 1


def test_a_parent_with_vertices_said_twice_and_a_hole_of_nothing_is_taken_as_meant():
    clean = SHEET.xy.tolist()
    parent = area([[*clean, clean[-1], clean[0]], ring((5, 5), (6, 6), (5, 5), (6, 6))])
    result = cut(parent, a=[[box(0, 0, 50, 60)]], b=[[box(50, 0, 50, 60)]])
    assert result.accepted
    assert result.parent == canonical(SHEET)


# 缝隙


def test_a_gap_goes_to_the_longer_border():
    result = cut(
        SHEET,
        a=[[ring((0, 0), (50, 0), (50, 20), (50, 40), (50, 60), (0, 60))]],
        b=[[ring((50, 0), (100, 0), (100, 60), (50, 60), (50, 40), (50.6, 30), (50, 20))]],
    )
    found = only(result, Check.GAP)
    assert (found.severity, found.children) == (Severity.CONFIRM, ("a", "b"))
    assert (found.decided, found.others) == ("b", ("a",))
    assert found.message == "有 649 平方米没有人画（宽约 3.0 米），暂归接壤最长的一方。"
    assert corners(result.children["b"]) == [[(50, 0), (100, 0), (100, 60), (50, 60)]]


def test_a_gap_between_three_goes_to_the_longest_border():
    result = cut(
        SHEET,
        a=[[box(0, 0, 50, 30)]],
        b=[[ring((50, 0), (100, 0), (100, 60), (50, 60), (50, 33), (60, 31.5), (50, 30))]],
        c=[[ring((0, 30), (44, 30), (50, 33), (50, 60), (0, 60))]],
    )
    found = only(result, Check.GAP)
    assert (found.decided, found.others) == ("b", ("c", "a"))
    assert found.message == "有 2597 平方米没有人画（宽约 18 米），暂归接壤最长的一方。"
    assert result.accepted


def test_a_gap_inside_one_child_is_filled():
    result = cut(SHEET, a=[[box(0, 0, 100, 60), box(40, 20, 5, 5)]])
    assert only(result, Check.GAP).decided == "a"
    assert len(of(result.children["a"])) == 1


def test_a_large_gap_is_refused_and_still_proposed():
    result = cut(SHEET, a=[[box(0, 0, 50, 60)]], b=[[box(70, 0, 30, 60)]])
    found = only(result, Check.GAP)
    assert found.severity is Severity.REFUSE
    assert not result.accepted
    assert result.reason == "有 1 处须先处理：缝隙 1 处。"
    assert found.message == "有 0.13 平方公里没有人画（宽约 195 米），暂归接壤最长的一方。"


def test_a_part_of_the_parent_nobody_touches_is_refused():
    parent = area([box(0, 0, 40, 40)], [box(60, 0, 2, 2)])
    result = cut(parent, a=[[box(0, 0, 20, 40)]], b=[[box(20, 0, 20, 40)]])
    found = only(result, Check.GAP)
    assert (found.severity, found.decided) == (Severity.REFUSE, "b")
    assert "不与任何一方相接" in found.message


# 重叠


def test_an_overlap_goes_to_the_larger_share_of_border():
    result = cut(
        SHEET,
        a=[[box(0, 0, 50.2, 60)]],
        b=[[ring((50, 0), (100, 0), (100, 60), (50, 60), (49, 30))]],
    )
    found = only(result, Check.OVERLAP)
    assert (found.decided, found.others) == ("a", ("b",))
    assert found.severity is Severity.CONFIRM
    assert found.message.startswith("2 方都画了这一块，重叠 4544 平方米（宽约 6.9 米）")


def test_the_first_in_the_order_of_precedence_wins():
    children = {
        "a": area([box(0, 0, 50.2, 60)]),
        "b": area([ring((50, 0), (100, 0), (100, 60), (50, 60), (49, 30))]),
    }
    assert only(partition(SHEET, children, precedence=["a"]), Check.OVERLAP).decided == "a"
    assert only(partition(SHEET, children, precedence=["b", "a"]), Check.OVERLAP).decided == "b"


def test_what_is_drawn_upon_another_is_cut_out_of_it():
    result = cut(SHEET, a=[[box(0, 0, 100, 60)]], b=[[box(40, 20, 8, 8)]])
    assert only(result, Check.OVERLAP).decided == "b"
    assert corners(result.children["b"]) == [[(40, 20), (48, 20), (48, 28), (40, 28)]]
    assert result.accepted


def test_of_two_drawn_alike_one_gets_nothing_and_all_is_refused():
    result = cut(SHEET, a=[[box(0, 0, 50, 60)]], b=[[box(0, 0, 50, 60)]], c=[[box(50, 0, 50, 60)]])
    assert only(result, Check.OVERLAP).decided == "a"
    assert only(result, Check.EMPTY).children == ("b",)
    assert not result.accepted


def test_an_overlap_of_less_than_a_square_metre_is_only_noted():
    bump = ring((0, 0), (50, 0), (50, 30), (50.05, 30.05), (50, 30.1), (50, 60), (0, 60))
    result = cut(SHEET, a=[[bump]], b=[[box(50, 0, 50, 60)]])
    assert only(result, Check.OVERLAP).severity is Severity.NOTE
    assert result.accepted


# 越界, 未贴合上级


def test_what_lies_outside_is_cut_off():
    result = cut(SHEET, a=[[box(-3, 0, 53, 60)]], b=[[box(50, 0, 50, 60)]])
    found = only(result, Check.OUTSIDE)
    assert (found.severity, found.children) == (Severity.REFUSE, ("a",))
    assert result.parent == canonical(SHEET)


def test_a_line_beside_the_parents_line_becomes_the_parents_line():
    result = cut(SHEET, a=[[box(0.3, 0.2, 49.7, 59.5)]], b=[[box(50, 0, 50.3, 60)]])
    assert checks(result) == {
        (Check.UNATTACHED, Severity.CONFIRM),
    }
    assert result.accepted
    assert result.parent == canonical(SHEET)
    assert corners(result.children["a"]) == [[(0, 0), (50, 0), (50, 60), (0, 60)]]


def test_a_thread_along_the_parents_line_is_divided_among_those_behind_it():
    result = cut(SHEET, a=[[box(0.3, 0.3, 49.7, 59.4)]], b=[[box(50, 0.3, 49.7, 59.4)]])
    assert {finding.decided for finding in result.findings} == {"a", "b"}
    assert corners(result.children["b"]) == [[(50, 0), (100, 0), (100, 60), (50, 60)]]


def test_a_border_that_ends_near_a_vertex_of_the_parent_is_led_there():
    result = cut(SHEET, a=[[box(0, 0, 50.2, 60)]], b=[[box(50.2, 0, 49.8, 60)]])
    assert result.accepted
    assert {round(finding.metres, 1) for finding in result.findings} == {2.0}
    assert all(finding.severity is Severity.NOTE for finding in result.findings)
    assert corners(result.children["a"]) == [[(0, 0), (50, 0), (50, 60), (0, 60)]]


def test_a_border_that_ends_far_from_every_vertex_waits_for_the_upper_level():
    children = {"a": area([box(0, 0, 55, 60)]), "b": area([box(55, 0, 45, 60)])}
    result = partition(SHEET, children)
    assert not result.accepted
    assert result.brought == ((WEST + 55 * UNIT, SOUTH), (WEST + 55 * UNIT, SOUTH + 60 * UNIT))
    assert tiles(result.parent, list(result.children.values()))
    dense = densify(SHEET, children)
    assert len(dense.xy) == len(SHEET.xy) + 2
    again = partition(dense, children)
    assert again.accepted
    assert again.parent == dense


# 自交, 碎片, 飞地, 为空或缺失


def test_a_bow_tie_is_refused_and_its_smaller_loop_told():
    bow = ring((0, 0), (50, 0), (50, 60), (40, 60), (44, 56), (44, 60), (0, 60))
    result = cut(SHEET, a=[[bow]], b=[[box(50, 0, 50, 60)]])
    found = only(result, Check.SELF_CROSSING)
    assert (found.severity, found.children) == (Severity.REFUSE, ("a",))
    assert corners(result.children["a"]) == [[(0, 0), (50, 0), (50, 60), (0, 60)]]


def test_a_way_there_and_back_is_left_out():
    spiked = ring((0, 0), (50, 0), (50, 30), (70, 30), (50, 30), (50, 60), (0, 60))
    result = cut(SHEET, a=[[spiked]], b=[[box(50, 0, 50, 60)]])
    found = only(result, Check.SELF_CROSSING)
    assert (found.severity, round(found.metres)) == (Severity.NOTE, 195)
    assert result.accepted


def test_vertices_said_twice_change_nothing():
    twice = ring((0, 0), (0, 0), (50, 0), (50, 60), (50, 60), (50, 60), (0, 60), (0, 0))
    result = cut(SHEET, a=[[twice]], b=[[box(50, 0, 50, 60)]])
    assert result.findings == ()


def test_a_ring_walked_around_twice_covers_what_it_winds_around():
    result = cut(SHEET, a=[[box(0, 0, 50, 60) * 2]], b=[[box(50, 0, 50, 60)]])
    assert corners(result.children["a"]) == [[(0, 0), (50, 0), (50, 60), (0, 60)]]
    assert only(result, Check.SELF_CROSSING).severity is Severity.REFUSE


def test_a_loose_sliver_goes_to_the_neighbour():
    result = cut(
        SHEET,
        a=[[box(0, 0, 50, 60)], [box(70, 30, 0.5, 0.5)]],
        b=[[box(50, 0, 50, 60), box(70, 30, 0.5, 0.5)]],
    )
    found = only(result, Check.SLIVER)
    assert (found.decided, found.others) == ("b", ("a",))
    assert result.accepted
    assert len(of(result.children["b"])) == 1


def exclave(**parts):
    island = box(70, 30, 8, 8)
    children = {
        "a": area([box(0, 0, 50, 60)], [island]),
        "b": area([box(50, 0, 50, 60), island]),
    }
    return partition(SHEET, children, **parts)


def test_an_exclave_is_refused_until_it_is_declared():
    found = only(exclave(), Check.EXCLAVE)
    assert (found.severity, found.children) == (Severity.REFUSE, ("a",))
    declared = exclave(declared_exclaves=["a"])
    assert declared.accepted
    assert declared.children["a"].parts == 2


def test_a_declared_exclave_drawn_upon_another_keeps_its_ground():
    children = {
        "a": area([box(0, 0, 50, 60)], [box(70, 30, 8, 8)]),
        "b": area([box(50, 0, 50, 60)]),
    }
    kept = partition(SHEET, children, declared_exclaves=["a"])
    assert only(kept, Check.OVERLAP).decided == "a"
    assert only(partition(SHEET, children), Check.OVERLAP).decided == "b"


def test_a_child_that_is_not_drawn_is_told():
    result = partition(SHEET, {"a": area([box(0, 0, 100, 60)]), "b": None})
    found = only(result, Check.EMPTY)
    assert (found.children, found.message) == (("b",), "没有画出范围。")
    assert not result.accepted
    assert list(result.children) == ["a"]


def test_a_child_outside_of_the_parent_gets_nothing():
    result = cut(SHEET, a=[[box(0, 0, 100, 60)]], b=[[box(200, 0, 5, 5)]])
    assert {check for check, _ in checks(result)} == {Check.OUTSIDE, Check.EMPTY}
    assert not result.accepted


def test_children_that_all_lie_outside_make_no_tiling():
    result = partition(SHEET, {"a": area([box(200, 0, 5, 5)])})
    assert result.children == {}
    assert only(result, Check.EMPTY).children == ("a",)


def test_a_parent_that_crosses_itself_is_refused():
    result = partition(
        area([ring((0, 0), (10, 10), (10, 0), (0, 10))]), {"a": area([box(0, 0, 9, 9)])}
    )
    found = only(result, Check.SELF_CROSSING)
    assert (found.children, found.severity) == ((), Severity.REFUSE)
    assert found.message.startswith("上级界线本身有错")


def test_every_check_says_what_it_is_and_what_to_do_in_words():
    children = {
        "a": area([ring((-3, 0), (50.2, 0), (50, 60), (40, 60), (44, 56), (44, 60), (0, 60))]),
        "b": area([box(50, 0.2, 50, 59.8), box(70, 20, 5, 5)], [box(10, 20, 0.5, 0.5)]),
        "c": area([box(70.1, 20.1, 4.8, 4.8)], [box(20, 30, 9, 9)]),
        "d": None,
    }
    result = partition(SHEET, children, precedence=["c", "b"])
    said = {finding.check: (finding.message, finding.fix) for finding in result.findings}
    assert set(said) == set(Check)
    assert all(message.endswith("。") and fix.endswith("。") for message, fix in said.values())
    assert (
        said[Check.OUTSIDE][0] == "画到了上级界线以外 9738 平方米（宽约 15 米），超出部分已裁去。"
    )
    assert result.reason.startswith("有 ")
    assert [finding.severity for finding in result.findings] == sorted(
        (finding.severity for finding in result.findings), reverse=True
    )


# Editing and changes


def halves():
    return cut(SHEET, a=[[box(0, 0, 50, 60)]], b=[[box(50, 0, 50, 60)]]).children


def test_a_shared_border_is_the_same_line_from_both_sides():
    children = halves()
    (line,) = shared_border(children["a"], children["b"])
    (back,) = shared_border(children["b"], children["a"])
    assert line.tolist() == back[::-1].tolist() == ring((50, 0), (50, 60))
    assert shared_border(children["a"], area([box(200, 0, 5, 5)])) == ()


def test_the_border_of_an_enclave_comes_closed():
    hole = box(40, 20, 10, 10)
    (line,) = shared_border(area([box(0, 0, 100, 60), hole]), area([hole]))
    assert line.tolist() == [*hole, hole[0]]


def test_a_new_vertex_enters_both_sides_and_leaves_the_rest():
    children = dict(halves()) | {"far": area([box(200, 0, 5, 5)])}
    point = (WEST + 50 * UNIT + 40, SOUTH + 30 * UNIT)
    after = insert_vertex(children, point)
    assert tiles(canonical(SHEET), [after["a"], after["b"]])
    assert [list(point) in after[name].xy.tolist() for name in ("a", "b")] == [True, True]
    assert after["far"] is children["far"]


def test_a_new_vertex_on_the_parents_line_enters_the_parent_too():
    point = (WEST + 25 * UNIT, SOUTH)
    after = insert_vertex(dict(halves()) | {"": canonical(SHEET)}, point)
    assert tiles(after.pop(""), list(after.values()))


@pytest.mark.parametrize(
    ("x", "y", "why"),
    [(25, 25, "5 米以内没有边线。"), (50, 60, "这里已经有一个顶点。")],
)
def test_a_new_vertex_has_to_be_new_and_near_a_line(x, y, why):
    with pytest.raises(NotOnLine, match=why):
        insert_vertex(halves(), (WEST + x * UNIT, SOUTH + y * UNIT))


def test_a_new_vertex_may_not_make_lines_cross():
    notched = {"a": area([ring((0, 0), (50, 0), (50, 60), (20, 0.2), (0, 60))])}
    with pytest.raises(NotOnLine, match="相互交叉"):
        insert_vertex(notched, (WEST + 30 * UNIT, SOUTH + UNIT), within_m=100)


def test_ground_that_changes_hands_is_told_by_from_and_to():
    before = halves()
    after = cut(SHEET, a=[[box(0, 0, 60, 60)]], b=[[box(60, 0, 40, 60)]]).children
    (change,) = changed(before, after)
    assert (change.before, change.after) == ("b", "a")
    assert corners(change.area) == [[(50, 0), (60, 0), (60, 60), (50, 60)]]
    assert round(change.m2) == 64_919


def test_ground_nobody_had_or_has_is_told_as_well():
    before, after = {"a": area([box(0, 0, 10, 10)])}, {"b": area([box(0, 0, 10, 20)])}
    assert [(one.before, one.after) for one in changed(before, after)] == [(None, "b"), ("a", "b")]
    assert changed(before, before) == ()


# Metres


def test_a_degree_is_as_long_as_the_tables_of_geodesy_say():
    start = np.full((2, 2), [1_060_000_000, 300_000_000])
    end = start + np.diag([1_000_000, 1_000_000])
    east, north = lengths_mm(start, end).tolist()
    assert round(east / 100) == 96_486  # a degree of longitude at 30° N, in metres
    assert round(north / 100) == pytest.approx(110_852, abs=1)  # and of latitude


# Bad input


NAN, INFINITE = float("nan"), float("inf")


@pytest.mark.parametrize(
    ("coordinates", "message"),
    [
        ([[[106, 29], [NAN, 29], [106, 30]]], "坐标中有空值或无穷大。"),
        ([[[106, 29], [INFINITE, 29], [106, 30]]], "坐标中有空值或无穷大。"),
        ([[[106, 29], ["东", 29], [106, 30]]], "坐标不是成对的数字。"),
        ([[[106], [107], [106]]], "坐标不是成对的数字。"),
        ([[106, 29]], "坐标不是成对的数字。"),
        (
            [[[36_500_000, 3_200_000], [36_500_100, 3_200_000], [36_500_000, 3_200_100]]],
            "坐标超出经纬度范围（经度 ±180°，纬度 ±90°），请核对坐标系是否为经纬度。",
        ),
        ([], "没有画出范围。"),
        ([[]], "没有画出范围。"),
        ([[[106, 29], [107, 29], [106, 29]]], "没有画出范围。"),
    ],
)
def test_what_cannot_be_read_is_told_and_the_rest_is_done(coordinates, message):
    bad = {"type": "Polygon", "coordinates": coordinates}
    result = partition(SHEET, {"a": area([box(0, 0, 100, 60)]), "b": bad})
    found = only(result, Check.EMPTY)
    assert (found.children, found.message) == (("b",), message)
    assert list(result.children) == ["a"]


def test_three_points_on_a_line_enclose_nothing():
    flat = area([ring((0, 0), (5, 5), (9, 9))])
    result = partition(SHEET, {"a": area([box(0, 0, 100, 60)]), "b": flat})
    assert only(result, Check.EMPTY).message == "在上级界线以内没有留下任何范围。"


def test_an_open_ring_is_closed_and_told():
    points = [[x / 1e7, y / 1e7] for x, y in box(0, 0, 50, 60)]
    opened = {"type": "Polygon", "coordinates": [points]}
    result = partition(SHEET, {"a": opened, "b": area([box(50, 0, 50, 60)])})
    found = only(result, Check.SELF_CROSSING)
    assert found.severity is Severity.CONFIRM
    assert found.message.startswith("边线没有闭合，首尾相距 665 米")
    assert result.accepted


def test_a_million_vertices_are_refused():
    turn = np.linspace(0, 2 * np.pi, 1_000_000, endpoint=False)
    points = np.stack([WEST + 5e7 * np.cos(turn), SOUTH + 5e7 * np.sin(turn)], axis=1)
    result = partition(SHEET, {"a": area([np.rint(points).astype(np.int64)])})
    assert result.reason == "顶点共 1000032 个，超过上限 400000 个，请先抽稀。"
    assert (result.accepted, result.children) == (False, {})


def test_a_knot_of_lines_is_refused_before_it_fills_the_memory():
    dice = np.random.default_rng(1)
    knot = np.add(dice.integers(0, 50 * UNIT, (3000, 2)), (WEST, SOUTH))
    result = partition(SHEET, {"a": area([knot])}, limits=Limits(max_pairs=1_000_000))
    assert result.reason == "线条交错过多，无法整理，请检查数据。"


def test_too_many_children_and_too_wide_a_drawing_are_refused():
    one = area([box(0, 0, 5, 5)])
    many = partition(SHEET, {str(n): one for n in range(3)}, limits=Limits(max_children=2))
    assert many.reason == "下级共 3 个，超过上限 2 个。"
    wide = area([[[-1_000_000_000, 0], [1_000_000_000, 0], [0, 9_000_000]]])
    assert partition(wide, {"a": one}).reason == "图形跨度超过 90 度，请核对坐标。"
    lost = area([[[2_000_000_000, 0], [2_000_000_000, 9], [2_000_000_009, 0]]])
    assert partition(SHEET, {"a": lost}).reason.startswith("坐标超出经纬度范围")
    assert partition(SHEET, {}).reason == "没有任何下级画出范围。"
    assert partition(area(), {"a": one}).reason == "上级没有界线。"


def test_what_came_out_is_what_geos_calls_a_coverage():
    result = cut(SHEET, a=[[box(0.1, 0.1, 50.3, 60)]], b=[[box(50, -0.2, 50, 60)]])
    drawn = [shapely.Polygon(of(child)[0]) for child in result.children.values()]
    assert shapely.coverage_is_valid(drawn)
