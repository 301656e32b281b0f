"""Typst: from the facts of a document to PDF and SVG.

Facts go in as one JSON string and are printed as text; templates read nothing else. The same
facts and fonts give the same bytes: no clock, no random id.
"""

import io
import json
import subprocess
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import segno
import typst

from yukuai.kernel.errors import Unavailable

TEMPLATES = Path(__file__).parent / "typst"
NEEDED = frozenset({"Noto Serif CJK SC", "Noto Sans CJK SC"})
FONT_FOLDERS = (
    Path("/usr/share/fonts/opentype/noto"),
    Path("/usr/share/fonts/truetype/dejavu"),
    Path("/usr/share/fonts/noto-cjk"),
    Path("/usr/share/fonts/google-noto-serif-cjk-fonts"),
    Path("/usr/share/fonts/google-noto-sans-cjk-fonts"),
)
NO_FONTS = (
    "还不能生成文书：这台服务器没有装中文字体。"
    "请系统管理员安装 fonts-noto-cjk 后再试，您填的内容没有丢。"
)
TEXT_WIDTH_PT = 162 / 25.4 * 72
"""A4 less two margins of 24 mm."""


def make_pdf(template: str, facts: Mapping[str, Any]) -> bytes:
    """Raises Unavailable without Chinese fonts."""
    made = _compiler(template, facts).compile(format="pdf", timestamp=0)
    assert isinstance(made, bytes)
    return made


def make_pages(template: str, facts: Mapping[str, Any]) -> list[str]:
    """The same sheet as SVG, a text a page: glyphs are outlines, nothing is loaded."""
    made = _compiler(template, facts).compile(format="svg")
    pages = made if isinstance(made, list) else [made]
    return [page.decode() for page in pages if page is not None]


def qr_svg(text: str, *, mask: int | None = None) -> str:
    """Black on white with its quiet zone; error correction M survives a stamp on a corner.

    The best mask of eight is sought unless one is given: of a text that looks random none is bad,
    and a thousand codes are ready five times as soon."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False, mask=mask).save(
        out, kind="svg", border=2, xmldecl=False
    )
    return out.getvalue().decode()


def head_size(words: str, *, large: bool) -> float:
    """The red head in points: as large as one line allows, between 16 and 34."""
    fitting = TEXT_WIDTH_PT / max(len(words), 1) - 1.5
    return round(min(38 if large else 34, max(16, fitting)), 1)


def _compiler(template: str, facts: Mapping[str, Any]) -> typst.Compiler:
    return typst.Compiler(
        input=TEMPLATES / template,
        root=TEMPLATES,
        font_paths=chinese_fonts(),
        sys_inputs={"data": json.dumps(facts, ensure_ascii=False, sort_keys=True)},
    )


@cache
def chinese_fonts() -> typst.Fonts:
    """Only the fonts named in the templates: what is installed besides must change no document."""
    folders = [str(folder) for folder in FONT_FOLDERS if folder.is_dir()]
    fonts = _fonts(folders)
    if not NEEDED.issubset(fonts.families()):
        fonts = _fonts([*folders, *_ask_fontconfig()])
    if not NEEDED.issubset(fonts.families()):
        raise Unavailable(NO_FONTS)
    return fonts


def _fonts(folders: Iterable[str]) -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=list(folders)
    )


def _ask_fontconfig() -> list[str]:
    command = ["fc-list", "--format=%{file}\n", ":lang=zh-cn"]
    try:
        found = subprocess.run(command, capture_output=True, text=True, timeout=10, check=True)
    except (OSError, subprocess.SubprocessError):
        return []
    return sorted({str(Path(line).parent) for line in found.stdout.splitlines() if line})
