"""The life of an election as data: the states of domain.md §2.1, moved by whom, after what.

Only what this product already does stands in the table; the law behind a refusal comes from the
rules pinned to the election, and is quoted by the guard.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import TextChoices

from yukuai.accounts.policy import Actor, Permission
from yukuai.elections.conditions import CONDITIONS, missing
from yukuai.workflow.definitions import Move, Workflow


class ElectionState(TextChoices):
    DRAFT = "draft", "任务已建"
    GUIDANCE_SET = "guidance-set", "指导机构成立"
    COMMITTEE_FORMED = "committee-formed", "选举委员会成立"
    PLAN_ADOPTED = "plan-adopted", "选举办法通过"
    REGISTRATION_OPEN = "registration-open", "选民登记"
    ROLL_PUBLISHED = "roll-published", "名单公布"
    ROLL_OBJECTION = "roll-objection", "名单申诉期"
    ROLL_FINAL = "roll-final", "名单确定"
    NOMINATING = "nominating", "提名推荐"
    JOINT_REVIEW = "joint-review", "联审"
    CANDIDATES_PUBLISHED = "candidates-published", "候选人公布"
    CAMPAIGN = "campaign", "候选人见面"
    PROXY_CLOSED = "proxy-closed", "委托截止"
    ANNULLED = "annulled", "终止"


class Halt(TextChoices):
    """Why the steps stand still; where the election stands is not forgotten meanwhile."""

    POSTPONED = "postponed", "延期"
    SUSPENDED = "suspended", "暂停调查"


class Electorate(TextChoices):
    VOTERS = "VOTERS", "全体选民投票"
    HOUSEHOLDS = "HOUSEHOLDS", "户代表投票"
    DELEGATES = "DELEGATES", "居民代表投票"


class Body(TextChoices):
    VILLAGE = "village", "村民委员会"
    COMMUNITY = "community", "居民委员会"


class Chair(TextChoices):
    CHAIR = "CHAIR", "主任"
    VICE = "VICE", "副主任"
    MEMBER = "MEMBER", "委员"


class NoticeKind(TextChoices):
    """The announcements of domain.md §2.1, by what they are about."""

    COMMITTEE = "committee", "选举委员会名单"
    PLAN = "plan", "选举办法和选举日"
    REGISTRATION = "registration", "选民登记"
    ROLL = "roll", "选民名单"
    ROLL_FINAL = "roll-final", "最后确定的选民名单"
    MEMBERS = "members", "选举委员会成员变更"
    DAY = "day", "选举日变更"
    NOMINATION = "nomination", "提名推荐"
    CANDIDATES = "candidates", "正式候选人名单"
    PROXIES = "proxies", "委托投票名单"


class Basis(TextChoices):
    """On what ground somebody stands on the roll (domain.md §2.3)."""

    HUKOU_RESIDENT = "HUKOU_RESIDENT", "户籍在本村并在本村居住"
    HUKOU_AWAY_OPTIN = "HUKOU_AWAY_OPTIN", "户籍在本村、不在本村居住，本人表示参加"
    NON_HUKOU_1Y = "NON_HUKOU_1Y", "户籍不在本村，居住满一年，申请并经会议同意"
    NON_HUKOU_WORKER = "NON_HUKOU_WORKER", "户籍不在本村，从事村务工作满一年，申请并经会议同意"
    RC_HUKOU = "RC_HUKOU", "户籍在本社区，本人表示参加"
    RC_RESIDENT = "RC_RESIDENT", "常住本社区，本人表示参加"
    RC_WORKER_6M = "RC_WORKER_6M", "在本社区工作满六个月，申请并经确认"


class VoterState(TextChoices):
    PROPOSED = "proposed", "待核对"
    LISTED = "listed", "在名单上"
    ELSEWHERE = "elsewhere", "他处已登记"
    STRUCK = "struck", "已剔除"


class MeetingKind(TextChoices):
    ASSEMBLY = "assembly", "村（居）民会议"
    DELEGATES = "delegates", "代表会议"
    GROUPS = "groups", "各小组会议"


class CardState(TextChoices):
    MADE = "made", "未发放"
    ISSUED = "issued", "已发放"
    VOID = "void", "已作废"


class Taker(TextChoices):
    """Who received a card against his signature."""

    SELF = "self", "本人"
    FAMILY = "family", "家人代领"


class CardAnswer(TextChoices):
    """What is said about a card that is shown, and nothing about whose it is."""

    VALID = "valid", "有效"
    UNISSUED = "unissued", "未发放"
    USED = "used", "已领票"
    VOID = "void", "已作废"
    FOREIGN = "foreign", "不是这次选举的"
    FORGED = "forged", "伪造"


S = ElectionState
P = Permission
LIVING = frozenset(S) - {S.ANNULLED}
PHASES: tuple[tuple[str, tuple[tuple[S, str], ...]], ...] = (
    (
        "筹备",
        (
            (S.DRAFT, "建立任务"),
            (S.GUIDANCE_SET, "指导机构、培训"),
            (S.COMMITTEE_FORMED, "推选选举委员会"),
            (S.PLAN_ADOPTED, "选举办法、职数、选举日"),
        ),
    ),
    (
        "登记",
        (
            (S.REGISTRATION_OPEN, "登记开放"),
            (S.ROLL_PUBLISHED, "公布名单"),
            (S.ROLL_OBJECTION, "申诉期"),
            (S.ROLL_FINAL, "名单确定"),
        ),
    ),
    (
        "提名与联审",
        (
            (S.NOMINATING, "提名推荐"),
            (S.JOINT_REVIEW, "联审"),
            (S.CANDIDATES_PUBLISHED, "公布正式候选人"),
            (S.CAMPAIGN, "见面会"),
        ),
    ),
    ("投票准备", ((S.PROXY_CLOSED, "审核委托、公布名单"),)),
)
"""The states as people see them, in order."""
ORDER = tuple(state for _phase, steps in PHASES for state, _word in steps)
CARDED = frozenset(ORDER[ORDER.index(S.ROLL_FINAL) :])
"""Where the roll is final, its voters have cards."""


def going(_actor: Actor, election: Any, _at: datetime) -> str:
    """Nothing moves while it is halted."""
    if not election.halted:
        return ""
    return f"现在是“{Halt(election.halted).label}”：{election.halted_why}。恢复以后才能往下走。"


def _wants(name: str, label: str) -> Callable[[Actor, Any, datetime], str]:
    def guard(actor: Actor, election: Any, at: datetime) -> str:
        stands = going(actor, election, at)
        return stands or missing(label, CONDITIONS[name](election, at))

    return guard


ELECTION_WORKFLOW = Workflow(
    name="election",
    states={state.value: state.label for state in S},
    initial=S.DRAFT,
    moves=(
        Move(
            "set_guidance",
            "指导机构成立",
            frozenset({S.DRAFT}),
            S.GUIDANCE_SET,
            P.ELECTION_GUIDE,
            does="记下成立文件和培训。接着推选选举委员会。",
            why_not="已经记过了。",
            guard=going,
            icon="people",
        ),
        Move(
            "form_committee",
            "选举委员会成立",
            frozenset({S.GUIDANCE_SET}),
            S.COMMITTEE_FORMED,
            P.ELECTION_GUIDE,
            does="记下推选的会议和成员，印出公告第1号。",
            why_not="先成立指导机构；成立以后只能一个一个变更成员。",
            guard=going,
            icon="people",
        ),
        Move(
            "adopt_plan",
            "公布选举办法",
            frozenset({S.COMMITTEE_FORMED}),
            S.PLAN_ADOPTED,
            P.ELECTION_RUN,
            does="记下表决的会议、职数和选举日，印出公告，日程由选举日倒排。",
            why_not="选举委员会成立以后、登记开始以前。",
            guard=going,
            icon="doc",
        ),
        Move(
            "open_registration",
            "开始登记",
            frozenset({S.PLAN_ADOPTED}),
            S.REGISTRATION_OPEN,
            P.ELECTION_RUN,
            does="印出登记公告，从底数带出名单草稿，逐人核对。",
            why_not="选举办法公布以后才能开始登记。",
            guard=going,
            icon="pen",
        ),
        Move(
            "publish_roll",
            "公布名单",
            frozenset({S.REGISTRATION_OPEN}),
            S.ROLL_PUBLISHED,
            P.ELECTION_RUN,
            does="印出名单公告和名单。张贴以后开始计算申诉期。",
            why_not="登记的时候才能公布名单。",
            guard=_wants("publish_roll", "公布名单"),
            icon="doc",
        ),
        Move(
            "begin_objections",
            "记下张贴",
            frozenset({S.ROLL_PUBLISHED}),
            S.ROLL_OBJECTION,
            P.ELECTION_RUN,
            does="名单贴出来了，上传第一处照片，申诉期从公布那天起算。",
            why_not="名单公布以后才有申诉期。",
            guard=_wants("begin_objections", "开始申诉期"),
            icon="camera",
        ),
        Move(
            "finalize_roll",
            "确定名单",
            frozenset({S.ROLL_OBJECTION}),
            S.ROLL_FINAL,
            P.ELECTION_RUN,
            does="名单人数从此固定，印制选民证。以后只能因死亡、剥夺政治权利、重复登记更正。",
            why_not="申诉期满才能确定名单。",
            guard=_wants("finalize_roll", "确定名单"),
            icon="check",
        ),
        Move(
            "open_nominations",
            "开始提名",
            frozenset({S.ROLL_FINAL}),
            S.NOMINATING,
            P.ELECTION_RUN,
            does="印出提名公告：职数、条件和提名办法。",
            why_not="名单确定以后才能提名。",
            guard=going,
            icon="people",
        ),
        Move(
            "submit_nominees",
            "送联审",
            frozenset({S.NOMINATING}),
            S.JOINT_REVIEW,
            P.ELECTION_RUN,
            does="提名到此为止，被提名的人报区县，由各部门分别反馈。这里只看到通过或者不通过。",
            why_not="提名的时候才能送联审。",
            guard=_wants("submit_nominees", "送联审"),
            icon="send",
        ),
        Move(
            "publish_candidates",
            "公布正式候选人",
            frozenset({S.JOINT_REVIEW}),
            S.CANDIDATES_PUBLISHED,
            P.ELECTION_RUN,
            does="按提名多少确定正式候选人，印出公告。受托投票的人成为候选人的，委托失效。",
            why_not="联审结束以后才能公布正式候选人。",
            guard=_wants("publish_candidates", "公布正式候选人"),
            icon="doc",
        ),
        Move(
            "begin_campaign",
            "开始介绍候选人",
            frozenset({S.CANDIDATES_PUBLISHED}),
            S.CAMPAIGN,
            P.ELECTION_RUN,
            does="候选人名单贴出来以后，组织候选人和选民见面。选举日停止。",
            why_not="正式候选人公布以后才能介绍候选人。",
            guard=_wants("begin_campaign", "开始介绍候选人"),
            icon="talk",
        ),
        Move(
            "close_proxies",
            "公布委托名单",
            frozenset({S.CAMPAIGN}),
            S.PROXY_CLOSED,
            P.ELECTION_RUN,
            does="委托登记到此为止，印出委托人和受托人的名单。没有公布的委托无效。",
            why_not="开过见面会以后才能公布委托名单。",
            guard=_wants("close_proxies", "公布委托名单"),
            icon="doc",
        ),
        Move(
            "annul",
            "终止",
            LIVING,
            S.ANNULLED,
            P.ELECTION_GUIDE,
            does="这次选举不再进行，重新选举另建任务。写明理由，不能撤销。",
            why_not="已经终止了。",
            icon="close",
        ),
    ),
)
