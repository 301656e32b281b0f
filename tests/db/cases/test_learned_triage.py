"""A suggestion that learns: from what was decided, without names, and it never decides."""

import json
import random
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command

from tests.casework import CLERK, DISTRICT
from tests.complaints import complaints
from tests.conftest import NOON
from tests.people import officer
from yukuai.accounts.policy import SYSTEM, Role
from yukuai.audit.models import AuditEntry
from yukuai.cases import actions, learned
from yukuai.cases.advice import advice_sentence, advise_triage
from yukuai.cases.lessons import beats, learn, list_lessons
from yukuai.cases.models import Case, Category, TriageModel
from yukuai.cases.queries import suggest_for
from yukuai.kernel.errors import Conflict, InvalidInput, NotFound, NotPermitted
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.workflow.models import StateChange

pytestmark = pytest.mark.django_db
CITY = officer(Role.SYS_ADMIN, "1.", user_id=91)
SOUTH = officer(Role.SYS_ADMIN, "1.2.", user_id=92)
PHONE, NAME = "19912345678", "欧阳锦绣"
DARK = "3 栋楼道灯不亮了，麻烦派人来看看。"


@pytest.fixture(autouse=True)
def forgotten():
    """The tables of a test are rolled back, the memory of the process is not."""
    learned._unpacked.clear()
    yield
    learned._unpacked.clear()


@pytest.fixture
def catalogue(places):
    codes = {"05": ("公共设施损坏", "minor"), "04": ("市容环卫", "major"), "99": ("其他", "")}
    return {
        code: Category.objects.create(
            code=code, name=name, plain_name=name, triage=triage, why="说明。", source="test"
        )
        for code, (name, triage) in codes.items()
    }


@pytest.fixture
def decided(places, pack, catalogue):
    """Matters that are done, of several hundred people; one of them names herself each time."""

    def make(count=400, *, area_of=112, state="archived"):
        rows = []
        texts = [e for e in complaints(each=4) if e.labels["category"] in {"04", "05"}]
        random.Random(1).shuffle(texts)
        for number, one in enumerate(texts[:count]):
            said = f"{one.text}我叫{NAME}，电话 {PHONE}。" if number % 9 == 0 else one.text
            rows.append(
                Case(
                    number=f"ZT-2603-{area_of}{number:06}",
                    client_uuid=uuid4(),
                    state=state,
                    source="app",
                    title="事",
                    body=said,
                    category=catalogue[one.labels["category"]],
                    triage=one.labels["triage"],
                    rule_pack=pack,
                    received_at=NOON,
                    changed_at=NOON,
                    division=places[area_of],
                    area=places[area_of].path,
                    phone_hash="ouyang" if number % 9 == 0 else f"p{number}",
                    ticket_digest=f"{area_of}-{number}",
                )
            )
        with scope(EVERYWHERE):
            Case.objects.bulk_create(rows)

    return make


