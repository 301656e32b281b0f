"""How a system speaks, as data: paths, fields, time, signature. Read from `seed/exchange/*.toml`,
kept with the system, edited on its page. docs/exchange.md explains each entry.
"""

import tomllib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from yukuai.exchange.gateways.shapes import FORMATS
from yukuai.exchange.gateways.signing import ALGORITHMS
from yukuai.kernel.clock import SHANGHAI

SENDABLE = {
    "key": "幂等键",
    "number": "我们的单号",
    "external_id": "他们的编号",
    "title": "标题",
    "body": "事情的原话",
    "wanted": "想要的结果",
    "place_text": "具体位置",
    "division_code": "区划代码",
    "division_name": "社区名",
    "category_code": "类别代码",
    "category_name": "类别",
    "triage": "大事小事",
    "urgent": "紧急",
    "received_at": "收到的时间",
    "promised_at": "答应的时间",
    "state": "他们的状态词",
    "words": "进展说明",
    "at": "进展的时间",
}
"""What may leave the platform. Name and telephone of the person are not among it: whoever needs
them asks through us, on record (domain.md §4.2)."""
READABLE = [
    "external_id",
    "number",
    "our_number",
    "state",
    "sequence",
    "at",
    "words",
    "days",
    "body",
    "division_code",
    "category_code",
    "place_text",
    "name",
    "phone",
]
NEEDED = ("external_id", "state", "at")
CALLS = {"create": "送一件事", "update": "送进展", "changes": "取变化", "one": "取一件"}


def problems(protocol: Any) -> list[str]:
    """What is wrong with it, each as a sentence; nothing when it can be used."""
    if not isinstance(protocol, dict):
        return ["接口说明要是一组“名称 = 值”。"]
    found = []
    if protocol.get("format") not in FORMATS:
        found.append("format 写 json 或 xml。")
    if protocol.get("signature") not in ALGORITHMS:
        found.append(f"signature 写 {' 或 '.join(ALGORITHMS)}。")
    found += [
        f"calls.{name} 要写路径，以 / 开头：{said}。"
        for name, said in CALLS.items()
        if not _path(protocol, name).startswith("/")
    ]
    found += _field_problems(protocol)
    return found


def _path(protocol: Mapping[str, Any], name: str) -> str:
    return str(_table(_table(protocol, "calls"), name).get("path", ""))


def _table(within: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = within.get(name)
    return found if isinstance(found, dict) else {}


def _field_problems(protocol: Mapping[str, Any]) -> list[str]:
    found = []
    for call in ("create", "update"):
        sent = _table(_table(_table(protocol, "calls"), call), "fields")
        unknown = sorted({str(value) for value in sent.values()} - SENDABLE.keys())
        if not sent or unknown:
            allowed = "、".join(SENDABLE)
            found.append(f"calls.{call}.fields 里只能用：{allowed}。")
    read = _table(protocol, "fields")
    found += [f"fields.{name} 没有写：从哪里读。" for name in NEEDED if not read.get(name)]
    if unknown := sorted(read.keys() - set(READABLE)):
        found.append(f"fields 里不认识：{'、'.join(unknown)}。")
    if not all(isinstance(path, str) for path in read.values()):
        found.append("fields 里每一项都写成路径，例如 data.id。")
    return found


def read_toml(text: str) -> Any:
    """Raises ValueError where it is none."""
    return tomllib.loads(text)


def preset(kind: str) -> dict[str, Any]:
    """What a system of this kind is proposed to speak; {} where nothing is known."""
    path: Path = settings.SEED / "exchange" / f"{kind}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def preset_text(kind: str) -> str:
    path: Path = settings.SEED / "exchange" / f"{kind}.toml"
    return path.read_text(encoding="utf-8") if path.exists() else ""


def write_time(moment: datetime, form: str) -> str:
    return moment.isoformat() if form in ("", "iso") else moment.astimezone(SHANGHAI).strftime(form)


def read_time(text: str, form: str) -> datetime:
    """Raises ValueError. A time without a zone is Chongqing's."""
    if form in ("", "iso"):
        found = datetime.fromisoformat(text)
    elif form == "milliseconds":
        found = datetime.fromtimestamp(int(text) / 1000, SHANGHAI)
    else:
        found = datetime.strptime(text, form)  # noqa: DTZ007 (the zone follows)
    return found if found.tzinfo else found.replace(tzinfo=SHANGHAI)
