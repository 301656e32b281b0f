"""Photos and attacks, made in memory."""

import io
import struct
import zlib
from typing import Any

from PIL import Image, PngImagePlugin

LATITUDE, LONGITUDE = (29.0, 33.0, 44.5), (106.0, 33.0, 2.0)
GPS = 0x8825


def picture(size: tuple[int, int] = (60, 40), form: str = "JPEG", **kwargs: Any) -> bytes:
    """Left half red, right half blue."""
    image = Image.new(kwargs.pop("mode", "RGB"), size, "red")
    image.paste("blue", (size[0] // 2, 0, *size))
    out = io.BytesIO()
    image.save(out, form, **kwargs)
    return out.getvalue()


def located_photo(orientation: int = 1, **kwargs: Any) -> bytes:
    """A JPEG as a telephone makes it: position, owner, comment, XMP."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x013B] = "owner-of-the-phone"
    gps = exif.get_ifd(GPS)
    gps.update({1: "N", 2: LATITUDE, 3: "E", 4: LONGITUDE})
    return picture(
        exif=exif,
        comment=b"taken at home",
        xmp=b"<x:xmpmeta>exif:GPSLatitude 29,33.7N</x:xmpmeta>",
        quality=95,
        **kwargs,
    )


def png_of(width: int, height: int, pixels: bytes) -> bytes:
    """A PNG whose header says what it likes."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    start = b"\x89PNG\r\n\x1a\n"
    return start + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def png_bomb() -> bytes:
    """60000 × 60000, 3.6 thousand million pixels, in a few kilobytes."""
    return png_of(60_000, 60_000, zlib.compress(b"\0" * 1_000_000, 9))


def png_text_bomb() -> bytes:
    """A small picture with 100 MB of text squeezed into its label."""
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", "A" * 100_000_000, zip=True)
    out = io.BytesIO()
    Image.new("L", (10, 10)).save(out, "PNG", pnginfo=info)
    return out.getvalue()


def webp_bomb() -> bytes:
    """An extended header that claims the largest canvas there is."""
    canvas = (16_383).to_bytes(3, "little") * 2
    body = b"WEBPVP8X" + (10).to_bytes(4, "little") + b"\x12\0\0\0" + canvas
    return b"RIFF" + len(body).to_bytes(4, "little") + body


def gif_bomb() -> bytes:
    """A small picture on the largest canvas there is."""
    small = picture(form="GIF")
    return small[:6] + b"\xff\xff\xff\xff" + small[10:]


def pdf(extra: bytes = b"") -> bytes:
    return b"%PDF-1.7\n1 0 obj<<>>endobj\n" + extra + b"\ntrailer<<>>\n%%EOF\n"
