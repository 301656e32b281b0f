"""Numbers that prove themselves by a check digit. Pure.

Citizen identification numbers: GB 11643 (17 digits and a check sign, ISO 7064 MOD 11-2). Unified
social credit codes: GB 32100 (18 signs, MOD 31). What the first six digits name is not checked:
people keep the codes of their time for ever.
"""

from dataclasses import dataclass
from datetime import date

MALE, FEMALE = "1", "2"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
EARLIEST = 1890


class BadNumber(ValueError):
    """The sentence says what is wrong with the number."""


@dataclass(frozen=True)
class Citizen:
    """What an identification number says of its bearer. `sex` as GB/T 2261.1."""

    number: str
    birth_date: date
    sex: str


def tidy_number(text: str) -> str:
    """Without spaces and hyphens, full-width signs made plain, the check sign in capitals."""
    plain = "".join(chr(ord(c) - 0xFEE0) if "！" <= c <= "～" else c for c in text)
    return "".join(c for c in plain if not c.isspace() and c not in "-·").upper()


def read_citizen(text: str, *, today: date) -> Citizen:
    """GB 11643. Raises BadNumber."""
    number = tidy_number(text)
    if len(number) != 18:
        raise BadNumber(f"身份证号是 18 位，这里有 {len(number)} 位。")
    if not (number[:17].isascii() and number[:17].isdigit()) or number[17] not in _CHECKS:
        raise BadNumber("身份证号前 17 位是数字，最后一位是数字或 X。")
    if _CHECKS[_weighed(number)] != number[17]:
        raise BadNumber("身份证号对不上校验位，多半有一位写错了。")
    born = _birth_date(number[6:14])
    if not born.year >= EARLIEST or born > today:
        raise BadNumber(f"身份证号里的出生日期 {born} 不可能。")
    return Citizen(number, born, MALE if int(number[16]) % 2 else FEMALE)


def check_sign(first17: str) -> str:
    """The last sign of an identification number."""
    return _CHECKS[_weighed(first17)]


def read_uscc(text: str) -> str:
    """GB 32100. Raises BadNumber."""
    code = tidy_number(text)
    if len(code) != 18:
        raise BadNumber(f"统一社会信用代码是 18 位，这里有 {len(code)} 位。")
    wrong = next((sign for sign in code if sign not in _USCC), None)
    if wrong is not None:
        raise BadNumber(f"统一社会信用代码里不会有“{wrong}”。")
    if uscc_check(code[:17]) != code[17]:
        raise BadNumber("统一社会信用代码对不上校验位，多半有一位写错了。")
    return code


def uscc_check(first17: str) -> str:
    """The last sign of a unified social credit code."""
    total = sum(
        _USCC.index(sign) * weight for sign, weight in zip(first17, _USCC_WEIGHTS, strict=True)
    )
    return _USCC[-total % 31]


def _weighed(number: str) -> int:
    return sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False)) % 11


def _birth_date(digits: str) -> date:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError as error:
        raise BadNumber(f"身份证号里的出生日期 {digits} 不存在。") from error
