"""Between what people read and write and the columns of a record: values as texts, both ways."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import models

from yukuai.accounts.actors import phone_hash
from yukuai.divisions.rules import initials
from yukuai.kernel.crypto import keyed_hash
from yukuai.kernel.errors import InvalidInput
from yukuai.registry import catalogue
from yukuai.registry.catalogue import FIELDS, BadValue, Field, Sort
from yukuai.registry.codes import label_of, labels_of
from yukuai.registry.models import MODELS, Kept

ID_HINT, PHONE_HINT = 2, 4
"""How many last signs of a sealed number are shown. Birth date, place and more of the number would
give it away."""


def person_key(id_type: str, number: str) -> str:
    """By which a person is found again (domain.md §5.1); empty for no number."""
    if not number:
        return ""
    kind = "citizen" if id_type in ("", *catalogue.CITIZEN_ID) else id_type
    return keyed_hash(f"{kind}|{number}", purpose="person")


def digest_of(field: str, value: str) -> str:
    return keyed_hash(value, purpose=f"claim:{field}")


def read_form(
    kind: str, typed: Mapping[str, str], *, today: date, known: Mapping[str, str] | None = None
) -> dict[str, str]:
    """What was typed, field by field, as it is kept. `known` is what the record has already: a
    number and the birth date it states must agree whichever of them is new. Fields that this kind
    does not have are ignored. Raises InvalidInput with a sentence a field.
    """
    values, wrong = {}, {}
    for field in FIELDS[kind]:
        if field.name not in typed:
            continue
        try:
            values[field.name] = catalogue.read_value(
                field, typed[field.name], codes=labels_of(field.codes), today=today
            )
        except BadValue as error:
            wrong[field.name] = str(error)
    whole = {**(known or {}), **values}
    for field in FIELDS[kind]:
        if field.required and not whole.get(field.name) and field.name not in wrong:
            wrong[field.name] = f"请填写{field.label}。"
    if kind == "person":
        wrong |= _agree(values, whole, wrong, today)
    if wrong:
        raise InvalidInput("有几处要改，改好再保存。", fields=wrong)
    return values


def _agree(
    values: dict[str, str], whole: Mapping[str, str], wrong: Mapping[str, str], today: date
) -> dict[str, str]:
    """A citizen's number states birth date and sex: filled in, or compared."""
    number = whole.get("id_no", "")
    if not number or {"id_no", "id_type", "birth_date", "sex"} & set(wrong):
        return {}
    if not whole.get("id_type"):
        values["id_type"] = catalogue.CITIZEN_ID[0]
    try:
        born, sex = catalogue.check_paper(
            whole.get("id_type") or catalogue.CITIZEN_ID[0], number, today=today
        )
    except BadValue as error:
        return {"id_no": str(error)}
    if born and whole.get("birth_date", born) not in ("", born):
        return {"birth_date": f"和身份证号里的出生日期（{born}）不一致，请核对。"}
    if sex and whole.get("sex", sex) not in ("", "0", "9", sex):
        return {"sex": "和身份证号里的性别不一致，请核对。"}
    if born:
        values |= {"birth_date": born, "sex": sex}
    return {}


def columns_of(kind: str, values: Mapping[str, str], *, id_type: str = "") -> dict[str, Any]:
    """The columns these values fill, with what is derived from them: hashes, hints, initials.
    `id_type` is that of the record where the values have none."""
    columns: dict[str, Any] = {}
    for name, text in values.items():
        field = catalogue.field_of(kind, name)
        columns[name] = to_column(kind, field, text)
        if field.sort is Sort.PAPER:
            columns[field.hash] = person_key(values.get("id_type", id_type), text)
            columns[field.hint] = text[-ID_HINT:]
        elif field.sort is Sort.PHONE and field.hash:
            columns[field.hash] = phone_hash(text) if text else ""
            columns[field.hint] = text[-PHONE_HINT:]
    if "name" in values and kind in ("person", "organisation"):
        columns["initials"] = initials(values["name"])
    return columns


def to_column(kind: str, field: Field, text: str) -> Any:
    """A value as its column takes it."""
    column = MODELS[kind]._meta.get_field(field.name)
    if not text:
        return None if column.null else ""
    if isinstance(column, models.DateField):
        return date.fromisoformat(text)
    if isinstance(column, models.BooleanField):
        return text == "1"
    if isinstance(column, models.DecimalField):
        return Decimal(text)
    if isinstance(column, models.FloatField):
        return float(text)
    if isinstance(column, models.IntegerField):
        return int(text)
    return text


def text_of(row: Kept, field: Field) -> str:
    """The value as it is kept, the sealed ones opened: never to be shown without `reveal`."""
    value = getattr(row, field.name)
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float | Decimal):
        return f"{value:.7f}".rstrip("0").rstrip(".")
    return str(value)


def texts_of(row: Kept) -> dict[str, str]:
    """All values of a record, for comparing within an action."""
    return {field.name: text_of(row, field) for field in FIELDS[row.kind]}


def shown(row: Kept, field: Field) -> str:
    """What anybody may read who may read the record: labels for codes, a mask for what is sealed;
    empty where nothing is known."""
    if field.sealed:
        return masked(bool(getattr(row, field.name)), getattr(row, field.hint, ""))
    return in_words(field, text_of(row, field))


def masked(known: bool, hint: str) -> str:
    return (f"••••{hint}" if hint else "已登记") if known else ""


def in_words(field: Field, text: str) -> str:
    """A value as it is read: the label of a code, 是 or 否."""
    if not text:
        return ""
    if field.sort is Sort.CODE:
        return label_of(field.codes, text)
    if field.sort is Sort.YES_NO:
        return "是" if text == "1" else "否"
    return text
