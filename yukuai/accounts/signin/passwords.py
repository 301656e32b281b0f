"""The rule for passwords of staff (GB/T 22239-2019 8.1.4.1: 口令有复杂度要求并定期更换)."""

import re
from typing import Any

from django.core.exceptions import ValidationError

LEAST = 10
MOST = 128
RULE = f"至少 {LEAST} 位，字母、数字、符号里用到两种，不能含有工号。"
_SORTS = (r"[A-Za-z]", r"[0-9]", r"[^A-Za-z0-9]")


class StrongEnough:
    """A Django password validator: every objection says what to do."""

    def validate(self, password: str, user: Any = None) -> None:
        if problem := password_problem(password, username=getattr(user, "username", "")):
            raise ValidationError(problem)

    def get_help_text(self) -> str:
        return RULE


def password_problem(password: str, *, username: str = "") -> str:
    if len(password) < LEAST:
        return f"还差 {LEAST - len(password)} 位。密码至少 {LEAST} 位。"
    if len(password) > MOST:
        return f"密码最多 {MOST} 位。"
    if sum(bool(re.search(sort, password)) for sort in _SORTS) < 2:
        return "只用了一种字符。字母、数字、符号里至少用两种。"
    if username and username.lower() in password.lower():
        return "密码里有您的工号。请换一个。"
    if len(set(password)) < 5:
        return "重复的字符太多。请换一个。"
    return ""
