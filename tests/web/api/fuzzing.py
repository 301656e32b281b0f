"""Requests that an interface's own description allows or forbids, aimed at what is really there;
each is sent by everybody, and each answer must be as described and tell nobody what is not his."""

import itertools
import json
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import requests
from django.http import HttpResponse
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import APIOperation, Case, GenerationMode, Response
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.conftest import NOON
from tests.web.api.callers import Caller
from tests.web.api.canaries import Canary, found_in, leaks
from yukuai.exchange.gateways import signing

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
CONTAINERS = {
    "path": "path_parameters",
    "query": "query",
    "header": "headers",
    "cookie": "cookies",
}
SIGN = "sign-this"
"""Drawn as a signature, it is replaced by the right one."""
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "10"))
"""Of each operation, the same ones each time; more of them to hunt."""


@dataclass
class World:
    callers: list[Caller]
    canaries: list[Canary]
    pools: dict[str, list[Any]]
    """What is really there, by the names under which interfaces ask for it."""
    secret: str
    sent: int = 0
    seen: set[tuple[str, Canary]] = field(default_factory=set)

    @property
    def anything(self) -> list[Any]:
        """For a parameter whose name says nothing to us."""
        return [value for pool in self.pools.values() for value in pool]

    def ask(self, case: Case, caller: Caller) -> tuple[HttpResponse, str]:
        """The answer, and all that the caller said. Each request from an address of its own: the
        limits by address are not what is asked about here."""
        self.sent += 1
        sent = case.as_transport_kwargs(base_url="http://testserver")
        headers = {str(k): _latin(v) for k, v in dict(sent.get("headers") or {}).items()}
        kind = headers.pop("Content-Type", None) or case.media_type or "application/json"
        body = _body(sent, kind)
        headers |= self._signed(headers, body)
        if caller.key:
            headers["Authorization"] = f"Bearer {caller.key}"
        else:
            headers.pop("Authorization", None)
        query = {str(k): v for k, v in (sent.get("params") or {}).items() if v is not None}
        answer = caller.client.generic(
            sent["method"],
            case.formatted_path,
            data=body,
            content_type=kind,
            query_params=query,
            headers=headers,
            REMOTE_ADDR=f"10.{self.sent >> 16}.{self.sent >> 8 & 255}.{self.sent & 255}",
        )
        said = [case.formatted_path, str(query), body.decode(errors="replace"), str(headers)]
        return answer, "\n".join(said)

    def _signed(self, headers: dict[str, str], body: bytes) -> dict[str, str]:
        """As the outside system signs, where the request asks for it; fresh for each caller."""
        if headers.get(signing.SIGNATURE) != SIGN:
            return {}
        made = signing.sign("hmac-sm3", self.secret, body, at=NOON)
        return made | {signing.ONCE: secrets.token_hex(16)}


def _body(sent: dict[str, Any], kind: str) -> bytes:
    data = sent.get("data")
    if "json" in sent:
        return json.dumps(sent["json"]).encode()
    if isinstance(data, dict):
        encoded = urlencode(data, doseq=True) if "form" in kind else json.dumps(data)
        return encoded.encode(errors="replace")
    return data.encode(errors="replace") if isinstance(data, str) else data or b""


def _latin(value: Any) -> str:
    return str(value).encode("latin-1", "replace").decode("latin-1")


def as_answer(case: Case, answer: HttpResponse) -> Response:
    """For the checks of the description."""
    asked = requests.Request(case.method, f"http://testserver{case.formatted_path}").prepare()
    headers = {name.lower(): [value] for name, value in answer.headers.items()}
    return Response(answer.status_code, headers, answer.content, asked, 0.0, verify=False)


@st.composite
def requests_of(draw: Callable[..., Any], operation: APIOperation, world: World) -> Case:
    """Of the description, right and wrong ones, with what is really there in some of the places."""
    modes = list(GenerationMode) if _takes_anything(operation) else [GenerationMode.POSITIVE]
    case: Case = draw(operation.as_strategy(draw(st.sampled_from(modes))))
    for parameter in operation.iter_parameters():
        there = getattr(case, CONTAINERS[str(parameter.location.value)], None)
        _aim(draw, there, parameter.name, world)
    if isinstance(case.body, dict):
        for name in list(case.body):
            _aim(draw, case.body, name, world)
    return case


def _takes_anything(operation: APIOperation) -> bool:
    return bool(list(operation.iter_parameters())) or bool(operation.body)


def _aim(draw: Callable[..., Any], there: Any, name: str, world: World) -> None:
    if there is None or not hasattr(there, "__setitem__") or not draw(st.integers(0, 2)):
        return
    there[name] = draw(st.sampled_from(world.pools.get(name) or world.anything))


def hold_to_its_word(operation: APIOperation, world: World, *, examples: int = EXAMPLES) -> None:
    """Raises what a check found, or says which canary was told to whom."""

    @settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(case=requests_of(operation, world))
    def every_request(case: Case) -> None:
        for caller in world.callers:
            ask_and_judge(case, caller, world)

    every_request()


def ask_for_all_there_is(operation: APIOperation, world: World) -> None:
    """Each planted thing by its address, and lists as they come: by everybody, no chance in it."""
    names = [one.name for one in operation.iter_parameters() if one.location.value == "path"]
    pools = [world.pools.get(name) or world.anything for name in names]
    for values in itertools.product(*pools):
        case = operation.Case(path_parameters=dict(zip(names, values, strict=True)))
        for caller in world.callers:
            ask_and_judge(case, caller, world)


def walk_its_edges(operation: APIOperation, world: World, *, caller: Caller) -> None:
    """The longest, the shortest, the missing, the wrong method: each once, and always the same."""
    given = operation.schema.config.generation_for(operation=operation)
    for case in operation.schema.iter_coverage_cases(
        operation, generation_modes=list(GenerationMode), generation_config=given
    ):
        ask_and_judge(case, caller, world)


def ask_and_judge(case: Case, caller: Caller, world: World) -> None:
    answer, said = world.ask(case, caller)
    case.validate_response(as_answer(case, answer), checks=CHECKS)
    judge(answer, said, caller, world)


def judge(answer: HttpResponse, said: str, caller: Caller, world: World) -> None:
    text = f"{answer.headers}\n{answer.content.decode()}"
    may = set(caller.may)
    if "/open311/" in said:  # the gist is public there, the number of a matter with it
        may |= {(one.place, one.field) for one in world.canaries if one.field == "number"}
    leaked = leaks(text, world.canaries, may=may, said=said)
    assert not leaked, f"{caller.name} was told {sorted(one.word for one in leaked)}"
    world.seen |= {(caller.name, one) for one in found_in(text, world.canaries)}
