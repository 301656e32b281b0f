"""Command line (docs/ballots.md):

    python -m yukuai.engines.ballots render SPEC.json OUT.pdf
    python -m yukuai.engines.ballots read SPEC.json IMAGE… [--debug FOLDER]
    python -m yukuai.engines.ballots judge SPEC.json READ.jsonl [--rules FILE] [--rulings FILE]
    python -m yukuai.engines.ballots calibrate A4|A5 OUT.pdf

Results go to standard output, one JSON object a line. What cannot be used ends the command with
one sentence on standard error and status 2.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from yukuai.engines.ballots.calibrating import calibration_page
from yukuai.engines.ballots.drawing import NoFonts, render
from yukuai.engines.ballots.judging import judge, to_json
from yukuai.engines.ballots.layout import Layout, lay_out
from yukuai.engines.ballots.records import read_files
from yukuai.engines.ballots.rulings import ParameterError, parse_parameters
from yukuai.engines.ballots.spec import Paper, SpecError, load_spec


class Unusable(Exception):
    """Carries a sentence in Chinese."""


def main(arguments: Sequence[str] | None = None) -> int:
    given = _parser().parse_args(arguments)
    try:
        given.run(given)
    except (SpecError, NoFonts, ParameterError, Unusable) as error:
        print(error, file=sys.stderr)
        return 2
    except OSError as error:
        print(f"文件打不开或写不了：{error.filename}", file=sys.stderr)
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m yukuai.engines.ballots")
    verbs = parser.add_subparsers(required=True)
    verb = verbs.add_parser("render", help="印票：SPEC.json → PDF")
    verb.add_argument("spec", type=Path)
    verb.add_argument("out", type=Path)
    verb.set_defaults(run=_render)
    verb = verbs.add_parser("read", help="读票：每个页面一行 JSON")
    verb.add_argument("spec", type=Path)
    verb.add_argument("images", type=Path, nargs="+")
    verb.add_argument("--debug", type=Path, help="把每一步画成图，放进这个文件夹")
    verb.set_defaults(run=_read)
    verb = verbs.add_parser("judge", help="判票：每张票一行 JSON")
    verb.add_argument("spec", type=Path)
    verb.add_argument("lines", type=Path)
    verb.add_argument("--rules", type=Path, help="选举办法中的判票参数")
    verb.add_argument("--rulings", type=Path, help="人工认定，每条一行 JSON")
    verb.set_defaults(run=_judge)
    verb = verbs.add_parser("calibrate", help="校准页：量一量打印和扫描的尺寸")
    verb.add_argument("paper", choices=list(Paper))
    verb.add_argument("out", type=Path)
    verb.set_defaults(run=_calibrate)
    return parser


def _layout(path: Path) -> Layout:
    return lay_out(load_spec(path.read_bytes()))


def _render(given: argparse.Namespace) -> None:
    given.out.write_bytes(render(_layout(given.spec)))


def _calibrate(given: argparse.Namespace) -> None:
    given.out.write_bytes(calibration_page(Paper(given.paper)))


def _read(given: argparse.Namespace) -> None:
    for record in read_files(_layout(given.spec), given.images, debug=given.debug):
        _say(record)


def _judge(given: argparse.Namespace) -> None:
    layout = _layout(given.spec)
    rules = parse_parameters(json.loads(given.rules.read_text())) if given.rules else None
    rulings = list(_lines(given.rulings)) if given.rulings else []
    for one in judge(layout, list(_lines(given.lines)), rules=rules, rulings=rulings):
        _say(to_json(one))


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if line.strip():
            try:
                said = json.loads(line)
            except ValueError:
                said = None
            if not isinstance(said, dict):
                raise Unusable(f"{path.name} 第 {number} 行不是有效的 JSON。")
            yield said


def _say(record: dict[str, Any]) -> None:
    print(json.dumps(record, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    sys.exit(main())
