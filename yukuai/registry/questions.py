"""What somebody means who types into the one box of the register. Pure.

A number of papers, a telephone and a credit code are asked for as a whole or not at all: what is
shorter is taken for a number of a house or of a room, and never compared with a sealed value.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from yukuai.registry.numbers import BadNumber, read_uscc, tidy_number

LONGEST = 60


class Sort(StrEnum):
    NOTHING = "nothing"
    NUMBER = "number"
    PAPER = "paper"
    PHONE = "phone"
    USCC = "uscc"
    INITIALS = "initials"
    NAME = "name"
    PLACE = "place"


LABELS = {
    Sort.NUMBER: "身份证号",
    Sort.PAPER: "证件号码",
    Sort.PHONE: "电话",
    Sort.USCC: "统一社会信用代码",
    Sort.INITIALS: "拼音首字母",
    Sort.NAME: "姓名或名称",
    Sort.PLACE: "地址",
}


@dataclass(frozen=True)
class Question:
    """`text` is what is compared: a tidy number, initials in small letters, a name without blanks.
    Of a place, `words` name building, street or compound; entrance and room stand apart."""

    sort: Sort
    text: str = ""
    words: tuple[str, ...] = ()
    entrance: str = ""
    room: str = ""


_CITIZEN = re.compile(r"\d{17}[\dX]|\d{15}")
_PAPER = re.compile(r"(?=.*[A-Z])(?=.*\d{5})[A-Z0-9]{7,30}")
_DIGITS = re.compile(r"[+()\-\s\d]+")
_LETTERS = re.compile(r"[A-Za-z](?:[A-Za-z ]*[A-Za-z])?")
_ROOM = re.compile(
    r"(?:(?P<entrance>[\dA-Za-z]{1,3})(?:单元|[-－—/])\s*)?(?:\d{1,3}(?:楼|层)\s*)?"
    r"(?P<room>(?<!\d)\d{3,4}[A-Za-z]?)(?:室|号房|房)?$"
)
_ENTRANCE = re.compile(r"(?P<entrance>[\dA-Za-z]{1,3})单元$")


def read_question(typed: str) -> Question:
    text = " ".join(typed.split())[:LONGEST]
    if not text:
        return Question(Sort.NOTHING)
    number = tidy_number(text)
    if _CITIZEN.fullmatch(number) and not _is_uscc(number):
        return Question(Sort.NUMBER, number)
    if len(number) == 18 and _is_uscc(number):
        return Question(Sort.USCC, number)
    if _DIGITS.fullmatch(text) and (phone := _phone(number)):
        return Question(Sort.PHONE, phone)
    if _PAPER.fullmatch(number) and number == text.upper():
        return Question(Sort.PAPER, number)
    if _LETTERS.fullmatch(text):
        return Question(Sort.INITIALS, text.replace(" ", "").lower())
    if not any(sign.isdigit() for sign in text):
        return Question(Sort.NAME, text.replace(" ", ""))
    return _place(text)


def _is_uscc(number: str) -> bool:
    try:
        read_uscc(number)
    except BadNumber:
        return False
    return True


def _phone(number: str) -> str:
    digits = "".join(sign for sign in number if sign.isdigit())
    if digits.startswith("86") and len(digits) == 13:
        digits = digits[2:]
    return digits if 7 <= len(digits) <= 12 else ""


def _place(text: str) -> Question:
    """`人和街 41 号 1 栋 2 单元 301`: what names the house, then entrance and room if they are
    there. A number alone is a room."""
    plain = re.sub(r"\s*(\d+)\s*(?=[号栋幢座单楼层室])", r" \1", text).strip()
    entrance = room = ""
    if found := _ROOM.search(plain):
        entrance, room = found["entrance"] or "", found["room"]
        plain = plain[: found.start()]
    elif found := _ENTRANCE.search(plain):
        entrance, plain = found["entrance"], plain[: found.start()]
    words = tuple(re.findall(r"[^\s，,、\-－—]+", plain))
    if not (words or room):
        words, entrance = (text,), ""
    return Question(Sort.PLACE, text.replace(" ", ""), words, entrance.upper(), room.upper())


def stands_in(word: str, text: str) -> bool:
    """A word of a place in a longer text; a number in it only whole: `1栋` is not in `11栋`."""
    before = r"(?<!\d)" if word[:1].isdigit() else ""
    after = r"(?!\d)" if word[-1:].isdigit() else ""
    return re.search(f"{before}{re.escape(word)}{after}", text, re.IGNORECASE) is not None
