"""What the steps of the wizard show: lists, promises and sentences, ready for the templates."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from yukuai.accounts.policy import Actor
from yukuai.accounts.queries import Me, get_me
from yukuai.cases.public import Promises
from yukuai.cases.queries import list_urgent_words
from yukuai.cases.rules import find_urgent
from yukuai.kernel import wording
from yukuai.portal.community.chosen import Community
from yukuai.portal.raising.draft import Draft

if TYPE_CHECKING:
    from yukuai.cases.models import Category

STEPS = ("什么事", "在哪里", "核对提交")
NUMBERS = {"110": "110 报警", "119": "119 火警", "120": "120 急救"}
SHOWN_FIRST = 6
"""Categories that stand open; the others wait behind one tap."""


def known_person(actor: Actor) -> Me | None:
    """What the platform knows of a resident who is signed in: nothing is asked twice."""
    return get_me(actor) if actor.kind == "resident" else None


def urgent_calls(actor: Actor, body: str) -> list[dict[str, str]]:
    """Which numbers to call first, with the words that say so."""
    calls = find_urgent(body, list_urgent_words(actor)) if body else {}
    return [
        {"number": number, "label": NUMBERS.get(number, number), "words": "”“".join(words[:3])}
        for number, words in calls.items()
    ]


def chips(
    categories: "Sequence[Category]", *, chosen: int | None, suggested: bool
) -> dict[str, Any]:
    """The categories as chips: the first few and the chosen one open, the rest folded."""
    first = [c for c in categories[:SHOWN_FIRST] if c.pk != chosen]
    picked = [c for c in categories if c.pk == chosen]
    shown = picked + first
    rest = [c for c in categories if c not in shown]
    return {
        "shown": shown,
        "rest": rest,
        "chosen": chosen,
        "suggested": picked[0] if picked and suggested else None,
    }


def find_category(categories: "Sequence[Category]", category_id: int | None) -> "Category | None":
    return next((c for c in categories if c.pk == category_id), None)


def review_rows(
    draft: Draft, *, category: "Category | None", community: Community, me: Me | None
) -> list[dict[str, str]]:
    what = ["什么事"]
    if category:
        what.append(category.plain_name)
    if draft.photos:
        what.append(f"照片 {len(draft.photos)} 张")
    where = "\n".join(filter(None, [draft.place_text, community.full]))
    return [
        {"term": " · ".join(what), "words": draft.body, "url": reverse("portal:raise")},
        {"term": "在哪里", "words": where, "url": reverse("portal:raise-where")},
        {
            "term": "联系方式",
            "words": contact_words(draft, me),
            "url": reverse("portal:raise-where"),
        },
    ]


def contact_words(draft: Draft, me: Me | None) -> str:
    """The shortest form in which a telephone may be shown (LOOK.md §4)."""
    if not draft.named:
        return "不留姓名和电话，凭单号和查询码看进展"
    phone = f"{wording.tail4(phone_of(draft, me))} 的手机"
    name = draft.name or (me.name if me else "")
    return f"{name} · {phone}" if name else phone


def phone_of(draft: Draft, me: Me | None) -> str:
    return me.phone if me and me.phone and not draft.other_phone else draft.phone


def what_follows(
    promises: Promises, *, category: "Category | None", named: bool, at: datetime
) -> list[SafeString]:
    """Three sentences: who does what by when, with the dates of the rules in force."""
    like = f"像“{category.plain_name}”这样的事" if category else "这件事"
    usual = "一般" if category else "最长"
    guess = "。节假日安排还没公布，可能顺延" if promises.is_guess else ""
    asked = (
        "办完后由另一位工作人员问您：办好没有，满不满意。"
        if named
        else f"办完后凭单号和查询码看结果，{promises.rate}内可以评一评：办好没有，满不满意。"
    )
    return [
        format_html(
            "{}内，社区告诉您收没收下、归谁办，即 <b>{}</b>。",
            promises.accept,
            wording.deadline(promises.accept_by, now=at),
        ),
        format_html(
            "{}，{} <b>{}</b>内办好、答复您，即 <b>{}</b>{}。",
            like,
            usual,
            promises.answer,
            wording.deadline(promises.answer_by, now=at),
            guess,
        ),
        format_html("{}", asked),
    ]
