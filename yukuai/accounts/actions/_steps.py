"""Steps that the actions of accounts share."""

from datetime import datetime

from yukuai.accounts.actors import current_posts
from yukuai.accounts.models import User
from yukuai.accounts.policy import SYSTEM, Actor
from yukuai.divisions.queries import list_children
from yukuai.kernel.errors import InvalidInput, NotFound, NotPermitted

REASON_LIMIT = 200


def checked_reason(reason: str, *, least: int = 1, field: str = "reason") -> str:
    """The reason without blanks around it; raises InvalidInput."""
    tidy = reason.strip()
    if not tidy:
        raise InvalidInput("请写明理由。", fields={field: "请写明理由，以后查得到。"})
    if len(tidy) < least:
        missing = f"理由至少写 {least} 个字，还差 {least - len(tidy)} 个。"
        raise InvalidInput(missing, fields={field: missing})
    if len(tidy) > REASON_LIMIT:
        sentence = f"理由最多 {REASON_LIMIT} 个字，现在有 {len(tidy)} 个。"
        raise InvalidInput(sentence, fields={field: sentence})
    return tidy


def checked_text(text: str, *, field: str, label: str, limit: int, required: bool = True) -> str:
    tidy = text.strip()
    if required and not tidy:
        raise InvalidInput(f"请填{label}。", fields={field: f"请填{label}。"})
    if len(tidy) > limit:
        sentence = f"{label}最多 {limit} 个字，现在有 {len(tidy)} 个。"
        raise InvalidInput(sentence, fields={field: sentence})
    return tidy


def lock_staff(user_id: int) -> User:
    """One change of a person's posts at a time."""
    user = User.objects.select_for_update().filter(pk=user_id, kind=User.Kind.STAFF).first()
    if user is None:
        raise NotFound("没有这个工作人员。请回到名单重新选。")
    return user


def area_of(user: User, at: datetime) -> str:
    """Where an entry about a member of staff belongs: his first post, else the whole city."""
    post = current_posts(user, at).first()
    return post.area if post else root_area()


def root_area() -> str:
    """What belongs to no place in particular is read by the auditor of the city."""
    roots = list_children(SYSTEM)
    return roots[0].path if roots else ""


def refuse_oneself(actor: Actor, user: User, sentence: str) -> None:
    if user.pk == actor.user_id:
        raise NotPermitted(sentence)
