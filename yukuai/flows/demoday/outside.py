"""The four outside systems of the day: they call us, signed, and hear from us over real HTTP.

What they say goes in below the door of the interface (`exchange.carrying.hear`): the signature,
the form of the message and its order are judged as ever. What we say goes out to a server of
this process, which knows the matters only by what it is sent.
"""

import json
import threading
from collections import Counter
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from xml.etree import ElementTree

from yukuai.accounts.policy import SYSTEM
from yukuai.exchange import carrying
from yukuai.exchange.actions.receiving import settle_matter
from yukuai.exchange.actions.sending import follow_case
from yukuai.exchange.actions.systems import Settings, create_system, set_routes
from yukuai.exchange.events import MatterUnclear, NoticeKept, ParcelQueued
from yukuai.exchange.gateways import shapes, signing
from yukuai.exchange.gateways.port import Call
from yukuai.exchange.gateways.protocol import preset, write_time
from yukuai.exchange.queries.matters import find_link
from yukuai.flows.demoday.errands import Errands
from yukuai.flows.demoday.people import Cast
from yukuai.flows.demoday.script import ROUTED, SYSTEMS, Matter
from yukuai.kernel.errors import Conflict
from yukuai.kernel.scope import EVERYWHERE, scope

NAMES = {
    "governance": "综治系统",
    "letters": "群工系统",
    "one-stop": "渝快办",
    "hotline": "12345 热线",
}


class World:
    """One system: its matters by id, what it said of each, what it was sent."""

    def __init__(self, kind: str, secret: str) -> None:
        self.kind, self.secret, self.protocol = kind, secret, preset(kind)
        self.said: Counter[str] = Counter()
        self.ids: dict[str, str] = {}
        self.heard: list[str] = []
        self.forged = 0

    def message(self, values: dict[str, str]) -> bytes:
        """One matter as it stands, in the shape of a callback."""
        item: dict[str, Any] = {}
        for name, path in self.protocol["fields"].items():
            _put(item, path, values.get(name, ""))
        where = self.protocol.get("callback", {}).get("items", "")
        if self.protocol["format"] == "xml":
            root, _, inner = where.partition(".")
            return bytes(ElementTree.tostring(_element(root, {inner: item}), encoding="utf-8"))
        return json.dumps({where: [item]} if where else item, ensure_ascii=False).encode()

    def time(self, at: datetime) -> str:
        form = str(self.protocol.get("time", ""))
        return str(int(at.timestamp() * 1000)) if form == "milliseconds" else write_time(at, form)

    def word(self, act: str) -> str:
        """Theirs for one of ours, of the shipped table."""
        return next(str(theirs) for theirs, ours in self.protocol["inward"].items() if ours == act)

    def hear(self, key: str, body: bytes, headers: dict[str, str], number: str) -> bytes:
        """Takes a call of ours; answers in the shape of this system."""
        signed = signing.mac(
            self.protocol["signature"],
            self.secret,
            f"{headers[signing.WHEN]}\n{headers[signing.ONCE]}\n".encode() + body,
        )
        self.forged += signed != headers[signing.SIGNATURE]
        self.heard.append(key)
        taken = {
            path: number if name == "external_id" else f"{self.kind}-{number}"
            for name, path in self.protocol.get("taken", {}).items()
        }
        verdict = self.protocol.get("verdict", {})
        if "path" in verdict:
            taken = {verdict["path"]: verdict["good"][0], **taken}
        if self.protocol["format"] == "json":
            return shapes.write("json", taken)
        plain = {path.partition(".")[2]: value for path, value in taken.items()}
        return shapes.write("xml", plain, root="response")


def _put(tree: dict[str, Any], path: str, value: str) -> None:
    *above, last = path.split(".")
    for name in above:
        tree = tree.setdefault(name, {})
    tree[last] = value


def _element(tag: str, value: Any) -> ElementTree.Element:
    element = ElementTree.Element(tag)
    if isinstance(value, dict):
        element.extend([_element(name, inner) for name, inner in value.items()])
    else:
        element.text = str(value)
    return element


