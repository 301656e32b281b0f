"""A photo from anywhere becomes two plain JPEGs of ours: nothing of the file that came is kept.

Position, camera, comments and colour profiles are gone because only pixels are carried over.
"""

import io
from dataclasses import dataclass

from PIL import Image

from yukuai.documents import rules
from yukuai.kernel.errors import InvalidInput

FULL_SIDE = 2000
THUMB_SIDE = 480
QUALITY = 82
MAX_SCANS = 64
"""A progressive JPEG has about ten scans; thousands would keep the decoder busy for minutes."""
ORIENTATION = 0x0112

# Header and pixels are judged here, by `rules.MAX_PIXELS`; Pillow's own limit only warns.
Image.MAX_IMAGE_PIXELS = None

TOO_MANY_PIXELS = "这张照片的像素太多（超过 4000 万）。请用手机拍的原图，或者缩小后再传。"
BROKEN = "这张照片打不开，可能没有传完。请重新选一次，或者换一张。"
TURNS = {
    2: (Image.Transpose.FLIP_LEFT_RIGHT,),
    3: (Image.Transpose.ROTATE_180,),
    4: (Image.Transpose.FLIP_TOP_BOTTOM,),
    5: (Image.Transpose.TRANSPOSE,),
    6: (Image.Transpose.ROTATE_270,),
    7: (Image.Transpose.TRANSVERSE,),
    8: (Image.Transpose.ROTATE_90,),
}


@dataclass(frozen=True)
class Picture:
    """Re-encoded: the photo, its small form, and how large the photo is now."""

    full: bytes
    thumb: bytes
    width: int
    height: int
    media_type: str = "image/jpeg"


def read_picture(data: bytes) -> Picture:
    """Raises InvalidInput with a sentence for whoever chose the file."""
    rules.check_size(data)
    form = rules.sniff(data)
    if form == "heic":
        raise InvalidInput(rules.HEIC)
    if form not in {"jpeg", "png", "webp", "gif"}:
        raise InvalidInput(rules.NOT_A_PHOTO)
    _check_before_decoding(form, data)
    try:
        return _encode(_decode(form, data))
    except InvalidInput:
        raise
    except Exception as error:  # whatever a decoder makes of a hostile file
        raise InvalidInput(BROKEN) from error


def _check_before_decoding(form: str, data: bytes) -> None:
    if form == "webp" and _area(webp_size(data)) > rules.MAX_PIXELS:
        raise InvalidInput(TOO_MANY_PIXELS)
    if form == "jpeg" and data.count(b"\xff\xda") > MAX_SCANS:
        raise InvalidInput(BROKEN)


def webp_size(data: bytes) -> tuple[int, int]:
    """The canvas as the header says; libwebp would reserve it while merely opening the file."""
    form, body = data[12:16], data[20:30]
    if form == b"VP8X":
        return 1 + int.from_bytes(body[4:7], "little"), 1 + int.from_bytes(body[7:10], "little")
    if form == b"VP8L":
        bits = int.from_bytes(body[1:5], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    width, height = (int.from_bytes(body[i : i + 2], "little") & 0x3FFF for i in (6, 8))
    return width, height


def _area(size: tuple[int, int]) -> int:
    return size[0] * size[1]


def _decode(form: str, data: bytes) -> Image.Image:
    with Image.open(io.BytesIO(data), formats=[form.upper()]) as image:
        if _area(image.size) > rules.MAX_PIXELS:
            raise InvalidInput(TOO_MANY_PIXELS)
        orientation = _orientation(image)
        image.draft("RGB", (FULL_SIDE, FULL_SIDE))  # JPEG only: decodes no finer than needed
        image.load()
        small = _flat(image)
    small.thumbnail((FULL_SIDE, FULL_SIDE), Image.Resampling.LANCZOS, reducing_gap=3.0)
    for turn in TURNS.get(orientation, ()):
        small = small.transpose(turn)
    return small


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(ORIENTATION, 1))
    except Exception:  # a broken label does not spoil the picture
        return 1


def _flat(image: Image.Image) -> Image.Image:
    """Opaque RGB on white."""
    if image.mode.startswith("I"):  # 16 bits of grey
        return image.point(lambda v: v / 256).convert("L").convert("RGB")
    if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        coloured = image.convert("RGBA")
        white = Image.new("RGBA", coloured.size, "white")
        return Image.alpha_composite(white, coloured).convert("RGB")
    return image.convert("RGB")


def _encode(image: Image.Image) -> Picture:
    thumb = image.copy()
    thumb.thumbnail((THUMB_SIDE, THUMB_SIDE), Image.Resampling.LANCZOS, reducing_gap=3.0)
    return Picture(_jpeg(image), _jpeg(thumb), image.width, image.height)


def _jpeg(image: Image.Image) -> bytes:
    pixels = Image.new("RGB", image.size)  # without `info`: comments and XMP would be written again
    pixels.paste(image)
    out = io.BytesIO()
    # Plain encoding: 7 % more bytes than progressive, and a tenth of the time.
    pixels.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()
