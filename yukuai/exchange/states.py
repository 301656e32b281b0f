"""The words of the exchange: kinds of systems, and what became of what was sent and received."""

from django.db.models import TextChoices


class SystemKind(TextChoices):
    GOVERNANCE = "governance", "综治系统"
    LETTERS = "letters", "群工系统"
    ONE_STOP = "one-stop", "渝快办"
    HOTLINE = "hotline", "12345 热线"
    OTHER = "other", "其他系统"


class Direction(TextChoices):
    """Of a line of the table of states."""

    INWARD = "in", "他们的状态到我们"
    OUTWARD = "out", "我们的进展到他们"


class Origin(TextChoices):
    """Who had the matter first."""

    OURS = "ours", "我们送去的"
    THEIRS = "theirs", "他们转来的"


class ParcelState(TextChoices):
    WAITING = "waiting", "等发送"
    SENT = "sent", "已送到"
    DEAD = "dead", "没有送到"
    DROPPED = "dropped", "不再送"


class NoticeState(TextChoices):
    WAITING = "waiting", "等处理"
    APPLIED = "applied", "已照办"
    LATE = "late", "晚到，只留记录"
    REFUSED = "refused", "办不了，等人看"
    SETTLED = "settled", "人工处理了"


class DifferenceKind(TextChoices):
    MISSING_HERE = "missing-here", "他们有，我们没有"
    MISSING_THERE = "missing-there", "我们有，他们没有"
    STATE = "state", "状态不一样"
    STALE = "stale", "很久没有动静"


class SubscriptionState(TextChoices):
    PENDING = "pending", "等对方确认"
    ACTIVE = "active", "在推送"
    PAUSED = "paused", "已暂停"
    ENDED = "ended", "已停用"