class Outside:
    """All four, their server, and the worker's errands between them and us."""

    def __init__(self, cast: Cast, town_code: str, errands: Errands, *, at: datetime) -> None:
        self.errands, self.cast = errands, cast
        self.lock = threading.Lock()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.server.daemon_threads = True
        self.opening = 0
        self.codes: dict[str, str] = {}
        self.systems: dict[str, int] = {}
        self.worlds: dict[str, World] = {}
        self.external: dict[tuple[str, int], str] = {}
        division = cast.places[town_code]
        for kind in SYSTEMS:
            self._register(kind, division.pk, at)
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def _register(self, kind: str, division_id: int, at: datetime) -> None:
        settings = Settings(
            name=NAMES[kind],
            base_url=f"http://127.0.0.1:{self.server.server_port}/{kind}",
            keeper="演示：街道值班室",
            protocol=preset(kind),
            retry_seconds=(60, 300),
        )
        code = f"day-{kind}"
        system, secret = create_system(
            SYSTEM, code=code, kind=kind, division_id=division_id, settings=settings, at=at
        )
        self.codes[kind], self.systems[kind] = code, system.pk
        self.worlds[kind] = World(kind, secret)
        offices = [self.cast.departments[name].pk for name, to in ROUTED.items() if to == kind]
        if offices:
            set_routes(SYSTEM, code=code, department_ids=offices, at=at)

    def sent(self) -> int:
        """How much of ours has arrived with all of them."""
        return sum(len(world.heard) for world in self.worlds.values())

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    # They call us

    def bring(self, matter: Matter, phone: str, name: str, *, at: datetime) -> int:
        """A matter that somebody brought to them. Returns its id in the product."""
        world = self.worlds[matter.channel]
        external = f"{matter.channel[:1].upper()}{matter.index}"
        values = {
            "body": matter.body,
            "place_text": matter.spot,
            "division_code": matter.place,
            "category_code": matter.known,
            "name": name,
            "phone": phone,
        }
        first = next(iter(world.protocol["inward"]))
        self._call(world, external, first, values, at)
        with scope(EVERYWHERE):
            link = find_link(SYSTEM, system_id=self.systems[matter.channel], external_id=external)
        if link is None:
            raise Conflict(f"{NAMES[matter.channel]}的 {external} 没有收进来。")
        case_id: int = link.case_id
        self.external[matter.channel, case_id] = external
        return case_id

    def say(self, kind: str, case_id: int, act: str, *, at: datetime) -> None:
        """They go on with a matter they have."""
        world = self.worlds[kind]
        external = self.external[kind, case_id]
        self._call(world, external, world.word(act), {"words": "已经派人去办，结果见附言。"}, at)

    def _call(
        self, world: World, external: str, state: str, values: dict[str, str], at: datetime
    ) -> None:
        world.said[external] += 1
        body = world.message(
            {
                "external_id": external,
                "number": f"{world.kind}-{external}",
                "state": state,
                "sequence": str(world.said[external]),
                "at": world.time(at),
                **values,
            }
        )
        signed = signing.sign(world.protocol["signature"], world.secret, body, at=at)
        carrying.hear(code=self.codes[world.kind], call=Call(signed, body), at=at)
        self.errands.take(NoticeKept)
        settle_matter(system_id=self.systems[world.kind], external_id=external, at=at)
        if self.errands.take(MatterUnclear):
            raise AssertionError(f"{world.kind} {external}: the order of its words was not kept")

    # We call them

    def follow(self, case_id: int, *, moved: list[dict[str, Any]], at: datetime) -> None:
        """What the worker does after a move: queue what is new for whoever has the matter, send."""
        if moved and (self.is_tied(case_id) or any(one.get("move") == "dispatch" for one in moved)):
            follow_case(SYSTEM, case_id=case_id, at=at)
        while parcels := self.errands.take(ParcelQueued):
            for parcel in parcels:
                self._deliver(parcel, case_id, at)

    def is_tied(self, case_id: int) -> bool:
        """Nobody else has anything to hear of it; only a dispatch ties a matter anew."""
        return any((kind, case_id) in self.external for kind in SYSTEMS)

    def _deliver(self, parcel: dict[str, Any], case_id: int, at: datetime) -> None:
        before = {kind: len(world.heard) for kind, world in self.worlds.items()}
        self.opening = case_id
        carrying.deliver(parcel_id=parcel["parcel_id"], attempt=parcel["attempt"], at=at)
        for kind, world in self.worlds.items():
            if len(world.heard) > before[kind] and (kind, case_id) not in self.external:
                self.external[kind, case_id] = f"T{case_id}"

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        outside = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_args: object) -> None:
                """Nobody reads it."""

            def answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                kind = self.path.split("/")[1]
                number = outside.external.get((kind, outside.opening), f"T{outside.opening}")
                key = self.headers["Idempotency-Key"]
                with outside.lock:
                    content = outside.worlds[kind].hear(key, body, dict(self.headers), number)
                self.send_response(200)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = do_PUT = answer

        return Handler
