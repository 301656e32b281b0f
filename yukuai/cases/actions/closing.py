from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from yukuai.accounts.policy import Actor
from yukuai.cases.actions._steps import lock, lock_own, move, required, start_clock
from yukuai.cases.actions.parts import cancel_parts
from yukuai.cases.models import Case, Rating, Visit
from yukuai.cases.states import CaseState, Solved
from yukuai.kernel.actions import action
from yukuai.kernel.errors import InvalidInput
from yukuai.workflow.actions import drop_deadlines, meet_deadlines

ARCHIVE_BATCH = 200
WORDS_LENGTH = 500
REASONS = {
    "left-over": "还有地方没修到",
    "broke-again": "修了又坏",
    "late": "说好的时间没到场",
    "attitude": "没有说清楚",
    "cannot": "眼下办不了，要等条件",
}
"""Structured grounds of dissatisfaction (domain.md §10.2 假满意)."""


@dataclass(frozen=True)
class Answers:
    """The three questions: contacted, solved, satisfied."""

    contacted: bool | None = None
    solved: str = ""
    satisfied: bool | None = None
    reasons: tuple[str, ...] = ()
    words: str = ""


@action
def review_case(actor: Actor, *, case_id: int, words: str = "", at: datetime) -> Case:
    """核查: somebody other than the handler finds the reply true."""
    case = lock(actor, case_id)
    move(actor, case, "review", at=at, reason=words.strip()[:400])
    meet_deadlines(case, "review", at=at)
    start_clock(actor, case, "visit", owner=case.division, at=at)
    return case


@action
def finish_part(actor: Actor, *, case_id: int, words: str = "", at: datetime) -> Case:
    """核查 of a part ends it: the resident is asked once, about the whole matter."""
    case = lock(actor, case_id)
    case.closed_at = at
    move(actor, case, "finish", at=at, reason=words.strip()[:400])
    meet_deadlines(case, at=at)
    return case


@action
def send_back(actor: Actor, *, case_id: int, reason: str, at: datetime) -> Case:
    case = lock(actor, case_id)
    reason = required(reason, field="reason", sentence="写明还差什么，承办单位好接着办。")
    move(actor, case, "send_back", at=at, reason=reason, said="核查发现还没办好，退回接着办。")
    meet_deadlines(case, "review", at=at)
    start_clock(
        actor,
        case,
        "resolve",
        owner=case.unit,
        department_id=case.unit_department_id,
        at=at,
        term=case.rules().term("dispatch"),
        label="重办",
    )
    return case


@action
def record_visit(
    actor: Actor,
    *,
    case_id: int,
    reached: bool,
    answers: Answers,
    channel: str = "phone",
    close: bool = False,
    at: datetime,
) -> Case:
    """回访 by somebody other than the handler; `close` ends the matter in the same breath."""
    case = lock(actor, case_id)
    note_visit(actor, case, reached=reached, answers=answers, channel=channel, close=close, at=at)
    return case


def note_visit(
    actor: Actor,
    case: Case,
    *,
    reached: bool,
    answers: Answers,
    channel: str = "phone",
    close: bool = False,
    at: datetime,
) -> None:
    """A step, of a matter that is locked."""
    if reached and not answers.solved:
        sentence = "问到了，就选一个结果：解决了、一部分，还是没有。"
        raise InvalidInput(sentence, fields={"solved": sentence})
    _check(answers)
    move(actor, case, "visit", at=at, reached=reached, solved=answers.solved)
    Visit.objects.create(
        case=case,
        division=case.division,
        holders=case.holders,
        round=case.reopened,
        reached=reached,
        contacted=answers.contacted,
        solved=answers.solved,
        satisfied=answers.satisfied,
        words=answers.words.strip()[:WORDS_LENGTH],
        channel=channel,
        asked_by_id=actor.user_id,
        given_at=at,
    )
    meet_deadlines(case, "visit", at=at)
    start_clock(actor, case, "close", owner=case.division, at=at)
    if close:
        _close(actor, case, at)


@action
def close_case(actor: Actor, *, case_id: int, at: datetime) -> Case:
    case = lock(actor, case_id)
    _close(actor, case, at)
    return case


def _close(actor: Actor, case: Case, at: datetime) -> None:
    case.closed_at = at
    move(actor, case, "close", at=at, said="办结了，请您看一看、评一评。")
    meet_deadlines(case, at=at)
    case.rate_until = start_clock(actor, case, "rate", owner=case.division, at=at)
    case.save(update_fields=["rate_until"])


@action
def rate_case(actor: Actor, *, case_id: int, answers: Answers, at: datetime) -> Case:
    """The resident answers; what is not solved is reopened once, under the same number."""
    case = lock_own(actor, case_id)
    _check_complete(answers)
    again = answers.solved != Solved.YES and case.reopened < case.rules().reopenings
    words = answers.words.strip()[:WORDS_LENGTH]
    before = case.reopened
    if again:
        case.closed_at = case.rate_until = case.promised_at = None
        move(actor, case, "reopen", at=at, reason=words, said="您说还没解决，请社区接着办。")
        case.reopened = before + 1
        case.save(update_fields=["reopened"])
    else:
        move(actor, case, "rate", at=at, said="您评价了。")
    Rating.objects.create(
        case=case,
        division=case.division,
        holders=case.holders,
        round=before,
        contacted=answers.contacted,
        solved=answers.solved,
        satisfied=answers.satisfied,
        reasons=list(answers.reasons),
        words=words,
        given_at=at,
    )
    meet_deadlines(case, "rate", at=at)
    if again:
        start_clock(actor, case, "dispatch", owner=case.division, at=at)
    return case


def _check(answers: Answers) -> None:
    if answers.solved and answers.solved not in Solved.values:
        raise InvalidInput("选一个结果。", fields={"solved": "选一个结果。"})
    if unknown := set(answers.reasons) - REASONS.keys():
        raise InvalidInput("选一选哪里还没好。", fields={"reasons": f"没有这一项：{unknown}"})


def _check_complete(answers: Answers) -> None:
    missing = {}
    if answers.contacted is None:
        missing["contacted"] = "选“有”或“没有”。"
    if not answers.solved:
        missing["solved"] = "选一个：解决了、一部分、没有。"
    if answers.satisfied is None:
        missing["satisfied"] = "选“满意”或“不满意”。"
    if missing:
        raise InvalidInput(f"还差 {len(missing)} 个问题没选。", fields=missing)
    _check(answers)


@action
def withdraw_case(actor: Actor, *, case_id: int, at: datetime) -> Case:
    case = lock_own(actor, case_id)
    move(actor, case, "withdraw", at=at, said="您撤回了。")
    drop_deadlines(case, at=at)
    cancel_parts(case, reason="反映人撤回了主单。", at=at)
    return case


@action
def archive_due(actor: Actor, *, at: datetime) -> int:
    """No word within the time for rating: the matter rests. A batch at a time, for the worker."""
    over = Q(state=CaseState.CLOSED, rate_until__lte=at)
    rows = Case.objects.filter(over).select_related("division", "rule_pack").order_by("rate_until")
    due = list(rows.select_for_update(skip_locked=True, of=("self",))[:ARCHIVE_BATCH])
    for case in due:
        move(actor, case, "archive", at=at, said="评价期满，按办结处理。以后仍可重新反映。")
        drop_deadlines(case, "rate", at=at)
    return len(due)
