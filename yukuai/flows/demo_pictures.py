"""A drawn stairwell, dark and lit, and a drawn noticeboard: the demo shows no photograph of
anybody's home."""

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

SIZE = (900, 700)


def corridor(*, dark: bool) -> SimpleUploadedFile:
    night, day = ("#38423f", "#2a3230", "#55605c"), ("#efe7d2", "#cfc7b2", "#fff3c0")
    wall, floor, lamp = night if dark else day
    image = Image.new("RGB", SIZE, wall)
    draw = ImageDraw.Draw(image)
    draw.polygon([(0, 700), (900, 700), (620, 420), (280, 420)], fill=floor)
    draw.rectangle((280, 180, 620, 420), fill="#4a5552" if dark else "#f7f0de")
    draw.polygon([(0, 250), (70, 290), (70, 640), (0, 700)], fill="#222927" if dark else "#8a7656")
    draw.ellipse((410, 70, 490, 150), fill=lamp, outline="#7d8884" if dark else "#d8b64a", width=6)
    stream = BytesIO()
    image.save(stream, "JPEG", quality=85)
    return SimpleUploadedFile("楼道.jpg", stream.getvalue(), "image/jpeg")


def noticeboard(number: str) -> SimpleUploadedFile:
    """A board on a wall with one paper on it; its lines are as many as the number is long."""
    image = Image.new("RGB", SIZE, "#d9d3c5")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 560, 900, 700), fill="#b9b2a2")
    draw.rectangle((140, 70, 760, 520), fill="#2f6b5f", outline="#6d5537", width=16)
    draw.rectangle((340, 110, 560, 470), fill="#fbfaf5")
    draw.rectangle((370, 140, 530, 158), fill="#b3261e")
    draw.line((360, 180, 540, 180), fill="#b3261e", width=3)
    for row in range(len(number)):
        draw.line((362, 210 + 18 * row, 538 - 40 * (row % 4 == 3), 210 + 18 * row), "#6c7572", 4)
    draw.ellipse((470, 400, 530, 460), outline="#b3261e", width=5)
    stream = BytesIO()
    image.save(stream, "JPEG", quality=85)
    return SimpleUploadedFile("公告栏.jpg", stream.getvalue(), "image/jpeg")
