"""From the layout to a PDF ready for print, and to the printed blank as pixels.

The same spec and fonts give the same bytes: no clock, no random id.
"""

import json
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
import typst

from yukuai.engines.ballots.layout import Layout, Page, lay_out
from yukuai.engines.ballots.paper import Box
from yukuai.engines.ballots.raster import Grey
from yukuai.engines.ballots.spec import Spec
from yukuai.engines.ballots.wording import Words

FAMILY = "Noto Serif CJK SC"
FONT_FOLDERS = (
    Path("/usr/share/fonts/opentype/noto"),
    Path("/usr/share/fonts/noto-cjk"),
    Path("/usr/share/fonts/google-noto-serif-cjk-fonts"),
)
TEMPLATE = Path(__file__).parent / "paper.typ"
NO_FONTS = "还不能印选票：没有找到中文字体 Noto Serif CJK。请安装 fonts-noto-cjk 后再试。"


class NoFonts(RuntimeError):
    """Carries a sentence in Chinese."""


def render(layout: Layout, *, fonts: Sequence[Path] = FONT_FOLDERS) -> bytes:
    """The PDF. A paper of several sides that ends on a front is given an empty back, so that the
    whole file can be printed on both sides. Raises NoFonts."""
    pages: list[dict[str, Any]] = []
    duplex = any(len(paper) > 1 for paper in layout.papers)
    for paper in layout.papers:
        pages += [_facts(layout.page(number)) for number in paper]
        if duplex and len(paper) % 2 and paper != layout.papers[-1]:
            last = layout.page(paper[-1])
            pages.append(_empty(last.width, last.height))
    return typeset(layout.spec.title, pages, fonts=fonts)


def typeset(title: str, pages: Sequence[dict[str, Any]], *, fonts: Sequence[Path]) -> bytes:
    """Raises NoFonts."""
    facts = json.dumps({"title": title, "pages": pages}, ensure_ascii=False, sort_keys=True)
    compiler = typst.Compiler(
        input=TEMPLATE,
        root=TEMPLATE.parent,
        font_paths=_fonts(tuple(map(str, fonts))),
        sys_inputs={"facts": facts},
    )
    made = compiler.compile(format="pdf", timestamp=0)
    assert isinstance(made, bytes)
    return made


def _empty(width: float, height: float) -> dict[str, Any]:
    return {"width": width, "height": height, "fills": [], "greys": [], "seal": None, "words": []}


def _facts(page: Page) -> dict[str, Any]:
    return _empty(page.width, page.height) | {
        "fills": [_rounded(fill) for fill in page.fills],
        "seal": _rounded(page.seal) if page.seal else None,
        "words": _words(page.words),
    }


def typeset_page(
    title: str,
    size: tuple[float, float],
    *,
    fills: Sequence[Box],
    greys: Sequence[tuple[Box, int]],
    words: Sequence[Words],
) -> bytes:
    """One page of anything: `greys` are fills and how many hundredths of black. Raises NoFonts."""
    facts = _empty(*size) | {
        "fills": [_rounded(fill) for fill in fills],
        "greys": [[*_rounded(box), black] for box, black in greys],
        "words": _words(words),
    }
    return typeset(title, [facts], fonts=FONT_FOLDERS)


def _words(words: Sequence[Words]) -> list[dict[str, Any]]:
    return [vars(word) | {"box": _rounded(word.box)} for word in words]


def _rounded(box: Sequence[float]) -> list[float]:
    return [round(side, 4) for side in box]


@cache
def _fonts(folders: tuple[str, ...]) -> typst.Fonts:
    there = [folder for folder in folders if Path(folder).is_dir()]
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=there)
    if FAMILY not in fonts.families():
        raise NoFonts(NO_FONTS)
    return fonts


@lru_cache(maxsize=8)
def blanks(spec: Spec, *, per_mm: float, fonts: Sequence[Path] = FONT_FOLDERS) -> tuple[Grey, ...]:
    """Each page as it is printed, without a mark: 0 black to 255 white."""
    layout = lay_out(spec)
    drawn = [typeset(spec.title, [_facts(page)], fonts=fonts) for page in layout.pages]
    return tuple(_raster(pdf, per_mm) for pdf in drawn)


def _raster(pdf: bytes, per_mm: float) -> Grey:
    document = pypdfium2.PdfDocument(pdf)
    bitmap = document[0].render(scale=per_mm * 25.4 / 72, grayscale=True)
    pixels = np.array(bitmap.to_numpy()).reshape(bitmap.height, bitmap.width)
    document.close()
    return pixels
