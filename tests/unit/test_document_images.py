"""Whatever is uploaded, only plain JPEGs of ours are kept, or a sentence is said."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from tests import pictures
from yukuai.documents import images, rules
from yukuai.kernel.errors import InvalidInput


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def refusal(data: bytes) -> str:
    with pytest.raises(InvalidInput) as caught:
        images.read_picture(data)
    return caught.value.message


def colour(image: Image.Image, x: int, y: int) -> str:
    red, _green, blue = image.getpixel((x, y))  # type: ignore[misc]
    return "red" if red > blue else "blue"


def test_the_position_is_there_before_and_gone_after():
    data = pictures.located_photo()
    before = opened(data)
    assert before.getexif().get_ifd(pictures.GPS)[2] == pictures.LATITUDE
    assert (before.info["comment"], b"GPSLatitude" in before.info["xmp"]) == (
        b"taken at home",
        True,
    )

    kept = images.read_picture(data)

    for after in (opened(kept.full), opened(kept.thumb)):
        assert dict(after.getexif()) == {}
        assert dict(after.getexif().get_ifd(pictures.GPS)) == {}
        assert not {"exif", "comment", "xmp", "icc_profile"} & after.info.keys()
    for secret in (b"owner-of-the-phone", b"taken at home", b"GPSLatitude", b"Exif"):
        assert secret in data
        assert secret not in kept.full + kept.thumb


@pytest.mark.parametrize(
    ("orientation", "size", "top_left", "bottom_right"),
    [
        (1, (60, 40), "red", "blue"),
        (2, (60, 40), "blue", "red"),
        (3, (60, 40), "blue", "red"),
        (4, (60, 40), "red", "blue"),
        (5, (40, 60), "red", "blue"),
        (6, (40, 60), "red", "blue"),
        (7, (40, 60), "blue", "red"),
        (8, (40, 60), "blue", "red"),
    ],
)
def test_a_photo_stands_upright_whichever_way_the_telephone_was_held(
    orientation, size, top_left, bottom_right
):
    kept = images.read_picture(pictures.located_photo(orientation))
    image = opened(kept.full)
    assert (kept.width, kept.height) == size == image.size
    assert colour(image, 3, 3) == top_left
    assert colour(image, size[0] - 4, size[1] - 4) == bottom_right


def test_a_large_photo_is_made_smaller_and_keeps_its_shape():
    kept = images.read_picture(pictures.picture((4000, 3000)))
    assert (kept.width, kept.height) == (2000, 1500)
    assert opened(kept.thumb).size == (480, 360)


def test_a_small_photo_is_not_blown_up():
    kept = images.read_picture(pictures.picture((60, 40)))
    assert (kept.width, kept.height, opened(kept.thumb).size) == (60, 40, (60, 40))


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF"])
def test_each_accepted_form_becomes_a_jpeg(form):
    kept = images.read_picture(pictures.picture(form=form))
    assert (opened(kept.full).format, opened(kept.thumb).format) == ("JPEG", "JPEG")
    assert (colour(opened(kept.full), 5, 5), colour(opened(kept.full), 55, 35)) == ("red", "blue")


def test_what_is_transparent_becomes_white():
    out = io.BytesIO()
    Image.new("RGBA", (8, 8), (0, 0, 0, 0)).save(out, "PNG")
    assert opened(images.read_picture(out.getvalue()).full).getpixel((4, 4)) == (255, 255, 255)


def test_of_a_moving_gif_the_first_frame_is_kept():
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    assert colour(opened(images.read_picture(out.getvalue()).full), 4, 4) == "red"


def test_sixteen_bits_of_grey_keep_their_brightness():
    image = Image.new("I;16", (8, 8), 0x8000)
    out = io.BytesIO()
    image.save(out, "PNG")
    assert opened(images.read_picture(out.getvalue()).full).getpixel((4, 4)) == (128, 128, 128)


@pytest.mark.parametrize(
    ("attack", "sentence"),
    [
        (b"", rules.EMPTY),
        (b"\xff\xd8\xff" + b"\0" * rules.MAX_BYTES, rules.TOO_BIG),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", rules.NOT_A_PHOTO),
        (b"<!doctype html><script>alert(1)</script>", rules.NOT_A_PHOTO),
        (b"PK\x03\x04" + b"\0" * 100, rules.NOT_A_PHOTO),
        (pictures.pdf(), rules.NOT_A_PHOTO),
        (b"\0\0\0\x18ftypheic" + b"\0" * 40, rules.HEIC),
        (b"\0\0\0\x18ftypmif1" + b"\0" * 40, rules.HEIC),
        (pictures.picture()[:400], images.BROKEN),
        (pictures.picture(form="PNG")[:-30], images.BROKEN),
        (pictures.picture(form="WEBP")[:-30], images.BROKEN),
        (b"\xff\xd8\xff\xe0" + b"\xff" * 300, images.BROKEN),
        (b"\x89PNG\r\n\x1a\n", images.BROKEN),
        (b"RIFF\0\0\0\0WEBP", images.BROKEN),
        (b"GIF89a" + b"\xff" * 20, images.BROKEN),
        (pictures.gif_bomb(), images.TOO_MANY_PIXELS),
        (pictures.png_bomb(), images.TOO_MANY_PIXELS),
        (pictures.png_of(6326, 6325, b""), images.TOO_MANY_PIXELS),
        (pictures.webp_bomb(), images.TOO_MANY_PIXELS),
        (pictures.png_text_bomb(), images.BROKEN),
        (pictures.picture()[:-2] + b"\xff\xda" * 65 + b"\xff\xd9", images.BROKEN),
    ],
    ids=lambda value: f"{len(value)}-{value[:4].hex()}" if isinstance(value, bytes) else "",
)
def test_an_attack_is_refused_with_a_sentence(attack, sentence):
    assert refusal(attack) == sentence


@pytest.mark.parametrize(
    "tail", [b"<script>alert(1)</script>", b"PK\x05\x06" + b"\0" * 18, pictures.pdf()]
)
def test_what_hides_behind_a_photo_is_not_carried_over(tail):
    kept = images.read_picture(pictures.picture() + tail)
    assert tail not in kept.full + kept.thumb
    assert b"script" not in kept.full


def test_a_page_with_a_gif_at_its_head_becomes_pixels_or_nothing():
    polyglot = b"GIF89a/*" + b"\0" * 8 + b"*/=1;alert(1)//"
    assert refusal(polyglot) in {images.BROKEN, images.TOO_MANY_PIXELS}


def test_forty_million_pixels_are_the_most():
    assert 6325 * 6324 <= rules.MAX_PIXELS < 6326 * 6325


@given(st.binary(max_size=200), st.sampled_from([b"\xff\xd8\xff", b"GIF89a", b"\x89PNG\r\n\x1a\n"]))
@settings(max_examples=150, deadline=None)
def test_no_rubbish_gets_past_the_sentences(rubbish, magic):
    try:
        said = opened(images.read_picture(magic + rubbish).full).format
    except InvalidInput as refused:
        said = refused.message
    assert said in {images.BROKEN, images.TOO_MANY_PIXELS, "JPEG"}
