"""The words of a dispute: its states, its sides, where it came from, what came of it."""

from django.db.models import TextChoices


class DisputeState(TextChoices):
    REGISTERED = "registered", "已登记，待指派"
    ASSIGNED = "assigned", "已指派调解员"
    INVESTIGATING = "investigating", "调查中"
    MEDIATING = "mediating", "调解中"
    AGREED = "agreed", "达成协议，待生效"
    FAILED = "failed", "没有达成协议"
    FULFILMENT = "fulfilment", "履行中"
    ARCHIVED = "archived", "已归档"
    WITHDRAWN = "withdrawn", "当事人退出"


S = DisputeState
MEDIATED = frozenset({S.ASSIGNED, S.INVESTIGATING, S.MEDIATING})
"""A mediator has it, and may be changed."""
BEFORE_EFFECT = MEDIATED | {S.REGISTERED, S.AGREED}
"""Nobody is bound yet: each side may leave."""
DONE = frozenset({S.ARCHIVED, S.WITHDRAWN})
OPEN = frozenset(S) - DONE


class Origin(TextChoices):
    COUNTER = "counter", "当事人来登记"
    CASE = "case", "诉求转来"
    GRID = "grid", "网格上报"
    COURT = "court", "法院委派"
    POLICE = "police", "公安委派"


class Side(TextChoices):
    APPLICANT = "applicant", "申请人"
    RESPONDENT = "respondent", "对方当事人"


class AgreementForm(TextChoices):
    WRITTEN = "written", "书面协议"
    ORAL = "oral", "口头协议"


class Confirmation(TextChoices):
    APPLIED = "applied", "双方已向法院申请"
    NOT_WANTED = "not-wanted", "双方都说不用"


class Outcome(TextChoices):
    FULFILLED = "fulfilled", "都履行了"
    PARTLY = "partly", "履行了一部分"
    BROKEN = "broken", "没有履行"


class Channel(TextChoices):
    """Where the parties are told to go when no agreement is reached."""

    ARBITRATION = "arbitration", "仲裁"
    ADMINISTRATION = "administration", "行政"
    COURT = "court", "诉讼"
