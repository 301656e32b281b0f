"""Counts an election again from its evidence package alone, and says line by line what it found."""

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from yukuai.engines.tally import evidence, reading, signing, sm3
from yukuai.engines.tally.counting import count
from yukuai.engines.tally.evidence import MANIFEST, SIGNATURES
from yukuai.engines.tally.opening import open_package
from yukuai.engines.tally.outcome import Result
from yukuai.engines.tally.packs import Rules
from yukuai.engines.tally.plan import Plan
from yukuai.engines.tally.polls import Poll
from yukuai.engines.tally.reading import Unreadable, canonical

MOST_POLLS = 40


@dataclass(frozen=True)
class Check:
    name: str
    ok: bool
    sentence: str


@dataclass
class Report:
    checks: list[Check] = field(default_factory=list)
    fingerprint: str = ""
    result: Result | None = None

    @property
    def ok(self) -> bool:
        return bool(self.checks) and all(check.ok for check in self.checks)

    def as_data(self) -> dict[str, Any]:
        return {
            "ok": self.ok,
            "fingerprint": self.fingerprint,
            "checks": [vars(check) for check in self.checks],
            "result": self.result.sentence if self.result else "",
        }


@dataclass(frozen=True)
class Expected:
    """What the asker knows from elsewhere: the printed fingerprint, the key of the signer."""

    fingerprint: str = ""
    key: str = ""


@dataclass
class Opened:
    files: Mapping[str, bytes]
    expected: Expected
    report: Report
    manifest: Mapping[str, Any] = field(default_factory=dict)
    plan: Plan | None = None
    polls: list[Poll] = field(default_factory=list)


def verify(path: str | os.PathLike[str], expected: Expected | None = None) -> Report:
    """Never raises for what a package contains. The first thing that is wrong ends it."""
    report = Report()
    opened = Opened({}, expected or Expected(), report)
    steps: tuple[tuple[str, Callable[[Opened], str]], ...] = (
        ("打开", lambda one: _open(one, Path(path))),
        ("清单", _manifest),
        ("文件", _files),
        ("规则", _rules),
        ("方案", _plan),
        ("选票", _ballots),
        ("计票", _recount),
        ("图片", _images),
        ("签名", _signatures),
    )
    for name, step in steps:
        try:
            report.checks.append(Check(name, True, step(opened)))
        except Unreadable as error:
            report.checks.append(Check(name, False, str(error)))
            break
        except (ValueError, KeyError, TypeError, IndexError, ArithmeticError, RecursionError):
            report.checks.append(Check(name, False, "内容前后矛盾，不能计票"))
            break
    return report


def _open(one: Opened, path: Path) -> str:
    one.files = open_package(path)
    needed = {MANIFEST, SIGNATURES, "rules.json", "plan.json", "polls.json", "result.json"}
    missing = sorted(needed - one.files.keys())
    if missing:
        raise Unreadable(f"缺少 {'、'.join(missing)}")
    return f"共 {len(one.files)} 个文件"


def _json(one: Opened, name: str) -> Any:
    """What a file says, if it says it in the one way."""
    value = reading.parse(one.files[name], name)
    if canonical(value) != one.files[name]:
        raise Unreadable(f"{name}：不是规范的写法，被改动过")
    return value


def _manifest(one: Opened) -> str:
    one.manifest = reading.mapping(_json(one, MANIFEST), MANIFEST)
    found = reading.text(one.manifest, "format")
    if found != evidence.FORMAT:
        raise Unreadable(f"格式“{found[:40]}”这一版不会核验")
    one.report.fingerprint = sm3.hexdigest(one.files[MANIFEST])
    wanted = one.expected.fingerprint.lower()
    if wanted and wanted != one.report.fingerprint:
        raise Unreadable(f"指纹是 {one.report.fingerprint}，和给出的不一样")
    return f"指纹 {one.report.fingerprint}" + ("，和给出的一样" if wanted else "")


def _files(one: Opened) -> str:
    listed: dict[str, Mapping[str, Any]] = {}
    for raw in reading.items(one.manifest, "files"):
        entry = reading.mapping(raw, "files")
        listed[reading.text(entry, "path")] = entry
    present = one.files.keys() - {MANIFEST, SIGNATURES}
    if present != listed.keys():
        other = sorted(present ^ listed.keys())
        raise Unreadable(f"文件和清单不符：{'、'.join(name[:40] for name in other[:5])}")
    for name, entry in listed.items():
        data = one.files[name]
        if (entry.get("size"), entry.get("sm3")) != (len(data), sm3.hexdigest(data)):
            raise Unreadable(f"{name} 的内容和清单里的 SM3 不一样")
    return f"{len(listed)} 个文件的 SM3 都和清单一样"


