from collections import defaultdict
from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import uuid4

import pytest

from tests.conftest import NOON
from tests.people import officer, resident
from tests.places import make_places
from yukuai.accounts.models import Department
from yukuai.accounts.policy import Actor, Role
from yukuai.cases import actions
from yukuai.cases.actions.intake import Told
from yukuai.cases.actions.parts import Share
from yukuai.cases.models import Case, Category
from yukuai.cases.statistics import Numbers, Span, Subtree, count_standing, list_happened
from yukuai.divisions.models import Division
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.workflow.models import RulePack

LIN = resident(901)
"""Who raises the matters."""
CLERK = officer(Role.COMMUNITY_STAFF, "1.2.12.112.", user_id=11)
COLLEAGUE = officer(Role.COMMUNITY_STAFF, "1.2.12.112.", user_id=12)
TOWN = officer(Role.TOWNSHIP_OP, "1.2.12.", user_id=21)
NEIGHBOUR = officer(Role.COMMUNITY_STAFF, "1.2.12.113.", user_id=31)
ELSEWHERE = officer(Role.TOWNSHIP_OP, "1.11.111.", user_id=41)
DISTRICT = officer(Role.DISTRICT_OP, "1.2.", user_id=51)

TERMS = {
    "accept": {"working_days": 1, "label": "受理", "source": "test"},
    "triage": {"working_days": 1, "label": "分流", "source": "test"},
    "dispatch": {"working_days": 1, "label": "派单", "source": "test"},
    "sign": {"working_days": 1, "label": "签收", "source": "test"},
    "sign-urgent": {"hours": 2, "label": "签收", "source": "test"},
    "urgent": {"hours": 2, "label": "紧急响应", "source": "test"},
    "consult": {"working_days": 1, "label": "办结", "source": "test"},
    "minor": {"working_days": 5, "label": "办结", "source": "test"},
    "major": {"working_days": 10, "label": "办结", "source": "test"},
    "private": {"working_days": 2, "label": "办结", "source": "test"},
    "review": {"working_days": 2, "label": "核查", "source": "test"},
    "visit": {"working_days": 3, "label": "回访", "source": "test"},
    "close": {"working_days": 1, "label": "办结", "source": "test"},
    "rate": {"days": 7, "label": "评价", "source": "test"},
    "approve": {"working_days": 1, "label": "审批", "source": "test"},
    "arbitrate": {"working_days": 2, "label": "裁决派单异议", "source": "test"},
    "help": {"working_days": 3, "label": "会办", "source": "test"},
    "supervision": {"working_days": 2, "label": "督办回复", "source": "test"},
}
TWO = (Share("换楼道灯。", "minor"), Share("查线路。", "major"))
LIMITS = {"reopen": {"value": 1}, "extension": {"value": 1}, "extension_percent": {"value": 100}}


@pytest.fixture
def places(db: None) -> dict[int, Division]:
    return make_places()


@pytest.fixture
def pack(db: None) -> RulePack:
    return RulePack.objects.create(
        subject="case",
        code="CASE-TEST",
        version=1,
        effective_from=date(2020, 1, 1),
        params={"terms": TERMS, "limits": LIMITS},
        source="test",
    )


@pytest.fixture
def lamps(db: None) -> Category:
    return Category.objects.create(
        code="05",
        name="公共设施损坏",
        plain_name="公共设施坏了",
        words=["路灯", "楼道灯"],
        triage="minor",
        why="由社区牵头办。",
        source="test",
    )


@pytest.fixture
def enforcement(places: dict[int, Division]) -> Department:
    return Department.objects.create(
        division=places[12], name="综合行政执法大队", short_name="执法队", kind="综合执法"
    )


@pytest.fixture
def squad(enforcement: Department) -> Actor:
    return officer(Role.DEPT_OP, "1.2.12.", user_id=61, department_id=enforcement.pk)


@pytest.fixture
def raised(places: Any, pack: Any) -> Callable[..., Case]:
    def make(actor: Actor = LIN, at: datetime = NOON, **told: Any) -> Case:
        words = {"division_id": 112, "body": "2 单元楼道灯不亮。晚上看不清。", **told}
        words.setdefault("client_uuid", uuid4())
        return read(actions.raise_case(actor, told=Told(**words), at=at).case_id)

    return make


def read(case_id: int) -> Case:
    with scope(EVERYWHERE):
        return Case.objects.get(pk=case_id)


Steps = dict[str, Callable[[Case], object]]


