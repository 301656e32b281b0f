"""python -m yukuai.engines.tally verify PACKAGE: an election counted again from that alone."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from yukuai.engines.tally import reading
from yukuai.engines.tally.inclusion import check_proof, prove
from yukuai.engines.tally.opening import open_package
from yukuai.engines.tally.reading import Unreadable
from yukuai.engines.tally.verifying import Expected, Report, verify


def main(argv: Sequence[str] | None = None) -> int:
    """0 when all is right, 1 when something is not, 2 for a command that cannot be read."""
    parser = argparse.ArgumentParser(prog="python -m yukuai.engines.tally")
    commands = parser.add_subparsers(dest="command", required=True)
    check = commands.add_parser("verify", help="重新计票，逐项核验证据包")
    check.add_argument("package", type=Path)
    check.add_argument("--json", action="store_true", help="只输出 JSON")
    check.add_argument("--fingerprint", default="", help="公告上印的指纹")
    check.add_argument("--key", default="", help="发布者的公钥（十六进制）")
    show = commands.add_parser("proof", help="取出一张选票在其中的证明")
    show.add_argument("package", type=Path)
    show.add_argument("ballot", help="公布的编号，如 P1-00001")
    hold = commands.add_parser("check-proof", help="核对这样的证明")
    hold.add_argument("proof", type=Path)
    hold.add_argument("--fingerprint", required=True, help="公告上印的指纹")
    asked = parser.parse_args(argv)
    try:
        return COMMANDS[asked.command](asked)
    except Unreadable as error:
        print(f"× {_shown(str(error))}")
        return 1


def _verify(asked: argparse.Namespace) -> int:
    report = verify(asked.package, Expected(asked.fingerprint, asked.key))
    if asked.json:
        print(json.dumps(report.as_data(), ensure_ascii=False, indent=2))
    else:
        _say(report)
    return 0 if report.ok else 1


def _say(report: Report) -> None:
    for check in report.checks:
        print(f"{'✓' if check.ok else '×'} {check.name}：{_shown(check.sentence)}")
    print("结论：核验通过。" if report.ok else "结论：核验没有通过。")


def _shown(said: str) -> str:
    """A package may hold signs that would command a terminal."""
    return "".join(sign if sign.isprintable() else "�" for sign in said)


def _proof(asked: argparse.Namespace) -> int:
    made = prove(open_package(asked.package), asked.ballot)
    print(json.dumps(made, ensure_ascii=False, indent=2))
    return 0


def _check_proof(asked: argparse.Namespace) -> int:
    try:
        data = asked.proof.read_bytes()
    except OSError as error:
        raise Unreadable(f"打不开：{error.strerror}") from None
    print(f"✓ {_shown(check_proof(reading.parse(data, '证明'), asked.fingerprint))}")
    return 0


COMMANDS = {"verify": _verify, "proof": _proof, "check-proof": _check_proof}

if __name__ == "__main__":
    sys.exit(main())
