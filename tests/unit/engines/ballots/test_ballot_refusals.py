"""Every reason for which a page is not read, and what is nearly one."""

import cv2
import numpy as np
import pytest

from tests.unit.engines.ballots.papers import a_contest, a_spec
from tests.unit.engines.ballots.paperwork import DPI, PER_MM, Sheet, mark_all, photographed, scanned
from yukuai.engines.ballots.reading import read
from yukuai.engines.ballots.refusals import Refusal

A5 = a_spec(a_contest(options=2, write_ins=1), paper="A5")


def reason(said, picture, **more):
    reading = read(Sheet(said).layout, picture, **more)
    assert (reading.status == "ok") == (reading.reason is None)
    assert not reading.positions or reading.reason is None
    return reading.reason


def covered(picture, box, grey):
    x, y, right, bottom = (round(side * PER_MM) for side in (box[0], box[1], box[2], box[3]))
    picture[y:bottom, x:right] = grey
    return picture


def test_every_reason_has_a_sentence():
    assert all(one.sentence.endswith("。") for one in Refusal)


def test_a_paper_of_another_election_is_not_read():
    other = Sheet(A5 | {"election": "e-2026-0002"})
    assert reason(A5, scanned(other.pixels)) is Refusal.NOT_THIS_ELECTION


def test_a_paper_of_another_election_and_another_size_is_known_by_its_code():
    other = Sheet(A5 | {"election": "e-2026-0002", "paper": "A4"})
    assert reason(A5, scanned(other.pixels)) is Refusal.NOT_THIS_ELECTION


def test_a_paper_printed_before_the_last_change_is_not_read():
    assert reason(A5, scanned(Sheet(A5 | {"term": "第十一届"}).pixels)) is Refusal.OTHER_EDITION


def test_any_other_paper_is_foreign_and_an_empty_one_blank():
    letter = np.full((1240, 874), 250, np.uint8)
    cv2.putText(letter, "somebody", (80, 500), cv2.FONT_HERSHEY_SIMPLEX, 4, 20, 9)
    assert reason(A5, letter) is Refusal.FOREIGN_PAPER
    assert reason(A5, scanned(np.full((1240, 874), 250, np.uint8))) is Refusal.BLANK_PAGE


def test_a_code_that_is_hidden_is_unreadable_and_one_that_is_scratched_is_not():
    sheet = Sheet(A5)
    x, y, w, h = sheet.page.code.box
    picture = covered(scanned(sheet.pixels), (x, y, x + w, y + 0.4 * h), 250)
    assert reason(A5, picture) is Refusal.UNREADABLE_CODE
    picture = covered(scanned(sheet.pixels), (x + 4, y, x + 4.6, y + h), 40)
    assert reason(A5, picture) is None


def test_a_corner_torn_off_is_torn_and_a_mark_under_a_thumb_is_not():
    sheet = Sheet(A5)
    torn = scanned(sheet.pixels)
    cv2.fillPoly(torn, [np.array([[874, 1240], [874, 960], [640, 1240]], np.int32)], 250)
    assert reason(A5, torn) is Refusal.TORN
    mark = sheet.page.marks[9].box
    thumb = covered(
        scanned(sheet.pixels), (mark.x - 2, mark.y - 2, mark.right + 2, mark.bottom + 1), 250
    )
    assert reason(A5, thumb) is None


def test_print_that_is_covered_by_paper_or_by_a_hand_is_torn():
    sheet = Sheet(A5)
    table = (20, 60, 120, 100)
    assert reason(A5, covered(scanned(sheet.pixels), table, 245)) is Refusal.TORN
    below = (25, 152, 62, 190)
    assert reason(A5, covered(scanned(sheet.pixels), below, 30)) is Refusal.TORN


def test_marks_left_out_of_the_picture_are_missed():
    picture = scanned(Sheet(A5).pixels)
    assert reason(A5, picture[:, : round(136 * PER_MM)]) is Refusal.MARK_MISSING


def test_two_sheets_in_one_picture_are_told():
    picture = scanned(Sheet(A5).pixels)
    assert reason(A5, np.hstack([picture, picture])) is Refusal.DOUBLE_FEED


@pytest.mark.parametrize("by", [0.94, 1.06])
def test_a_page_printed_to_fit_has_the_wrong_scale_where_the_resolution_is_known(by):
    picture = cv2.resize(Sheet(A5).pixels, None, fx=by, fy=by, interpolation=cv2.INTER_AREA)
    assert reason(A5, picture, dpi=DPI) is Refusal.WRONG_SCALE
    assert reason(A5, picture) is None
    assert reason(A5, Sheet(A5).pixels, dpi=DPI * 1.02) is None


def test_the_resolution_a_phone_claims_means_nothing():
    assert reason(A5, photographed(Sheet(A5).pixels), dpi=300) is None


def test_a_picture_too_small_is_not_guessed_at():
    picture = cv2.resize(Sheet(A5).pixels, None, fx=0.55, fy=0.55, interpolation=cv2.INTER_AREA)
    assert reason(A5, picture) is Refusal.TOO_SMALL


def test_a_broad_streak_over_boxes_is_refused_and_beside_them_is_not():
    sheet = Sheet(A5)

    def streaked(at_mm):
        picture = scanned(sheet.pixels, skew=1)
        at = round(at_mm * PER_MM)
        picture[:, at : at + 18] //= 2
        return picture

    assert reason(A5, streaked(sheet.box("wy1").x + 8)) is Refusal.STREAK
    assert reason(A5, streaked(24)) is None


def test_rules_that_are_not_where_they_should_be_are_too_much():
    sheet = mark_all(Sheet(A5), [("wy1", "for")])
    left, right = (round(x * PER_MM) for x in (20, 130))
    top, bottom = (round(y * PER_MM) for y in (62, 130))
    sheet.pixels[top:bottom, left:right] = np.roll(
        sheet.pixels[top:bottom, left:right], (8, 8), axis=(0, 1)
    )
    assert reason(A5, scanned(sheet.pixels)) is Refusal.DISTORTED