def _rules(one: Opened) -> str:
    raw = _json(one, "rules.json")
    if not isinstance(raw, list):
        raise Unreadable("rules.json：要是一列规则包")
    rules = Rules.read(raw)
    one.plan = Plan.read(_json(one, "plan.json"), rules)
    return "、".join(f"{layer.code} 第 {layer.version} 版" for layer in rules.layers)


def _plan(one: Opened) -> str:
    plan = _known(one)
    if canonical(plan.as_data()) != one.files["plan.json"]:
        raise Unreadable("plan.json：有不认识的内容")
    if canonical(plan.rules.as_data()) != one.files["rules.json"]:
        raise Unreadable("rules.json：有不认识的内容")
    offices = "、".join(f"{c.title} {c.seats} 席" for c in plan.contests)
    return f"{plan.title}：登记 {plan.registered} 人，{offices}"


def _known(one: Opened) -> Plan:
    if one.plan is None:
        raise Unreadable("没有读到选举方案")
    return one.plan


def _ballots(one: Opened) -> str:
    raw = _json(one, "polls.json")
    if not isinstance(raw, list) or not 1 <= len(raw) <= MOST_POLLS:
        raise Unreadable(f"polls.json：要是 1 到 {MOST_POLLS} 次投票")
    seed = reading.text(one.manifest, "seed")
    for number, poll_raw in enumerate(raw, start=1):
        name = evidence.ballots_file(number)
        if name not in one.files:
            raise Unreadable(f"缺少 {name}")
        poll = Poll.read(poll_raw, _lines(one.files[name], name))
        if evidence.shuffle(poll, seed, number)[0] != poll:
            raise Unreadable(f"{name}：选票的次序和编号不是由公布的种子得来的")
        if evidence.lines(poll) != one.files[name]:
            raise Unreadable(f"{name}：有不认识的内容")
        one.polls.append(poll)
    if canonical([poll.as_data() for poll in one.polls]) != one.files["polls.json"]:
        raise Unreadable("polls.json：有不认识的内容")
    made = evidence.manifest(one.files, one.polls, _known(one), seed)
    if canonical(made) != one.files[MANIFEST]:
        raise Unreadable("清单和由文件重算的不一样")
    total = sum(len(poll.ballots) for poll in one.polls)
    return f"{len(one.polls)} 次投票 {total} 张选票，次序、哈希树根都对"


def _lines(data: bytes, name: str) -> Iterator[Any]:
    for line in data.split(b"\n")[:-1]:
        yield reading.parse(line, name)


def _recount(one: Opened) -> str:
    result = count(_known(one), one.polls)
    one.report.result = result
    if canonical(result.as_data()) != one.files["result.json"]:
        raise Unreadable(f"重新计票的结果和公布的不一样。重新计得：{result.sentence}")
    return f"重新计票和公布的结果一样：{result.sentence}{_elected(_known(one), result)}"


def _elected(plan: Plan, result: Result) -> str:
    said = [
        f"{contest.title} {plan.named(result.seated(contest.id))}"
        for contest in plan.contests
        if result.seated(contest.id)
    ]
    return f"当选：{'；'.join(said)}。" if said else ""


def _images(one: Opened) -> str:
    pictures = [name for name in one.files if name.startswith("images/")]
    named = {ballot.image for poll in one.polls for ballot in poll.ballots if ballot.image}
    for name in pictures:
        hashed = name.removeprefix("images/")[:64]
        if hashed not in named or sm3.hexdigest(one.files[name]) != hashed:
            raise Unreadable(f"{name[:30]}…：不是哪一张选票的图片")
    return f"{len(named)} 张选票有图片的 SM3，包里附了 {len(pictures)} 张，都对"


def _signatures(one: Opened) -> str:
    raw = _json(one, SIGNATURES)
    if not isinstance(raw, list) or len(raw) > 20:
        raise Unreadable("signatures.json：要是一列签名，最多 20 个")
    signers = [signing.check(one.files[MANIFEST], entry) for entry in raw]
    wanted = one.expected.key.lower()
    if wanted and wanted not in [key for _signer, key in signers]:
        raise Unreadable("没有给出的公钥的签名")
    if not signers:
        return "没有签名：内容自相一致，是谁发布的要另行查证"
    return "签名有效：" + "、".join(f"{signer}（公钥 {key[:16]}…）" for signer, key in signers)
