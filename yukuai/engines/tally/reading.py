"""Reads what came from outside: each value is what it should be, or a sentence says what is not."""

import json
from collections.abc import Mapping
from typing import Any

MOST = 10_000_000
"""No count of a village or community comes near; larger numbers are attacks."""


class Unreadable(ValueError):
    """Carries a Chinese sentence."""


def parse(data: bytes, what: str) -> Any:
    """JSON as UTF-8. Numbers with a point, NaN and very long ones are not read."""
    try:
        return json.loads(
            data.decode("utf-8"),
            parse_float=_refuse,
            parse_constant=_refuse,
            parse_int=_whole,
            object_pairs_hook=_once,
        )
    except RecursionError:
        raise Unreadable(f"{what}：层次太深") from None
    except ValueError as error:  # UnicodeDecodeError and JSONDecodeError are ValueErrors
        raise Unreadable(f"{what}：不是能读的 JSON（{str(error)[:80]}）") from None


def canonical(value: Any) -> bytes:
    """The one way a value is written: sorted keys, no blanks, UTF-8."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _refuse(said: str) -> Any:
    raise Unreadable(f"数只能是整数，不能是“{said[:20]}”")


def _whole(said: str) -> int:
    if len(said) > 12:
        raise Unreadable(f"数“{said[:12]}…”太大")
    return int(said)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(read) != len(pairs):
        raise Unreadable("同一个名称写了两次")
    return read


def mapping(raw: Any, what: str) -> Mapping[str, Any]:
    if not isinstance(raw, Mapping) or not all(isinstance(key, str) for key in raw):
        raise Unreadable(f"{what}：要是一组名称和值")
    return raw


def _given(raw: Mapping[str, Any], key: str) -> Any:
    if key not in raw:
        raise Unreadable(f"没有写 {key}")
    return raw[key]


def text(
    raw: Mapping[str, Any], key: str, *, longest: int = 200, default: str | None = None
) -> str:
    value = raw.get(key, default) if default is not None else _given(raw, key)
    if not isinstance(value, str) or len(value) > longest:
        raise Unreadable(f"{key}：要是文字，最多 {longest} 字")
    return value


def whole(raw: Mapping[str, Any], key: str, *, default: int | None = None) -> int:
    value = raw.get(key, default) if default is not None else _given(raw, key)
    if type(value) is not int or not 0 <= value <= MOST:
        raise Unreadable(f"{key}：要是 0 到 {MOST} 的整数")
    return value


def flag(raw: Mapping[str, Any], key: str, *, default: bool = False) -> bool:
    value = raw.get(key, default)
    if type(value) is not bool:
        raise Unreadable(f"{key}：只能是 true 或 false")
    return value


def items(raw: Mapping[str, Any], key: str, *, default: tuple[Any, ...] = ()) -> list[Any]:
    value = raw.get(key, list(default))
    if not isinstance(value, list):
        raise Unreadable(f"{key}：要是一列")
    return value


def names(raw: Mapping[str, Any], key: str) -> tuple[str, ...]:
    """A list of short texts, none twice."""
    value = items(raw, key)
    if not all(isinstance(one, str) and len(one) <= 80 for one in value):
        raise Unreadable(f"{key}：要是一列文字")
    if len(set(value)) != len(value):
        raise Unreadable(f"{key}：有重复的")
    return tuple(value)


def one_of(raw: Mapping[str, Any], key: str, among: type[Any]) -> Any:
    """A member of a StrEnum."""
    value = text(raw, key)
    try:
        return among(value)
    except ValueError:
        raise Unreadable(f"{key}：“{value[:40]}”不认识") from None
