"""The calendar and the rule packs in the database: loaded, repeated, chosen by day and place."""

from datetime import UTC, date, datetime

import pytest
from django.core.management import CommandError, call_command

from config.environment import BASE
from yukuai.accounts.policy import SYSTEM
from yukuai.kernel.errors import Conflict, Unavailable
from yukuai.workflow.loading import (
    Loaded,
    load_rule_packs,
    load_special_days,
    read_rule_pack,
    read_special_days,
)
from yukuai.workflow.models import RulePack, SpecialDay
from yukuai.workflow.queries import calendar_known_until, get_calendar, get_rule_pack

pytestmark = pytest.mark.django_db
CALENDAR = BASE / "seed/special_days.csv"
PACKS = sorted((BASE / "seed/rulepacks").glob("*.toml"))


def shipped() -> list[RulePack]:
    return [read_rule_pack(path) for path in PACKS]


def pack(file: str = "case-2026", **changes: object) -> RulePack:
    made = read_rule_pack(BASE / f"seed/rulepacks/{file}.toml")
    for name, value in changes.items():
        setattr(made, name, value)
    return made


def test_the_calendar_is_loaded_once_however_often_it_is_loaded():
    assert load_special_days(SYSTEM, days=read_special_days(CALENDAR)) == Loaded(75, 0, 0)
    assert load_special_days(SYSTEM, days=read_special_days(CALENDAR)) == Loaded(0, 0, 75)
    calendar = get_calendar(SYSTEM)
    assert calendar.add_working_days(date(2026, 2, 13), 2) == date(2026, 2, 24)


def test_a_corrected_file_corrects_its_years_and_leaves_the_others_alone():
    load_special_days(SYSTEM, days=read_special_days(CALENDAR))
    days = [d for d in read_special_days(CALENDAR) if d.day.year == 2026][1:]
    days[0].name = "元旦（更正）"
    assert load_special_days(SYSTEM, days=days) == Loaded(0, 1, 23)
    assert not SpecialDay.objects.filter(day=date(2026, 1, 1)).exists()
    assert SpecialDay.objects.get(day=date(2026, 1, 2)).name == "元旦（更正）"
    assert SpecialDay.objects.filter(day__year=2025).count() == 23


def test_the_calendar_is_known_until_the_end_of_its_last_year():
    assert calendar_known_until(SYSTEM) is None
    load_special_days(SYSTEM, days=read_special_days(CALENDAR))
    assert calendar_known_until(SYSTEM) == date(2026, 12, 31)


def test_the_command_says_what_it_did(capsys):
    call_command("load_calendar")
    call_command("load_calendar")
    assert capsys.readouterr().out == (
        "calendar: 75 new, 0 changed, 0 same\ncalendar: 0 new, 0 changed, 75 same\n"
    )


def test_a_broken_calendar_changes_nothing(tmp_path):
    load_special_days(SYSTEM, days=read_special_days(CALENDAR))
    path = tmp_path / "days.csv"
    path.write_text("day,working,name,source\n2026-02-16,no,春节,甲\n2026-13-01,no,乙,甲\n")
    with pytest.raises(CommandError, match="第 3 行"):
        call_command("load_calendar", path)
    with pytest.raises(CommandError, match="No such file"):
        call_command("load_calendar", tmp_path / "absent.csv")
    assert SpecialDay.objects.count() == 75


def test_the_packs_are_loaded_once_however_often_they_are_loaded(capsys):
    call_command("load_rulepacks")
    call_command("load_rulepacks")
    assert capsys.readouterr().out == (
        "rule packs: 16 new, 0 ended, 0 same\nrule packs: 0 new, 0 ended, 16 same\n"
    )


def test_a_changed_pack_needs_a_new_version_and_nothing_is_half_loaded():
    load_rule_packs(SYSTEM, packs=[pack()])
    changed = pack()
    changed.params["terms"]["minor"]["working_days"] = 6
    fresh = pack("case-2021")
    with pytest.raises(Conflict) as refused:
        load_rule_packs(SYSTEM, packs=[fresh, changed])
    assert refused.value.message == (
        "case-2026 第1版 已经装入，内容和文件不一样。"
        "装入的版本不能改：请把 version 加一，另发一版。"
    )
    [kept] = RulePack.objects.all()
    assert kept.params["terms"]["minor"]["working_days"] == 5


