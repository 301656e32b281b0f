"""The four systems, each with names, times and states of its own."""

import json
import re
from collections.abc import Sequence
from typing import Any
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

from tests.standins.server import Matter, Step

SHANGHAI = ZoneInfo("Asia/Shanghai")


def dump(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def local(step: Step) -> str:
    return step.at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")


class Shape:
    letter = kind = first = cursor = day = algorithm = ""
    paths: dict[str, tuple[str, str]] = {}

    def route(self, method: str, path: str) -> tuple[str, str]:
        for kind, (wanted, pattern) in self.paths.items():
            if method == wanted and (found := re.fullmatch(pattern, path)):
                return kind, found[1] if found.groups() else ""
        return "one", ""


class Governance(Shape):
    """综治: an envelope around everything, times in milliseconds, HMAC-SM3."""

    letter, kind, first, cursor, day = "Z", "governance", "待签收", "since", "date"
    signs, replies, tells, returns = "处置中", "已办结", "现场反馈", "退回"
    algorithm = "hmac-sm3"
    paths = {
        "create": ("POST", "/api/event/report"),
        "update": ("POST", "/api/event/([^/]+)/flow"),
        "changes": ("GET", "/api/event/changes"),
        "one": ("GET", "/api/event/([^/]+)"),
    }

    def read_create(self, body: bytes) -> dict[str, str]:
        event = json.loads(body)["event"]
        return {
            "our_number": event["sourceNo"],
            "title": event["title"],
            "body": event["content"],
            "place": event["address"],
            "division": event["orgCode"],
        }

    def read_update(self, body: bytes) -> dict[str, str]:
        flow = json.loads(body)
        return {"state": flow["status"], "words": flow["opinion"]}

    def taken(self, matter: Matter) -> bytes:
        return self._wrap({"eventId": matter.id, "eventNo": matter.number})

    def one(self, matter: Matter) -> bytes:
        return self._wrap(self._event(matter, matter.steps))

    def page(self, matters: Sequence[Matter], cursor: str, more: bool) -> bytes:
        rows = [self._event(matter, matter.steps) for matter in matters]
        return self._wrap({"list": rows, "next": cursor, "hasMore": more})

    def call(self, matter: Matter, steps: Sequence[Step]) -> bytes:
        return dump({"events": [self._event(matter, steps)]})

    def refuse(self, words: str) -> tuple[int, bytes]:
        return 200, dump({"code": 4001, "msg": words})

    def _wrap(self, data: Any) -> bytes:
        return dump({"code": 0, "msg": "ok", "data": data})

    def _event(self, matter: Matter, steps: Sequence[Step]) -> dict[str, Any]:
        last = steps[-1]
        return {
            "eventId": matter.id,
            "eventNo": matter.number,
            "sourceNo": matter.our_number,
            "content": matter.body,
            "address": matter.place,
            "orgCode": matter.division,
            "reporter": {"name": matter.name, "mobile": matter.phone},
            "status": last.state,
            "seq": last.seq,
            "updateTime": int(last.at.timestamp() * 1000),
            "flow": [
                {
                    "status": step.state,
                    "seq": step.seq,
                    "operateTime": int(step.at.timestamp() * 1000),
                    "opinion": step.words,
                    "delayDays": step.days,
                }
                for step in steps
            ],
        }


class Letters(Shape):
    """群工: no numbers of its own for the order, only times; HMAC-SM3."""

    letter, kind, first, cursor, day = "Q", "letters", "已转办", "after", "day"
    signs, replies, tells, returns = "办理中", "已答复", "阶段回复", "不属本单位"
    algorithm = "hmac-sm3"
    paths = {
        "create": ("POST", "/letters"),
        "update": ("POST", "/letters/([^/]+)/process"),
        "changes": ("GET", "/letters"),
        "one": ("GET", "/letters/([^/]+)"),
    }

    def read_create(self, body: bytes) -> dict[str, str]:
        letter = json.loads(body)["letter"]
        return {
            "our_number": letter["outer_code"],
            "title": letter["subject"],
            "body": letter["text"],
            "place": letter["place"],
            "division": letter["area_code"],
        }

    def read_update(self, body: bytes) -> dict[str, str]:
        step = json.loads(body)["step"]
        return {"state": step["status"], "words": step["remark"]}

    def taken(self, matter: Matter) -> bytes:
        return self._wrap({"letter": {"id": matter.id, "code": matter.number}})

    def one(self, matter: Matter) -> bytes:
        return self._wrap({"letter": self._letter(matter, matter.steps)})

    def page(self, matters: Sequence[Matter], cursor: str, more: bool) -> bytes:
        rows = [self._letter(matter, matter.steps) for matter in matters]
        return self._wrap({"letters": rows, "after": cursor, "more": more})

    def call(self, matter: Matter, steps: Sequence[Step]) -> bytes:
        return dump({"letters": [self._letter(matter, steps)]})

    def refuse(self, words: str) -> tuple[int, bytes]:
        return 200, dump({"result": {"success": False, "message": words}})

    def _wrap(self, data: dict[str, Any]) -> bytes:
        return dump({"result": {"success": True, "message": ""}, **data})

    def _letter(self, matter: Matter, steps: Sequence[Step]) -> dict[str, Any]:
        return {
            "id": matter.id,
            "code": matter.number,
            "outer_code": matter.our_number,
            "text": matter.body,
            "place": matter.place,
            "area_code": matter.division,
            "writer": {"name": matter.name, "phone": matter.phone},
            "status": steps[-1].state,
            "changed": local(steps[-1]),
            "process": [
                {"status": step.state, "time": local(step), "remark": step.words} for step in steps
            ],
        }


class OneStop(Shape):
    """渝快办: HTTP statuses instead of an envelope, ISO times, HMAC-SHA256."""

    letter, kind, first, cursor, day = "Y", "one-stop", "SUBMITTED", "cursor", "date"
    signs, replies, tells, returns = "ACCEPTED", "FINISHED", "PROCESSING", "REJECTED"
    algorithm = "hmac-sha256"
    paths = {
        "create": ("POST", "/openapi/v2/projects"),
        "update": ("PUT", "/openapi/v2/projects/([^/]+)/status"),
        "changes": ("GET", "/openapi/v2/projects"),
        "one": ("GET", "/openapi/v2/projects/([^/]+)"),
    }

    def read_create(self, body: bytes) -> dict[str, str]:
        project = json.loads(body)
        form = project["formData"]
        return {
            "our_number": project["outerNo"],
            "title": project["matterName"],
            "body": form["description"],
            "place": form["address"],
            "division": project["areaCode"],
        }

    def read_update(self, body: bytes) -> dict[str, str]:
        said = json.loads(body)
        return {"state": said["status"], "words": said["comment"]}

    def taken(self, matter: Matter) -> bytes:
        return dump({"projectId": matter.id, "projectNo": matter.number})

    def one(self, matter: Matter) -> bytes:
        return dump(self._project(matter, matter.steps))

    def page(self, matters: Sequence[Matter], cursor: str, more: bool) -> bytes:
        rows = [self._project(matter, matter.steps) for matter in matters]
        return dump({"records": rows, "nextCursor": cursor, "hasNext": more})

    def call(self, matter: Matter, steps: Sequence[Step]) -> bytes:
        return dump(self._project(matter, steps))

    def refuse(self, words: str) -> tuple[int, bytes]:
        return 422, dump({"error": words})

    def _project(self, matter: Matter, steps: Sequence[Step]) -> dict[str, Any]:
        return {
            "projectId": matter.id,
            "projectNo": matter.number,
            "outerNo": matter.our_number,
            "areaCode": matter.division,
            "formData": {"description": matter.body, "address": matter.place},
            "applicant": {"name": matter.name, "phone": matter.phone},
            "status": steps[-1].state,
            "version": steps[-1].seq,
            "modifiedAt": steps[-1].at.isoformat(),
            "history": [
                {
                    "status": step.state,
                    "version": step.seq,
                    "occurredAt": step.at.isoformat(),
                    "comment": step.words,
                    "extendDays": step.days,
                }
                for step in steps
            ],
        }


class Hotline(Shape):
    """12345: XML throughout, HMAC-SHA256."""

    letter, kind, first, cursor, day = "R", "hotline", "工单生成", "from", "day"
    signs, replies, tells, returns = "已签收", "已办结", "处理反馈", "申请退回"
    algorithm = "hmac-sha256"
    paths = {
        "create": ("POST", "/services/order"),
        "update": ("POST", "/services/order/([^/]+)/step"),
        "changes": ("GET", "/services/orders"),
        "one": ("GET", "/services/order/([^/]+)"),
    }

    def read_create(self, body: bytes) -> dict[str, str]:
        order = ElementTree.fromstring(body).find("order")
        assert order is not None
        names = {
            "our_number": "outNo",
            "title": "title",
            "body": "content",
            "place": "address",
            "division": "region",
        }
        return {name: order.findtext(tag, "") for name, tag in names.items()}

    def read_update(self, body: bytes) -> dict[str, str]:
        step = ElementTree.fromstring(body).find("step")
        assert step is not None
        return {"state": step.findtext("state", ""), "words": step.findtext("note", "")}

    def taken(self, matter: Matter) -> bytes:
        return self._wrap({"orderId": matter.id, "orderNo": matter.number})

    def one(self, matter: Matter) -> bytes:
        return self._wrap({"order": self._order(matter, matter.steps)})

    def page(self, matters: Sequence[Matter], cursor: str, more: bool) -> bytes:
        orders = [self._order(matter, matter.steps) for matter in matters]
        told = "true" if more else "false"
        return self._wrap({"orders": {"order": orders}, "next": cursor, "more": told})

    def call(self, matter: Matter, steps: Sequence[Step]) -> bytes:
        return xml("request", {"order": self._order(matter, steps)})

    def refuse(self, words: str) -> tuple[int, bytes]:
        return 200, xml("response", {"head": {"code": "500", "message": words}})

    def _wrap(self, body: dict[str, Any]) -> bytes:
        return xml("response", {"head": {"code": "200", "message": ""}, "body": body})

    def _order(self, matter: Matter, steps: Sequence[Step]) -> dict[str, Any]:
        return {
            "orderId": matter.id,
            "orderNo": matter.number,
            "outNo": matter.our_number,
            "content": matter.body,
            "address": matter.place,
            "region": matter.division,
            "caller": {"name": matter.name, "phone": matter.phone},
            "state": steps[-1].state,
            "no": str(steps[-1].seq),
            "time": local(steps[-1]),
            "steps": {
                "step": [
                    {
                        "state": step.state,
                        "no": str(step.seq),
                        "time": local(step),
                        "note": step.words,
                    }
                    for step in steps
                ]
            },
        }


def xml(root: str, tree: Any) -> bytes:
    def build(tag: str, value: Any) -> list[ElementTree.Element]:
        if isinstance(value, list):
            return [element for one in value for element in build(tag, one)]
        element = ElementTree.Element(tag)
        if isinstance(value, dict):
            for name, inner in value.items():
                element.extend(build(name, inner))
        else:
            element.text = value
        return [element]

    return bytes(ElementTree.tostring(build(root, tree)[0], encoding="utf-8"))


SHAPES: dict[str, type[Any]] = {
    "governance": Governance,
    "letters": Letters,
    "one-stop": OneStop,
    "hotline": Hotline,
}
