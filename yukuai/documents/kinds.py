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


@dataclass(frozen=True)
class Field:
    """One fact that is printed, in one run of text or (`lines`) in paragraphs of its own."""

    label: str
    required: bool = True
    longest: int = 200
    lines: bool = False


@dataclass(frozen=True)
class DocumentKind:
    """`sign` stands in the number; `template` names the Typst file and its version."""

    name: str
    sign: str
    template: str
    fields: dict[str, Field]


_MATTER = {
    "recipient": Field("称呼", required=False, longest=40),
    "case_number": Field("单号", longest=40),
    "matter": Field("反映的事", longest=400),
    "received_on": Field("收到的日期", longest=20),
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
}
