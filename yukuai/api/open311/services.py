"""The catalogue: categories of matters as services, their questions as attributes."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from yukuai.accounts.policy import Actor
from yukuai.api.open311.errors import refuse
from yukuai.cases.queries import list_categories

if TYPE_CHECKING:
    from yukuai.cases.models import Category


def list_services(actor: Actor) -> list[dict[str, Any]]:
    return [
        {
            "service_code": category.code,
            "service_name": category.name,
            "description": f"{category.plain_name}。{category.why}",
            "metadata": bool(category.questions),
            "type": "realtime",
            "keywords": ",".join(category.words),
            "group": category.department_kind,
        }
        for category in list_categories(actor)
    ]


def define_service(actor: Actor, *, code: str) -> dict[str, Any]:
    category = find_service(actor, code=code)
    attributes = [_attribute(place, one) for place, one in enumerate(category.questions, 1)]
    return {"service_code": category.code, "attributes": attributes}


def find_service(actor: Actor, *, code: str) -> "Category":
    """Raises Refusal 404 for one that is not offered."""
    found = list_categories(actor).filter(code=code).first()
    if found is None:
        words = f"没有这个 service_code：{code[:20]}。先查 services。"
        raise refuse(404, words, "service_code was not found.")
    return found


def check_codes(actor: Actor, *, codes: Sequence[str]) -> None:
    for code in codes:
        find_service(actor, code=code)


def _attribute(order: int, question: dict[str, Any]) -> dict[str, Any]:
    attribute = {
        "variable": True,
        "code": question["code"],
        "datatype": question["datatype"],
        "required": question["required"],
        "datatype_description": question["hint"],
        "order": order,
        "description": question["question"],
    }
    if question["values"]:
        attribute["values"] = [dict(value) for value in question["values"]]
    return attribute
