"""The dictionary of matters: categories and urgent words, editable data."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from yukuai.accounts import policy
from yukuai.accounts.policy import Actor, Permission
from yukuai.audit.actions import record
from yukuai.cases.models import Category, UrgentWord
from yukuai.cases.states import Triage
from yukuai.kernel.actions import action
from yukuai.kernel.errors import InvalidInput, NotFound

NUMBERS = ("110", "119", "120")


@action
def load_catalogue(
    actor: Actor,
    *,
    categories: Iterable[Mapping[str, str]],
    words: Iterable[Mapping[str, str]],
    at: datetime,
) -> int:
    """Add what is missing; what an administrator has edited stays. Returns how many were new."""
    policy.require_anywhere(actor, Permission.CATEGORY_MANAGE)
    known = set(Category.objects.values_list("code", flat=True))
    new = [_category(row) for row in categories if row["code"] not in known]
    Category.objects.bulk_create(new)
    before = UrgentWord.objects.count()
    UrgentWord.objects.bulk_create(
        [UrgentWord(word=w["word"], number=w["number"], source=w["source"]) for w in words],
        ignore_conflicts=True,
    )
    added = len(new) + UrgentWord.objects.count() - before
    if added:
        record(actor, act="category.load", target=f"{added} 项", area="", at=at)
    return added


def _category(row: Mapping[str, str]) -> Category:
    return Category(
        code=row["code"],
        name=row["name"],
        plain_name=row["plain_name"],
        words=row["words"].split(),
        triage=row["triage"],
        why=row["why"],
        department_kind=row["department_kind"],
        community_duty=bool(row["community_duty"]),
        consultation=bool(row["consultation"]),
        source=row["source"],
        order=int(row["order"]),
    )


@action
def save_category(
    actor: Actor,
    *,
    category_id: int | None,
    code: str,
    name: str,
    plain_name: str,
    words: Iterable[str],
    triage: str,
    why: str,
    department_kind: str = "",
    community_duty: bool = False,
    consultation: bool = False,
    order: int = 0,
    active: bool = True,
    reason: str,
    at: datetime,
) -> Category:
    """Create (`category_id=None`) or change one; the reason stays in the audit."""
    policy.require_anywhere(actor, Permission.CATEGORY_MANAGE)
    category = _for_saving(category_id, code)
    category.name, category.plain_name = _word(name, "name"), _word(plain_name, "plain_name")
    if triage and triage not in Triage.values:
        raise InvalidInput("选大事、小事、私事，或者不选。", fields={"triage": "重新选一个。"})
    if not reason.strip():
        raise InvalidInput("写明为什么改。", fields={"reason": "写明为什么改。"})
    category.words = [word.strip() for word in words if word.strip()]
    category.triage, category.why = triage, why.strip()[:200]
    category.department_kind = department_kind.strip()[:30]
    category.community_duty, category.consultation = community_duty, consultation
    category.order, category.active = order, active
    category.save()
    record(actor, act="category.save", target=category.name, area="", at=at, reason=reason.strip())
    return category


def _for_saving(category_id: int | None, code: str) -> Category:
    if category_id is not None:
        found = Category.objects.select_for_update().filter(pk=category_id).first()
        if found is None:
            raise NotFound("没有这一类。")
        return found
    code = code.strip()
    if not code or len(code) > 10:
        raise InvalidInput("填一个代码，例如 0501。", fields={"code": "填一个代码，例如 0501。"})
    if Category.objects.filter(code=code).exists():
        raise InvalidInput("这个代码已经有了，换一个。", fields={"code": "换一个代码。"})
    return Category(code=code, source="管理员添加")


def _word(text: str, field: str) -> str:
    text = text.replace("\x00", "").strip()
    if not 1 <= len(text) <= 30:
        raise InvalidInput("名称写 1 到 30 个字。", fields={field: "写 1 到 30 个字。"})
    return text
