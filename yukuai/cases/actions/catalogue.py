"""The dictionary of matters: categories and urgent words, editable data."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from yukuai.accounts import policy
from yukuai.accounts.policy import Actor, Permission
from yukuai.audit.actions import record
from yukuai.cases.models import Category, UrgentWord
from yukuai.cases.questions import MOST_QUESTIONS, read_question
from yukuai.cases.states import Triage
from yukuai.divisions.queries import get_division, list_children
from yukuai.kernel.actions import action
from yukuai.kernel.errors import InvalidInput, NotFound

NUMBERS = ("110", "119", "120")


@action
def load_catalogue(
    actor: Actor,
    *,
    categories: Iterable[Mapping[str, str]],
    words: Iterable[Mapping[str, str]],
    questions: Iterable[Mapping[str, str]] = (),
    at: datetime,
) -> int:
    """Add what is missing; what an administrator has edited stays. Returns how many were new."""
    policy.require_anywhere(actor, Permission.CATEGORY_MANAGE)
    known = set(Category.objects.values_list("code", flat=True))
    new = [_category(row, at) for row in categories if row["code"] not in known]
    Category.objects.bulk_create(new)
    before = UrgentWord.objects.count()
    UrgentWord.objects.bulk_create(
        [UrgentWord(word=w["word"], number=w["number"], source=w["source"]) for w in words],
        ignore_conflicts=True,
    )
    added = len(new) + UrgentWord.objects.count() - before + _ask(questions, at)
    if added:
        record(actor, act="category.load", target=f"{added} 项", area=city_area(actor), at=at)
    return added


def _ask(rows: Iterable[Mapping[str, str]], at: datetime) -> int:
    """Categories that have no questions yet get those of the table."""
    asked: dict[str, list[dict[str, object]]] = defaultdict(list)
    for row in rows:
        asked[row["category"]].append(read_question(row))
    silent = list(Category.objects.filter(code__in=asked, questions=[]))
    for category in silent:
        category.questions = asked[category.code][:MOST_QUESTIONS]
        category.changed_at = at
    Category.objects.bulk_update(silent, ["questions", "changed_at"])
    return len(silent)


def _category(row: Mapping[str, str], at: datetime) -> Category:
    return Category(
        code=row["code"],
        name=row["name"],
        plain_name=row["plain_name"],
        words=row["words"].split(),
        triage=row["triage"],
        why=row["why"],
        department_kind=row["department_kind"],
        consultation=bool(row["consultation"]),
        shareable=bool(row.get("shareable")),
        source=row["source"],
        order=int(row["order"]),
        changed_at=at,
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
    consultation: bool = False,
    shareable: bool = False,
    order: int = 0,
    active: bool = True,
    reason: str,
    at: datetime,
) -> Category:
    """Create (`category_id=None`) or change one; the reason stays in the audit."""
    require_city(actor)
    category = _for_saving(category_id, code)
    category.name, category.plain_name = _word(name, "name"), _word(plain_name, "plain_name")
    if triage and triage not in Triage.values:
        raise InvalidInput("选大事、小事、私事，或者不选。", fields={"triage": "重新选一个。"})
    _check_reason(reason)
    category.words = [word.strip() for word in words if word.strip()]
    category.triage, category.why = triage, why.strip()[:200]
    category.department_kind = department_kind.strip()[:30]
    category.consultation, category.shareable = consultation, shareable
    category.order, category.active, category.changed_at = order, active, at
    category.save()
    _remember(actor, act="category.save", target=category.name, reason=reason, at=at)
    return category


@action
def add_urgent_word(
    actor: Actor, *, word: str, number: str, reason: str, at: datetime
) -> UrgentWord:
    """A word that shows an emergency number while it is being typed, and marks the matter."""
    require_city(actor)
    tidy = word.replace("\x00", "").strip()
    objection = ""
    if not 2 <= len(tidy) <= 20:
        objection = "紧急词写 2 到 20 个字。太短的词会把不急的事也标成紧急。"
    elif not tidy.isalnum():
        objection = "紧急词只用汉字、字母和数字，中间不空格。"
    elif UrgentWord.objects.filter(word=tidy).exists():
        objection = f"“{tidy}”已经在表里了。"
    if objection:
        raise InvalidInput(objection, fields={"word": objection})
    if number not in NUMBERS:
        raise InvalidInput("选 110、119 或 120。", fields={"number": "选 110、119 或 120。"})
    _check_reason(reason)
    added = UrgentWord.objects.create(word=tidy, number=number, source="管理员添加")
    _remember(actor, act="category.add-word", target=f"{tidy} {number}", reason=reason, at=at)
    return added


@action
def remove_urgent_word(actor: Actor, *, word: str, reason: str, at: datetime) -> None:
    """From now on it marks nothing; matters that it marked stay marked."""
    require_city(actor)
    found = UrgentWord.objects.select_for_update().filter(word=word).first()
    if found is None:
        raise NotFound(f"紧急词里没有“{word}”，可能别人刚删过。")
    _check_reason(reason)
    target = f"{found.word} {found.number}"
    found.delete()
    _remember(actor, act="category.remove-word", target=target, reason=reason, at=at)


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise InvalidInput("写明为什么改。", fields={"reason": "写明为什么改。"})


def _remember(actor: Actor, *, act: str, target: str, reason: str, at: datetime) -> None:
    record(actor, act=act, target=target, area=city_area(actor), at=at, reason=reason.strip())


def require_city(actor: Actor) -> None:
    """One dictionary for the whole city: an administrator of a district reads it."""
    policy.require_anywhere(actor, Permission.CATEGORY_MANAGE)
    for root in list_children(actor):
        city = get_division(actor, division_id=root.id)
        policy.require(actor, Permission.CATEGORY_MANAGE, city)


def city_area(actor: Actor) -> str:
    """Where an entry about it belongs: the auditor of the city reads who changed it."""
    roots = list_children(actor)
    return roots[0].path if roots else ""


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
