"""Milliseconds per document and per photo. Run by `make bench`; one JSON line a figure.

Beside each figure the raw limit of the same run: Pillow decoding the photo and doing nothing else,
Typst setting a sheet without facts, so that the numbers mean something on another machine.
"""

import io
import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import django
import typst
from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
django.setup()

from yukuai.documents import images, paper, rules, typesetting  # noqa: E402
from yukuai.documents.kinds import KINDS  # noqa: E402

ROUNDS = 15
REPLY = {
    "case_number": "ZT-2603-000012",
    "matter": "楼道灯不亮，老人夜里下楼不方便",
    "received_on": "2026年3月2日",
    "unit": "北街城市管理办公室",
    "contact": "北社区服务大厅",
}


def milliseconds(act: Callable[[int], object]) -> float:
    """The median; each round gets its number, so that nothing is answered from memory."""
    act(-1)
    spans = []
    for turn in range(ROUNDS):
        start = time.perf_counter()
        act(turn)
        spans.append((time.perf_counter() - start) * 1000)
    return round(statistics.median(spans), 2)


def report(name: str, value: float, limit: float, **parameters: object) -> None:
    line = {
        "name": name,
        "value": value,
        "unit": "ms",
        "limit": limit,
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "parameters": parameters | {"rounds": ROUNDS},
    }
    print(json.dumps(line, ensure_ascii=False))


def set_document(turn: int, *, lines: int, large: bool = False) -> bytes:
    kind = KINDS["reply"]
    result = "\n".join(f"第 {turn}-{n} 处已经修好，换了灯，加固了线盒。" for n in range(lines))
    facts = rules.check_facts(kind, REPLY | {"result": result})
    frame = {
        "issuer": "北社区居民委员会",
        "number": f"北社区社复〔2026〕{turn + 2}号",
        "title": kind.name,
        "date": "2026年3月2日",
        "address": paper.verify_address("K7RM2XPQ94TW"),
        "code_words": "K7RM-2XPQ-94TW",
    }
    return typesetting.make_pdf(kind.template, paper.sheet(facts | frame, large=large))


def set_one_word(turn: int) -> object:
    source = f'#set text(font: "Noto Serif CJK SC")\n北社区 {turn}'.encode()
    compiler = typst.Compiler(input=source, font_paths=typesetting.chinese_fonts())
    return compiler.compile(format="pdf")


def photo(width: int, height: int) -> bytes:
    """As heavy as a real one: noise does not compress."""
    out = io.BytesIO()
    Image.effect_noise((width, height), 40).convert("RGB").save(out, "JPEG", quality=85)
    return out.getvalue()


def main() -> None:
    limit = milliseconds(set_one_word)
    for sheet, lines, large in (
        ("one page", 8, False),
        ("one page, 22 pt", 8, True),
        ("150 paragraphs", 150, False),
    ):
        act = partial(set_document, lines=lines, large=large)
        report("document PDF", milliseconds(act), limit, sheet=sheet)
    for size in ((4000, 3000), (1600, 1200)):
        data = photo(*size)
        limit = milliseconds(lambda _turn, d=data: Image.open(io.BytesIO(d)).load())
        value = milliseconds(lambda _turn, d=data: images.read_picture(d))
        pixels = f"{size[0]}x{size[1]}"
        report("photo re-encoded", value, limit, pixels=pixels, bytes=len(data))


main()
