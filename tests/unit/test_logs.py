"""Lines say whence they come, and never whose they are."""

import json
import logging
import sys

import pytest

from yukuai.kernel.logs import JsonLines, Lines, sieved, whence

PHONE = "19900000417"
REFUSED = "duplicate key\nDETAIL:  Failing row contains (17, 林小满, 人和街)."


def line(form, words="done", *values, exc_info=None):
    record = logging.LogRecord("yukuai.web", logging.INFO, "", 0, words, values, exc_info)
    return form.format(record)


def test_a_line_of_a_request_and_a_job_names_both():
    with whence(request="3FK-9QT"), whence(job=17):
        assert json.loads(line(JsonLines()))["request"] == "3FK-9QT"
        assert json.loads(line(JsonLines()))["job"] == 17
        assert "[request 3FK-9QT job 17]" in line(Lines())
    assert "request" not in json.loads(line(JsonLines()))
    assert "[-]" in line(Lines())


def test_a_line_is_one_object_on_one_line():
    said = line(JsonLines(), "two\nlines of %s", "words")
    assert "\n" not in said
    assert json.loads(said)["message"] == "two\nlines of words"


@pytest.mark.parametrize("form", [Lines(), JsonLines()])
@pytest.mark.parametrize("phone", [PHONE, f"+86{PHONE}", "199 0000 0417", "199-0000-0417"])
def test_a_telephone_number_is_blotted_out(form, phone):
    said = line(form, "sent to %s.", phone)
    assert "0417" not in said
    assert "1**********" in said


def test_numbers_that_are_none_stay():
    assert sieved("case 2026112400017 took 19900 ms") == "case 2026112400017 took 19900 ms"


@pytest.mark.parametrize("form", [Lines(), JsonLines()])
def test_the_row_beside_a_fault_of_the_database_is_cut_off(form):
    try:
        raise ValueError(REFUSED)
    except ValueError:
        said = line(form, "failed", exc_info=sys.exc_info())
    assert "林小满" not in said
    assert "duplicate key" in said
