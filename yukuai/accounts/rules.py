"""Pure rules of accounts: what people type, and who may hold which post. No database, no clock."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from yukuai.accounts.roles import ROLES, Family, Role, is_post_role

CODE_DIGITS = 6
REASON_LEAST = 10
"""A look outside one's area needs a reason that an auditor can follow."""

_PHONE = re.compile(r"1[3-9][0-9]{9}")
_USERNAME = re.compile(r"[a-z][a-z0-9]{2,19}")
_NAME = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]{1,25}(·[\u3400-\u9fff]{1,25}){0,4}")

FAMILY_LABELS = {
    Family.BUSINESS: "业务岗位",
    Family.SYSTEM: "系统管理员",
    Family.SECURITY: "安全管理员",
    Family.AUDIT: "审计管理员",
}
KIND_LABELS = {
    "city": "市",
    "district": "区县",
    "zone": "功能区",
    "township": "乡镇（街道）",
    "community": "村（社区）",
}


def tidy_digits(typed: str) -> str:
    """Full-width digits become plain ones; blanks, dashes and brackets go."""
    plain = unicodedata.normalize("NFKC", typed)
    return re.sub(r"[\s\-‐-―−()·.]", "", plain)


def tidy_phone(typed: str) -> str:
    """A mobile number as it is stored: eleven digits, without the country's +86."""
    phone = tidy_digits(typed)
    for prefix in ("+86", "0086"):
        phone = phone.removeprefix(prefix)
    return phone[2:] if len(phone) == 13 and phone.startswith("86") else phone


def phone_problem(phone: str) -> str:
    """What is wrong with a tidied number, as a sentence; '' if nothing is."""
    if not phone:
        return "请填手机号。"
    if not _only_digits(phone):
        return "手机号里只能有数字，例如 199 0000 0417。"
    if len(phone) < 11:
        return f"还差 {11 - len(phone)} 位。手机号是 11 位数字。"
    if len(phone) > 11:
        return f"多了 {len(phone) - 11} 位。手机号是 11 位数字。"
    if not _PHONE.fullmatch(phone):
        return "这不像手机号。手机号以 13 到 19 开头；座机收不到短信。"
    return ""


def code_problem(code: str) -> str:
    """What is wrong with a tidied code, before anything is compared; '' if nothing is."""
    if not code:
        return "请填短信里的 6 位数字。"
    if not _only_digits(code):
        return "这里只填数字。短信里是 6 位数字。"
    if len(code) < CODE_DIGITS:
        return f"还差 {CODE_DIGITS - len(code)} 位。短信里是 6 位数字。"
    if len(code) > CODE_DIGITS:
        return f"多了 {len(code) - CODE_DIGITS} 位。短信里是 6 位数字。"
    return ""


def _only_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def username_problem(username: str) -> str:
    if _USERNAME.fullmatch(username):
        return ""
    return "工号用 3 到 20 个小写字母和数字，以字母开头，例如 sq01。"


def name_problem(name: str) -> str:
    if not name:
        return "请填姓名。"
    if not 2 <= len(name) <= 40 or not _NAME.fullmatch(name):
        return "姓名用 2 个以上的汉字；少数民族姓名中间用“·”隔开。"
    return ""


def tidy_name(typed: str) -> str:
    """One kind of dot between the parts of a name, no blanks."""
    return re.sub(r"[•‧・∙.]", "·", "".join(unicodedata.normalize("NFC", typed).split()))


@dataclass(frozen=True)
class Term:
    """A post as far as the separation of the three administrators is concerned."""

    role: Role
    where: str
    valid_from: datetime
    valid_to: datetime | None

    @property
    def family(self) -> Family:
        return ROLES[self.role].family


def place_problem(role: Role, *, kind: str, has_department: bool) -> str:
    """May a post of this role stand at a division of this kind, with or without a department?"""
    rule = ROLES[role]
    if not is_post_role(role):
        return f"“{rule.label}”不是可以任命的岗位。"
    if kind not in rule.levels:
        levels = "、".join(KIND_LABELS[level] for level in KIND_LABELS if level in rule.levels)
        return f"“{rule.label}”只能设在{levels}一级。请换一个地方。"
    if rule.department and not has_department:
        return f"“{rule.label}”要说明是哪个部门。请选部门。"
    if has_department and not rule.department:
        return f"“{rule.label}”不属于某个部门。请不要选部门。"
    return ""


def separation_problem(
    role: Role, *, valid_from: datetime, valid_to: datetime | None, held: Iterable[Term]
) -> str:
    """三员互斥，不得兼任业务角色 (domain.md §1.6; the database holds it by exclusion)."""
    family = ROLES[role].family
    for term in held:
        if term.family is not family and overlap(valid_from, valid_to, term):
            return (
                f"这个人在这段时间是{term.where}的{ROLES[term.role].label}。"
                "系统、安全、审计三类管理员互相不能兼任，也不能兼任业务岗位。"
                "请先结束原来的岗位，或换一个人。"
            )
    return ""


def overlap(valid_from: datetime, valid_to: datetime | None, term: Term) -> bool:
    """Half-open, as the database's ranges: a post may begin at the moment another ends."""
    begins_before_end = term.valid_to is None or valid_from < term.valid_to
    return begins_before_end and (valid_to is None or term.valid_from < valid_to)


@dataclass(frozen=True)
class SessionRule:
    """How long somebody stays signed in: in all, and without doing anything."""

    whole: timedelta
    idle: timedelta | None


SESSIONS = {
    "resident": SessionRule(timedelta(days=30), None),
    "staff": SessionRule(timedelta(hours=12), timedelta(hours=2)),
}


def session_end(kind: str, *, began: datetime, seen: datetime, at: datetime) -> str:
    """Why a session is over: 'age', 'idle', or '' while it goes on."""
    rule = SESSIONS[kind]
    if at - began >= rule.whole:
        return "age"
    if rule.idle is not None and at - seen >= rule.idle:
        return "idle"
    return ""
