"""Setting up an outside system: where it is, how it speaks, what its words mean."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.utils.text import slugify

from yukuai.accounts import policy
from yukuai.accounts.policy import Actor, Permission
from yukuai.accounts.queries import get_department
from yukuai.audit.actions import record
from yukuai.cases.states import Outcome
from yukuai.divisions.queries import get_division
from yukuai.exchange.actions._steps import checked_reason
from yukuai.exchange.definitions import ACTS, REPLY
from yukuai.exchange.gateways.protocol import preset, problems
from yukuai.exchange.gateways.wire import address_problem
from yukuai.exchange.models import Credential, DepartmentRoute, ExternalSystem, StatusMap
from yukuai.exchange.queries.systems import get_managed_system, list_outward
from yukuai.exchange.rules import waits_problem
from yukuai.exchange.states import Direction, SystemKind
from yukuai.kernel.actions import action
from yukuai.kernel.errors import Conflict, InvalidInput

SECRET_BYTES = 32
ROTATION = timedelta(days=7)
"""How long the former secret still counts after a change (产品设定)."""


@dataclass(frozen=True)
class Settings:
    """What an administrator types of a system."""

    name: str
    base_url: str
    keeper: str
    protocol: Mapping[str, Any]
    active: bool = True
    connect_seconds: int = 5
    read_seconds: int = 15
    retry_seconds: tuple[int, ...] = ()
    jitter_percent: int = 20
    replay_seconds: int = 300
    stale_days: int = 7


@action
def create_system(
    actor: Actor, *, code: str, kind: str, division_id: int, settings: Settings, at: datetime
) -> tuple[ExternalSystem, str]:
    """Returns the system and its secret, which is shown only here. The table of states of its
    kind comes along, as a proposal to be looked through."""
    division = get_division(actor, division_id=division_id)
    policy.require(actor, Permission.EXCHANGE_MANAGE, division)
    if kind not in SystemKind.values:
        raise InvalidInput("选一种系统。", fields={"kind": "选一种系统。"})
    tidy = code.strip().lower()
    if not 2 <= len(tidy) <= 30 or slugify(tidy) != tidy:
        sentence = "代号用 2 到 30 个小写字母、数字和短横，例如 nanqu-zongzhi。"
        raise InvalidInput(sentence, fields={"code": sentence})
    if ExternalSystem.objects.filter(code=tidy).exists():
        raise InvalidInput("这个代号已经用了。", fields={"code": "这个代号已经用了，换一个。"})
    system = ExternalSystem(code=tidy, kind=kind, division=division)
    _set(system, settings)
    system.save(force_insert=True)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    Credential.objects.create(division=division, system=system, secret=secret)
    _propose_states(actor, system)
    _remember(actor, system, act="exchange.create", at=at)
    return system, secret


@action
def change_system(
    actor: Actor, *, code: str, settings: Settings, reason: str, at: datetime
) -> ExternalSystem:
    system = get_managed_system(actor, code=code)
    why = checked_reason(reason)
    _set(system, settings)
    system.save()
    _remember(actor, system, act="exchange.change", at=at, reason=why)
    return system


def _set(system: ExternalSystem, typed: Settings) -> None:
    faults = {name: said for name, said in _faults(typed).items() if said}
    if faults:
        raise InvalidInput("系统没有保存。", fields=faults)
    system.name, system.keeper = typed.name.strip(), typed.keeper.strip()
    system.base_url = typed.base_url.strip().rstrip("/")
    system.protocol, system.active = dict(typed.protocol), typed.active
    system.connect_seconds, system.read_seconds = typed.connect_seconds, typed.read_seconds
    system.retry_seconds, system.jitter_percent = list(typed.retry_seconds), typed.jitter_percent
    system.replay_seconds, system.stale_days = typed.replay_seconds, typed.stale_days


def _faults(typed: Settings) -> dict[str, str]:
    return {
        "name": "" if 2 <= len(typed.name.strip()) <= 40 else "名称写 2 到 40 个字。",
        "keeper": ""
        if 2 <= len(typed.keeper.strip()) <= 120
        else "写明出了问题问哪个单位、哪个电话，2 到 120 个字。",
        "base_url": _url_problem(typed.base_url.strip()),
        "protocol": " ".join(problems(typed.protocol)),
        "connect_seconds": _between(typed.connect_seconds, 1, 30, "秒"),
        "read_seconds": _between(typed.read_seconds, 1, 120, "秒"),
        "retry_seconds": waits_problem(typed.retry_seconds),
        "jitter_percent": _between(typed.jitter_percent, 0, 100, ""),
        "replay_seconds": _between(typed.replay_seconds, 30, 3600, "秒"),
        "stale_days": _between(typed.stale_days, 1, 90, "天"),
    }


def _url_problem(url: str) -> str:
    if len(url) > 200:
        return "地址最多 200 个字符。"
    return address_problem(url) or ("地址里不写问号。" if urlsplit(url).query else "")


def _between(number: int, least: int, most: int, unit: str) -> str:
    return "" if least <= number <= most else f"填 {least} 到 {most} {unit}。"


def _propose_states(actor: Actor, system: ExternalSystem) -> None:
    proposal = preset(system.kind)
    rows = []
    for theirs, said in proposal.get("inward", {}).items():
        act, _, outcome = said.partition(":")
        rows.append(
            StatusMap(system=system, direction="in", ours=act, theirs=theirs, outcome=outcome)
        )
    known = {line.move for line in list_outward(actor, system=system)}
    told = proposal.get("outward", {})
    rows += [
        StatusMap(system=system, direction="out", ours=move, theirs=told.get(move, ""))
        for move in sorted(known)
    ]
    StatusMap.objects.bulk_create(rows)


@action
def change_secret(actor: Actor, *, code: str, reason: str, at: datetime) -> str:
    """A new secret, shown only here; the former one counts for a while yet."""
    system = get_managed_system(actor, code=code)
    why = checked_reason(reason)
    held = Credential.objects.select_for_update().get(system=system)
    held.former, held.former_until = held.secret, at + ROTATION
    held.secret = secrets.token_urlsafe(SECRET_BYTES)
    held.save()
    _remember(actor, system, act="exchange.secret", at=at, reason=why)
    return str(held.secret)


@action
def save_inward(
    actor: Actor, *, code: str, theirs: str, act: str, outcome: str = "", at: datetime
) -> None:
    """What a state of theirs means here."""
    system = get_managed_system(actor, code=code)
    word = theirs.replace("\x00", "").strip()
    if not 1 <= len(word) <= 60:
        raise InvalidInput("状态写 1 到 60 个字。", fields={"theirs": "写 1 到 60 个字。"})
    if act not in ACTS:
        raise InvalidInput("选这个状态在我们这里是什么意思。", fields={"act": "选一个。"})
    if act == REPLY and outcome not in Outcome.values:
        raise InvalidInput("答复要选办理结果。", fields={"outcome": "选一个办理结果。"})
    StatusMap.objects.update_or_create(
        system=system,
        direction=Direction.INWARD,
        theirs=word,
        defaults={"ours": act, "outcome": outcome if act == REPLY else ""},
    )
    _remember(actor, system, act="exchange.map", at=at, theirs=word, means=act)


@action
def save_inward_table(
    actor: Actor, *, code: str, meanings: Mapping[str, str], at: datetime
) -> None:
    """Several at once: their state to `act` or `reply:outcome`; '' is not said yet."""
    system = get_managed_system(actor, code=code)
    for theirs, said in meanings.items():
        act, _, outcome = said.partition(":")
        if said and (act not in ACTS or (act == REPLY) != (outcome in Outcome.values)):
            raise InvalidInput(f"“{theirs}”的意思没有选对，重新选一个。")
        rows = StatusMap.objects.filter(system=system, direction=Direction.INWARD, theirs=theirs)
        if not rows.update(ours=act, outcome=outcome):
            raise InvalidInput(f"“{theirs}”不在表里。先把它加进来。")
    _remember(actor, system, act="exchange.map", at=at, meanings=dict(meanings))


@action
def save_outward(actor: Actor, *, code: str, words: Mapping[str, str], at: datetime) -> None:
    """Their word for each line our log can have; '' means that they are not told of it."""
    system = get_managed_system(actor, code=code)
    known = {line.move for line in list_outward(actor, system=system)}
    if unknown := words.keys() - known:
        raise InvalidInput(f"没有这一步：{'、'.join(sorted(unknown))}。")
    if any(len(word.strip()) > 60 for word in words.values()):
        raise InvalidInput("对方的状态词最多 60 个字。")
    for move, word in words.items():
        StatusMap.objects.update_or_create(
            system=system,
            direction=Direction.OUTWARD,
            ours=move,
            defaults={"theirs": word.replace("\x00", "").strip()},
        )
    _remember(actor, system, act="exchange.map", at=at, words=dict(words))


@action
def set_routes(actor: Actor, *, code: str, department_ids: Iterable[int], at: datetime) -> None:
    """Which departments work in this system: from now on what is dispatched to them goes there."""
    system = get_managed_system(actor, code=code)
    wanted = [get_department(actor, department_id=pk) for pk in sorted(set(department_ids))]
    for department in wanted:
        if not department.area.startswith(system.area):
            sentence = f"{department}不在这个系统管的地方。"
            raise InvalidInput(sentence, fields={"departments": sentence})
    taken = DepartmentRoute.objects.filter(department__in=wanted).exclude(system=system)
    if other := taken.select_related("system", "department").first():
        raise Conflict(f"{other.department}已经在{other.system}里办，一个部门只走一个系统。")
    DepartmentRoute.objects.filter(system=system).exclude(department__in=wanted).delete()
    DepartmentRoute.objects.bulk_create(
        [DepartmentRoute(system=system, department=one) for one in wanted], ignore_conflicts=True
    )
    _remember(actor, system, act="exchange.routes", at=at, departments=[d.name for d in wanted])


@action
def note_pull_failure(actor: Actor, *, system_id: int, error: str, at: datetime) -> None:
    ExternalSystem.objects.filter(pk=system_id).update(pull_error=error[:300], pulled_at=at)


def _remember(
    actor: Actor, system: ExternalSystem, *, act: str, at: datetime, **details: Any
) -> None:
    target = f"system:{system.code}"
    record(actor, act=act, target=target, area=system.area, at=at, **details)
