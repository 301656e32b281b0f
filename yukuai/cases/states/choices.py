"""The words of a matter: its states, its kinds, where it came from, what came of it."""

from django.db.models import TextChoices


class CaseState(TextChoices):
    SUBMITTED = "submitted", "等受理"
    REJECTED = "rejected", "没有受理"
    ACCEPTED = "accepted", "已受理，待分流"
    TRIAGED = "triaged", "已分流，待派单"
    DISPATCHED = "dispatched", "已派单，待签收"
    HANDLING = "handling", "办理中"
    RETURN_REQUESTED = "return-requested", "申请退单中"
    OBJECTED = "objected", "派单异议，等裁决"
    COLLAB = "collab", "会办中"
    EXTENDED = "extended", "申请延期中"
    REPLIED = "replied", "已答复，待核查"
    REVIEWED = "reviewed", "已核查，待回访"
    VISITED = "visited", "已回访，待办结"
    CLOSED = "closed", "已办结，等评价"
    RATED = "rated", "已评价"
    ARCHIVED = "archived", "已归档"
    REOPENED = "reopened", "重新打开"
    WITHDRAWN = "withdrawn", "已撤回"
    MERGED = "merged", "已并入"
    FINISHED = "finished", "分单办完"
    CANCELLED = "cancelled", "分单已撤销"


S = CaseState
PART_DONE = frozenset({S.FINISHED, S.CANCELLED})
"""How a part of a matter ends (拆单): no follow-up and no rating, those are the main matter's."""
FINAL = frozenset({S.REJECTED, S.RATED, S.ARCHIVED, S.WITHDRAWN}) | PART_DONE
DONE = FINAL | {S.CLOSED, S.MERGED}
"""Nothing is owed by any office any more; of a merged matter, by the one it was merged into."""
OPEN = frozenset(S) - DONE
UNDISPATCHED = frozenset({S.SUBMITTED, S.ACCEPTED, S.TRIAGED})
UNMERGE: dict[str, str] = {
    S.SUBMITTED: "part_submitted",
    S.ACCEPTED: "part_accepted",
    S.TRIAGED: "part_triaged",
}
"""The moves out of a merger, by where each leads back. The log, which nobody changes, has them by
these names; anywhere else a part is a piece of a split matter."""
UNSIGNED = UNDISPATCHED | {S.DISPATCHED}
ANSWERED_FOR_GOOD = frozenset({S.CLOSED, S.RATED, S.ARCHIVED})
"""What was merged into such a matter has its answer: it is not taken out any more."""


class Triage(TextChoices):
    """三事分流"""

    MAJOR = "major", "大事"
    MINOR = "minor", "小事"
    PRIVATE = "private", "私事"


class Source(TextChoices):
    APP = "app", "手机反映"
    COUNTER = "counter", "来访登记"
    PHONE = "phone", "来电登记"
    API = "api", "外部系统"
    SPLIT = "split", "拆单"


class Outcome(TextChoices):
    SOLVED = "solved", "已解决"
    PARTLY = "partly", "部分解决"
    EXPLAINED = "explained", "解释说明"
    NOT_YET = "not-yet", "条件不具备"


class Solved(TextChoices):
    YES = "yes", "解决了"
    PARTLY = "partly", "一部分"
    NO = "no", "没有"
