"""The words of messages as data: loaded from a file, edited by the city's administrator."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from yukuai.accounts.policy import Actor, Permission, require_anywhere
from yukuai.audit.actions import record
from yukuai.kernel.actions import action
from yukuai.kernel.errors import InvalidInput, NotFound, NotPermitted
from yukuai.messaging.models import Channel, MessageTemplate
from yukuai.messaging.rules import find_template_fault

COLUMNS = ["code", "channel", "urgent", "placeholders", "title", "text"]
CITY_DEPTH = 1
"""Dots in the path of the root."""


@dataclass(frozen=True)
class Loaded:
    new: int
    changed: int
    same: int


def read_templates(path: Path) -> list[MessageTemplate]:
    """Raises InvalidInput, which names every row that cannot be used."""
    with path.open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines)
        if reader.fieldnames != COLUMNS:
            raise InvalidInput(f"{path.name}：第一行要是 {','.join(COLUMNS)}。")
        rows = list(reader)
    faults = {
        f"第 {number} 行": fault
        for number, row in enumerate(rows, start=2)
        if (fault := _row_fault(row))
    }
    keys = [(row["code"], row["channel"]) for row in rows]
    for key in sorted({key for key in keys if keys.count(key) > 1}):
        faults[f"第 {len(keys) - keys[::-1].index(key) + 1} 行"] = f"{key[0]} 写了两次。"
    if faults:
        listed = "".join(f"{where}：{why}" for where, why in faults.items())
        raise InvalidInput(f"{path.name} 没有装入。{listed}", fields=faults)
    return [_template(row) for row in rows]


def _row_fault(row: dict[str, str]) -> str:
    if not row["code"]:
        return "没有写 code。"
    if row["channel"] not in Channel.values:
        return f"channel 只能是 {'、'.join(Channel.values)}。"
    if row["channel"] == Channel.INBOX and not row["title"]:
        return "站内消息要有标题。"
    allowed = row["placeholders"].split()
    return find_template_fault(f"{row['title']}{row['text']}", allowed)


def _template(row: dict[str, str]) -> MessageTemplate:
    return MessageTemplate(
        code=row["code"],
        channel=row["channel"],
        urgent=row["urgent"] == "yes",
        placeholders=row["placeholders"].split(),
        title=row["title"],
        text=row["text"],
    )


@action
def load_templates(actor: Actor, *, templates: Iterable[MessageTemplate]) -> Loaded:
    """New ones are added, unedited ones follow the file; what a person wrote stays."""
    new = changed = same = 0
    for template in templates:
        known = MessageTemplate.objects.filter(code=template.code, channel=template.channel).first()
        if known is None:
            template.save(force_insert=True)
            new += 1
        elif not known.edited and _content(known) != _content(template):
            template.pk = known.pk
            template.save(force_update=True)
            changed += 1
        else:
            same += 1
    return Loaded(new, changed, same)


def _content(template: MessageTemplate) -> tuple[object, ...]:
    return (template.urgent, template.placeholders, template.title, template.text)


@action
def edit_template(
    actor: Actor, *, code: str, channel: str, title: str, text: str, at: datetime
) -> MessageTemplate:
    """Change the words. Which placeholders there are is the code's business."""
    require_city_wide(actor)
    template = (
        MessageTemplate.objects.select_for_update().filter(code=code, channel=channel).first()
    )
    if template is None:
        raise NotFound("没有这个消息模板。")
    if fault := find_template_fault(text, template.placeholders):
        raise InvalidInput("模板没有改。", fields={"text": fault})
    if channel == Channel.INBOX and not title.strip():
        raise InvalidInput("模板没有改。", fields={"title": "写上标题。"})
    if title and (fault := find_template_fault(title, template.placeholders)):
        raise InvalidInput("模板没有改。", fields={"title": fault})
    before = template.text
    template.title, template.text, template.edited = title.strip(), text.strip(), True
    template.save()
    area = actor.paths_for(Permission.CATEGORY_MANAGE)[0]
    record(actor, act="messaging.edit_template", target=str(template), area=area, at=at, was=before)
    return template


def require_city_wide(actor: Actor) -> None:
    """Templates and the outbox are the whole city's, so only its administrator changes them."""
    require_anywhere(actor, Permission.CATEGORY_MANAGE)
    paths = actor.paths_for(Permission.CATEGORY_MANAGE)
    if not any(path.count(".") <= CITY_DEPTH for path in paths):
        raise NotPermitted("消息模板和短信全市共用，由市级系统管理员来管。")