def trained():
    out = StringIO()
    call_command("train_triage", stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


@pytest.fixture
def speaking(decided):
    decided()
    trained()
    return actions.activate_triage_model(CITY, version=1, reason="看过准确率", at=NOON)


def test_a_version_is_learned_from_what_was_decided_but_does_not_speak_yet(decided):
    decided()
    category, triage = trained()
    assert (category["version"], category["active"], category["head"]) == (1, False, "category")
    assert category["precision"] >= 900
    assert triage["head"] == "triage"
    row = TriageModel.objects.get()
    assert (row.version, row.texts, row.active) == (1, 400, False)
    assert set(row.figures) == {"category", "triage", "words"}
    with scope(CLERK.areas):
        assert not suggest_for(CLERK, body=DARK).is_learned


def test_a_name_and_a_phone_never_stand_in_a_model_however_often_one_person_says_them(decided):
    decided()
    trained()
    known = "".join(learned.unpack(TriageModel.objects.get()).grams)
    assert "灯" in known
    assert not set(NAME) & set(known)
    assert not any(sign.isdigit() for sign in known)


def test_only_what_is_done_and_whole_teaches(decided):
    decided(50, state="accepted")
    decided(60, area_of=113)
    with scope(EVERYWHERE):
        first = Case.objects.filter(state="archived").order_by("pk").first()
        Case.objects.filter(pk=first.pk).update(category=None)
        assert len(list(list_lessons(SYSTEM))) == 59


def test_only_the_areas_named_teach(decided):
    decided(30)
    decided(20, area_of=113)
    with scope(EVERYWHERE):
        path = Case.objects.filter(phone_hash="p1").earliest("pk").area
        assert len(list(list_lessons(SYSTEM, areas=[path]))) == 30


def test_too_few_matters_teach_nothing_and_nothing_is_kept(decided):
    decided(20)
    with pytest.raises(CommandError, match="还不够学"):
        trained()
    assert not TriageModel.objects.exists()


def test_the_active_version_is_asked_first_and_says_how_sure_it_is(speaking, catalogue):
    with scope(CLERK.areas):
        found = suggest_for(CLERK, body=DARK)
    assert (found.category_id, found.triage, found.model) == (catalogue["05"].pk, "minor", 1)
    assert found.chance >= 800
    assert "件定为“公共设施损坏”，因为说到“" in found.reason
    assert advice_sentence(found).startswith("按以前定过的事建议定为“小事”：十件像这样的，")
    assert advice_sentence(found).endswith("由您确定。")


def test_where_it_is_not_sure_the_words_speak_and_without_words_nobody(speaking, catalogue):
    Category.objects.filter(code="99").update(words=["鼋鼍"], triage="minor")
    with scope(CLERK.areas):
        by_words = suggest_for(CLERK, body="池子里有鼋鼍")
        silent = suggest_for(CLERK, body="帮我订一张机票")
    assert (by_words.category_id, by_words.is_learned) == (catalogue["99"].pk, False)
    assert (silent.category_id, silent.triage) == (None, "")


def test_a_category_out_of_use_is_never_suggested(speaking):
    Category.objects.filter(code="05").update(active=False)
    with scope(CLERK.areas):
        assert not suggest_for(CLERK, body=DARK).is_learned


def accepted(raised, body):
    case = raised(body=body)
    actions.accept_case(CLERK, case_id=case.pk, at=NOON)
    return case


def read(case):
    with scope(EVERYWHERE):
        return Case.objects.select_related("category").get(pk=case.pk)


def last_triage(case):
    with scope(EVERYWHERE):
        return StateChange.objects.get(object_id=case.pk, workflow="case", move="triage")


def test_it_never_decides_however_sure_it_is(speaking, raised):
    case = accepted(raised, DARK)
    waiting = read(case)
    with scope(CLERK.areas):
        assert advise_triage(CLERK, case=waiting).triage == "minor"
    unchanged = read(case)
    assert (unchanged.state, unchanged.triage, unchanged.category) == ("accepted", "", None)
    with pytest.raises(InvalidInput, match="先选大事、小事还是私事"):
        actions.triage_case(CLERK, case_id=case.pk, triage="", at=NOON)
    assert (read(case).state, read(case).triage) == ("accepted", "")


def test_the_log_keeps_what_was_suggested_and_that_it_was_followed(speaking, raised, catalogue):
    lamps = catalogue["05"].pk
    case = accepted(raised, DARK)
    actions.triage_case(CLERK, case_id=case.pk, triage="minor", category_id=lamps, at=NOON)
    data = last_triage(case).data
    assert data["suggested"] | {"chance": 0} == {
        "category": lamps,
        "triage": "minor",
        "source": "learned",
        "model": 1,
        "chance": 0,
    }
    assert data["followed"] is True


def test_whoever_decides_otherwise_is_right_and_the_log_says_so(speaking, raised, catalogue):
    case = accepted(raised, DARK)
    actions.triage_case(
        CLERK, case_id=case.pk, triage="major", category_id=catalogue["04"].pk, at=NOON
    )
    assert (read(case).triage, read(case).category.code) == ("major", "04")
    assert last_triage(case).data["followed"] is False


def test_it_is_counted_by_category_how_often_a_suggestion_was_followed(speaking, raised, catalogue):
    lamps = catalogue["05"].pk
    for triage in ("minor", "minor", "major"):
        case = accepted(raised, DARK)
        actions.triage_case(CLERK, case_id=case.pk, triage=triage, category_id=lamps, at=NOON)
    with scope(CITY.areas):
        found = learned.count_taken(CITY, at=NOON)
    assert found == {lamps: learned.Taken(lamps, learned=3, learned_followed=2)}
    with scope(CITY.areas):
        assert learned.count_taken(CITY, at=NOON + learned.WINDOW) == {}


def test_who_may_not_manage_categories_reads_no_numbers_and_changes_no_version(speaking):
    with scope(CLERK.areas), pytest.raises(NotPermitted):
        learned.count_taken(CLERK, at=NOON)
    for stranger in (CLERK, DISTRICT, SOUTH):
        with pytest.raises(NotPermitted):
            actions.retire_triage_model(stranger, reason="不用了", at=NOON)
    assert TriageModel.objects.get().active


def test_an_activation_needs_a_reason_and_stands_in_the_audit(decided):
    decided()
    trained()
    with pytest.raises(InvalidInput, match="写明为什么换"):
        actions.activate_triage_model(CITY, version=1, reason=" ", at=NOON)
    assert not TriageModel.objects.get().active
    actions.activate_triage_model(CITY, version=1, reason="看过准确率", at=NOON)
    with scope(EVERYWHERE):
        entry = AuditEntry.objects.get(act="triage-model.activate")
    assert (entry.target, entry.area, entry.details["reason"]) == ("第 1 版", "1.", "看过准确率")
    with pytest.raises(Conflict, match="不用换"):
        actions.activate_triage_model(CITY, version=1, reason="再来", at=NOON)
    with pytest.raises(NotFound):
        actions.activate_triage_model(CITY, version=2, reason="没有的", at=NOON)


def test_one_version_speaks_and_an_older_one_may_come_back(speaking):
    trained()
    assert [row.active for row in TriageModel.objects.order_by("version")] == [True, False]
    actions.activate_triage_model(CITY, version=2, reason="新的", at=NOON)
    assert [row.active for row in TriageModel.objects.order_by("version")] == [False, True]
    actions.activate_triage_model(CITY, version=1, reason="还是旧的", at=NOON)
    assert [row.active for row in TriageModel.objects.order_by("version")] == [True, False]


def test_after_it_is_retired_only_words_speak(speaking):
    actions.retire_triage_model(CITY, reason="先不用", at=NOON)
    with scope(CLERK.areas):
        assert not suggest_for(CLERK, body=DARK).is_learned
    with pytest.raises(Conflict, match="没有在用的一版"):
        actions.retire_triage_model(CITY, reason="再停", at=NOON)


FIGURES = {
    head: {"texts": 500, "precision": 950, "macro_f1": 700} for head in ("category", "triage")
}


def with_category(**changes):
    return FIGURES | {"category": FIGURES["category"] | changes}


@pytest.mark.parametrize(
    ("new", "better"),
    [
        (FIGURES, False),
        (with_category(macro_f1=701), True),
        (with_category(macro_f1=701, precision=900), True),
        (with_category(macro_f1=701, precision=899), False),
        (with_category(macro_f1=701, texts=99), False),
    ],
)
def test_a_version_beats_another_only_by_finding_more_and_staying_right(new, better):
    assert beats(new, FIGURES) is better


def test_a_better_version_takes_the_place_of_the_active_one_by_itself(speaking):
    row = actions.keep_triage_model(
        SYSTEM,
        data=bytes(speaking.data),
        texts=400,
        figures=with_category(macro_f1=800),
        rival=1,
        rival_figures=FIGURES,
        at=NOON,
    )
    assert row.active
    assert TriageModel.objects.get(active=True).version == 2


def test_a_version_compared_with_one_that_is_no_longer_active_waits(speaking):
    row = actions.keep_triage_model(
        SYSTEM,
        data=bytes(speaking.data),
        texts=400,
        figures=with_category(macro_f1=800),
        rival=7,
        rival_figures=FIGURES,
        at=NOON,
    )
    assert not row.active


def test_the_figures_are_printed_one_json_a_line(speaking):
    out = StringIO()
    call_command("evaluate_triage", stdout=out)
    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    wholes = [(line["by"], line["head"]) for line in lines if "label" not in line]
    assert wholes == [
        ("learned 1", "category"),
        ("learned 1", "triage"),
        ("words", "category"),
        ("words", "triage"),
    ]
    assert {"coverage", "precision", "recall", "macro_f1", "calibration_error", "silent"} <= set(
        lines[0]
    )


def test_a_kept_model_asks_the_database_nothing(speaking, django_assert_num_queries):
    with scope(CLERK.areas):
        suggest_for(CLERK, body=DARK)
        with django_assert_num_queries(0):
            assert suggest_for(CLERK, body=DARK).is_learned


def test_the_same_decisions_make_the_same_model(decided):
    decided(300)
    with scope(EVERYWHERE):
        one = learn(list_lessons(SYSTEM), rules=[], day="2026-03-02")
        other = learn(reversed(list(list_lessons(SYSTEM))), rules=[], day="2026-03-02")
    assert one.model.dump() == other.model.dump()
