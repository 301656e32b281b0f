"""A drawn stairwell, dark and lit: the demo shows no photograph of anybody's home."""

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