@pytest.fixture
def steps(enforcement: Department, squad: Actor, raised: Callable[..., Case]) -> Steps:
    """One right way to make each move."""
    where = {"unit_id": 12, "department_id": enforcement.pk}
    answers = actions.closing.Answers
    good = answers(contacted=True, solved="yes", satisfied=True)
    bad = answers(contacted=True, solved="no", satisfied=False, reasons=("left-over",))
    at = NOON
    return {
        "accept": lambda c: actions.accept_case(CLERK, case_id=c.pk, at=at),
        "reject": lambda c: actions.reject_case(
            CLERK, case_id=c.pk, reason="court", channel="请找司法所。", at=at
        ),
        "triage": lambda c: actions.triage_case(CLERK, case_id=c.pk, triage="major", at=at),
        "retriage": lambda c: actions.retriage_case(
            CLERK, case_id=c.pk, triage="minor", reason="属于小区公共设施。", at=at
        ),
        "guide": lambda c: actions.guide_case(CLERK, case_id=c.pk, answer="可以先调解。", at=at),
        "dispatch": lambda c: actions.dispatch_case(CLERK, case_id=c.pk, **where, at=at),
        "sign": lambda c: actions.sign_case(squad, case_id=c.pk, at=at),
        "request_return": lambda c: actions.request_return(
            squad, case_id=c.pk, reason="属于供电单位。", at=at
        ),
        "grant_return": lambda c: actions.decide_return(
            TOWN, case_id=c.pk, granted=True, reason="", at=at
        ),
        "refuse_return": lambda c: actions.decide_return(
            TOWN, case_id=c.pk, granted=False, reason="就是您管。", at=at
        ),
        "object": lambda c: actions.object_to_dispatch(
            squad, case_id=c.pk, reason="城市照明归区里管。", at=at
        ),
        "uphold": lambda c: actions.rule_on_objection(
            DISTRICT, case_id=c.pk, grounds="三定方案第四条。", at=at
        ),
        "redirect": lambda c: actions.rule_on_objection(
            DISTRICT, case_id=c.pk, unit_id=2, grounds="三定方案第四条。", at=at
        ),
        "split_at_desk": lambda c: actions.split_case(CLERK, case_id=c.pk, shares=TWO, at=at),
        "split_at_unit": lambda c: actions.split_case(squad, case_id=c.pk, shares=TWO, at=at),
        "ask_extension": lambda c: actions.ask_extension(
            squad, case_id=c.pk, working_days=3, reason="等配件。", at=at
        ),
        "grant_extension": lambda c: actions.decide_extension(
            TOWN, case_id=c.pk, granted=True, working_days=3, reason="", at=at
        ),
        "refuse_extension": lambda c: actions.decide_extension(
            TOWN, case_id=c.pk, granted=False, reason="来得及。", at=at
        ),
        "reply": lambda c: actions.reply_case(
            squad, case_id=c.pk, answer="换了 3 盏灯。", outcome="solved", at=at
        ),
        "review": lambda c: actions.review_case(CLERK, case_id=c.pk, at=at),
        "send_back": lambda c: actions.send_back(CLERK, case_id=c.pk, reason="5 楼还不亮。", at=at),
        "visit": lambda c: actions.record_visit(
            COLLEAGUE, case_id=c.pk, reached=True, answers=good, at=at
        ),
        "close": lambda c: actions.close_case(CLERK, case_id=c.pk, at=at),
        "rate": lambda c: actions.rate_case(LIN, case_id=c.pk, answers=good, at=at),
        "reopen": lambda c: actions.rate_case(LIN, case_id=c.pk, answers=bad, at=at),
        "withdraw": lambda c: actions.withdraw_case(LIN, case_id=c.pk, at=at),
        "merge": lambda c: actions.merge_case(
            CLERK, case_id=c.pk, into_id=raised().pk, reason="同一盏灯。", at=at
        ),
        **{
            f"part_{former}": lambda c: actions.unmerge_case(
                CLERK, case_id=c.pk, reason="是另一盏灯。", at=at
            )
            for former in ("submitted", "accepted", "triaged")
        },
    }


def count_by_child(
    subtree: Subtree, *, span: Span, at: datetime, midnight: datetime
) -> dict[str, Numbers]:
    """What a board of the subtree's root would say of each child, without its weeks."""
    numbers: dict[str, Numbers] = defaultdict(Numbers)
    for happened in list_happened(subtree, span=span, since=span.since):
        numbers[happened.child].add(happened)
    for child, standing in count_standing(subtree, at=at, midnight=midnight).items():
        for name, count in standing.items():
            setattr(numbers[child], name, count)
    return numbers