def test_the_command_refuses_a_silent_change_with_the_same_sentence(tmp_path):
    call_command("load_rulepacks")
    text = (BASE / "seed/rulepacks/case-2026.toml").read_text(encoding="utf-8")
    path = tmp_path / "case-2026.toml"
    path.write_text(text.replace("days = 7", "days = 8"), encoding="utf-8")
    with pytest.raises(CommandError, match="装入的版本不能改"):
        call_command("load_rulepacks", path)


def test_a_new_version_rules_from_then_on_and_the_old_one_stays_for_what_pinned_it():
    load_rule_packs(SYSTEM, packs=shipped())
    third = pack(version=3)
    third.params["terms"]["minor"]["working_days"] = 6
    assert load_rule_packs(SYSTEM, packs=[third]) == Loaded(1, 0, 0)
    at = datetime(2026, 3, 2, 4, tzinfo=UTC)
    assert get_rule_pack(SYSTEM, subject="case", area="1.2.", at=at).version == 3
    assert RulePack.objects.filter(code="case-2026").count() == 3


def test_the_day_a_pack_ends_may_be_added_once():
    load_rule_packs(SYSTEM, packs=[pack()])
    ended = {"effective_to": date(2028, 1, 1)}
    assert load_rule_packs(SYSTEM, packs=[pack(**ended)]) == Loaded(0, 1, 0)
    assert load_rule_packs(SYSTEM, packs=[pack(**ended)]) == Loaded(0, 0, 1)
    with pytest.raises(Conflict, match="已经定在 2028-01-01 停用"):
        load_rule_packs(SYSTEM, packs=[pack(effective_to=date(2029, 1, 1))])
    with pytest.raises(Conflict, match="已经定在 2028-01-01 停用"):
        load_rule_packs(SYSTEM, packs=[pack()])


@pytest.mark.parametrize(
    ("at", "code"),
    [
        (datetime(2021, 1, 1, tzinfo=UTC), "case-2021"),
        # 23:59 and 0:00 in Chongqing on New Year's Eve.
        (datetime(2025, 12, 31, 15, 59, tzinfo=UTC), "case-2021"),
        (datetime(2025, 12, 31, 16, 0, tzinfo=UTC), "case-2026"),
        (datetime(2026, 11, 23, tzinfo=UTC), "case-2026"),
    ],
)
def test_the_pack_in_force_is_the_one_of_the_day(at, code):
    load_rule_packs(SYSTEM, packs=shipped())
    assert get_rule_pack(SYSTEM, subject="case", area="1.2.12.", at=at).code == code


def test_the_narrowest_jurisdiction_wins_where_it_holds():
    load_rule_packs(
        SYSTEM,
        packs=[
            *shipped(),
            pack(code="case-south", jurisdiction="1.2."),
            pack(code="case-city", jurisdiction="1.", version=9),
        ],
    )
    at = datetime(2026, 3, 2, tzinfo=UTC)

    def code(area: str) -> str:
        return get_rule_pack(SYSTEM, subject="case", area=area, at=at).code

    assert code("1.2.12.112.") == "case-south"
    assert code("1.11.111.") == "case-city"
    assert code("1.21.") == "case-city"
    assert code("2.") == "case-2026"


def test_of_two_packs_in_force_the_later_one_wins_whatever_its_version():
    load_rule_packs(SYSTEM, packs=[pack("case-2021", effective_to=None, version=7), pack()])
    at = datetime(2026, 3, 2, tzinfo=UTC)
    assert get_rule_pack(SYSTEM, subject="case", area="1.", at=at).code == "case-2026"


@pytest.mark.parametrize(
    ("subject", "at"),
    [
        ("case", datetime(2020, 12, 31, 15, tzinfo=UTC)),
        ("election", datetime(2026, 3, 2, tzinfo=UTC)),
    ],
)
def test_without_a_pack_nothing_begins(subject, at):
    load_rule_packs(SYSTEM, packs=shipped())
    with pytest.raises(Unavailable, match=f"还没有装入“{subject}”的规则包"):
        get_rule_pack(SYSTEM, subject=subject, area="1.", at=at)
