"""Pictures out of files: PDF, TIFF of many pages, PNG, JPEG; told apart by what they begin with.

One picture is in memory at a time. Pages of a PDF are drawn at `PDF_DPI`.
"""

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

import cv2
import numpy as np
import pypdfium2
from PIL import Image, UnidentifiedImageError

from yukuai.engines.ballots.raster import Grey
from yukuai.engines.ballots.refusals import Refusal, Refused

PDF_DPI = 200
MOST_PIXELS = 120_000_000
BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)
MAKER = 271
"""Exif: a camera says who made it, and its resolution means nothing."""


@dataclass(frozen=True)
class Scan:
    """A picture as it was handed in, with the resolution it claims, if any."""

    grey: Grey
    dpi: float | None = None


def pictures(data: bytes) -> Iterator[Scan]:
    """Raises Refused where the file, or one of its pages, cannot be opened."""
    if data[:1024].lstrip().startswith(b"%PDF"):
        yield from _pdf(data)
    elif data[:4] in (b"II*\0", b"MM\0*"):
        yield from _tiff(data)
    else:
        yield _single(data)


def _pdf(data: bytes) -> Iterator[Scan]:
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError:
        raise Refused(Refusal.UNREADABLE_FILE) from None
    try:
        for page in document:
            _check_size(*(side / 72 * PDF_DPI for side in page.get_size()))
            bitmap = page.render(scale=PDF_DPI / 72, grayscale=True)
            pixels = bitmap.to_numpy()
            yield Scan(np.array(pixels, np.uint8).reshape(pixels.shape[:2]), PDF_DPI)
    finally:
        document.close()


def _tiff(data: bytes) -> Iterator[Scan]:
    image = _opened(data)
    for frame in range(getattr(image, "n_frames", 1)):
        try:
            image.seek(frame)
            _check_size(*image.size)
            dpi = _dpi(image)
            grey = np.asarray(image.convert("L"), np.uint8)
        except (OSError, EOFError, ValueError, SyntaxError):
            raise Refused(Refusal.UNREADABLE_FILE) from None
        yield Scan(grey, dpi)


def _single(data: bytes) -> Scan:
    image = _opened(data)
    _check_size(*image.size)
    grey = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_GRAYSCALE)
    if grey is None:
        raise Refused(Refusal.UNREADABLE_FILE)
    return Scan(np.asarray(grey, np.uint8), _dpi(image))


def _opened(data: bytes) -> Image.Image:
    """Its header only. What Pillow warns of is no picture of ours."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            return Image.open(BytesIO(data), formats=("TIFF", "PNG", "JPEG"))
    except (UserWarning, UnidentifiedImageError, OSError, ValueError, *BOMBS):
        raise Refused(Refusal.UNREADABLE_FILE) from None


def _check_size(width: float, height: float) -> None:
    if width * height > MOST_PIXELS or min(width, height) < 1:
        raise Refused(Refusal.UNREADABLE_FILE)


def _dpi(image: Image.Image) -> float | None:
    said = image.info.get("dpi")
    if not said or image.getexif().get(MAKER):
        return None
    across, down = float(said[0]), float(said[1])
    return across if abs(across - down) < 1 else None
