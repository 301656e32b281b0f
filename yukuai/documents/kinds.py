"""The kinds of attachments and of numbered documents, as data."""

from dataclasses import dataclass

from django.db.models import TextChoices


class AttachmentKind(TextChoices):
    SCENE = "scene", "现场照片"
    AFTER = "after", "办理后照片"
    FILE = "file", "附件"


class DocumentType(TextChoices):
    ACCEPTANCE = "acceptance", "受理告知书"
    REFUSAL = "refusal", "不予受理告知书"
    REPLY = "reply", "办理答复书"
    MEDIATION_AGREEMENT = "mediation-agreement", "人民调解协议书"
    MEDIATION_RECORD = "mediation-record", "人民调解记录"
    CONFIRMATION_NOTE = "confirmation-note", "司法确认申请提示"
    ELECTION_NOTICE = "election-notice", "选举公告"


@dataclass(frozen=True)
class Field:
    """One fact that is printed, in one run of text or (`lines`) in paragraphs of its own."""

    label: str
    required: bool = True
    longest: int = 200
    lines: bool = False


@dataclass(frozen=True)
class DocumentKind:
    """`line` and `sign` stand in the number; `template` names the Typst file and its version.

    `serial`: numbered without a year from 1 within a series of its own (the announcements of one
    election), and `title` is then a fact of each paper.
    """

    name: str
    sign: str
    template: str
    fields: dict[str, Field]
    line: str = "社"
    """社区直通车; 人民调解 numbers its papers in a line of its own."""
    serial: bool = False


_MATTER = {
    "recipient": Field("称呼", required=False, longest=40),
    "case_number": Field("单号", longest=40),
    "matter": Field("反映的事", longest=400),
    "received_on": Field("收到的日期", longest=20),
}
_MEDIATION = {
    "recipient": Field("称呼", required=False, longest=40),
    "dispute_number": Field("单号", longest=40),
    "dispute_kind": Field("纠纷类型", longest=40),
    "parties": Field("当事人", longest=2000, lines=True),
    "mediator": Field("人民调解员", longest=80),
}
_WAYS = {
    "contact": Field("咨询方式", longest=120),
    "objection": Field("不服怎么办", required=False, longest=400),
}

KINDS: dict[str, DocumentKind] = {
    DocumentType.ACCEPTANCE: DocumentKind(
        "受理告知书",
        "受",
        "v1/acceptance.typ",
        {
            **_MATTER,
            "unit": Field("承办单位", longest=80),
            "due": Field("办理期限", longest=60),
            "follow": Field("查进度的办法", required=False, longest=200),
            **_WAYS,
        },
    ),
    DocumentType.REFUSAL: DocumentKind(
        "不予受理告知书",
        "不受",
        "v1/refusal.typ",
        {
            **_MATTER,
            "reason": Field("不受理的理由", longest=2000, lines=True),
            "law": Field("依据", required=False, longest=400),
            "channel": Field("该找哪里", longest=800, lines=True),
            **_WAYS,
        },
    ),
    DocumentType.REPLY: DocumentKind(
        "办理答复书",
        "复",
        "v1/reply.typ",
        {
            **_MATTER,
            "unit": Field("承办单位", longest=80),
            "result": Field("办理结果", longest=6000, lines=True),
            "law": Field("依据", required=False, longest=400),
            **_WAYS,
        },
    ),
    DocumentType.MEDIATION_AGREEMENT: DocumentKind(
        "人民调解协议书",
        "协",
        "v1/mediation-agreement.typ",
        {
            **_MEDIATION,
            "facts": Field("纠纷的主要事实和争议事项", longest=6000, lines=True),
            "terms": Field("协议内容", longest=6000, lines=True),
            "items": Field("履行的方式和期限", required=False, longest=4000, lines=True),
            "signers": Field("签字的人", longest=400, lines=True),
            "law": Field("依据", longest=400),
        },
        line="民调",
    ),
    DocumentType.MEDIATION_RECORD: DocumentKind(
        "人民调解记录",
        "记",
        "v1/mediation-record.typ",
        {
            **_MEDIATION,
            "held_on": Field("时间", longest=40),
            "held_at": Field("地点", required=False, longest=120),
            "present": Field("参加的人", longest=400),
            "record": Field("调解经过", longest=20_000, lines=True),
            "signers": Field("签字的人", longest=400, lines=True),
            "law": Field("依据", longest=400),
        },
        line="民调",
    ),
    DocumentType.CONFIRMATION_NOTE: DocumentKind(
        "司法确认申请提示",
        "确",
        "v1/confirmation-note.typ",
        {
            **_MEDIATION,
            "effective_on": Field("协议生效的日期", longest=20),
            "until": Field("申请的最后一天", longest=40),
            "court": Field("向哪里申请", longest=400),
            "papers": Field("带什么", longest=800, lines=True),
            "law": Field("依据", longest=400),
        },
        line="民调",
    ),
    DocumentType.ELECTION_NOTICE: DocumentKind(
        "选举公告",
        "选字",
        "v1/election-notice.typ",
        {
            "title": Field("标题", longest=60),
            "body": Field("正文", longest=8000, lines=True),
            "table": Field("表", required=False, longest=20_000, lines=True),
            "annex": Field("附件", required=False, longest=200),
            "posted": Field("张贴期", longest=40),
            "contact": Field("咨询", longest=120),
        },
        line="",
        serial=True,
    ),
}
