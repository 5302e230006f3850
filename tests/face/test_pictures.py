import struct
import zlib
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageCms, PngImagePlugin

from bookme.errors import Busy
from bookme.face import decoding, pictures
from bookme.face.pictures import NotAPicture, Wrong, squares
from tests.face.drawing import BLUE, RED, file, halves, is_like, opened

SECRET = b"taken at home"


def refused(uploaded: bytes) -> Wrong:
    with pytest.raises(NotAPicture) as caught:
        squares(uploaded)
    return caught.value.why


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_a_picture_becomes_two_square_jpegs(kind: str) -> None:
    found = squares(file(halves(), kind))
    for jpeg, side in ((found.small, 96), (found.large, 384)):
        image = opened(jpeg)
        assert (image.format, image.size, image.mode) == ("JPEG", (side, side), "RGB")
        assert is_like(image, (side // 2, 5), RED)
        assert is_like(image, (side // 2, side - 5), BLUE)
    assert len(found.digest) == 64


def test_the_middle_is_kept_and_never_stretched() -> None:
    wide = Image.new("RGB", (1200, 400), RED)
    wide.paste(BLUE, (400, 0, 800, 400))
    image = opened(squares(file(wide)).large)
    assert all(is_like(image, at, BLUE) for at in ((4, 4), (379, 4), (4, 379), (379, 379)))


@pytest.mark.parametrize(("turned", "top"), [(1, RED), (3, BLUE)])
def test_a_picture_taken_upside_down_stands_upright(turned: int, top: tuple[int, int, int]) -> None:
    exif = Image.Exif()
    exif[0x0112] = turned
    for kind in ("JPEG", "PNG", "WEBP"):
        image = opened(squares(file(halves(), kind, exif=exif)).large)
        assert is_like(image, (190, 10), top), kind


def test_a_picture_taken_sideways_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turn a quarter to the right
    image = opened(squares(file(halves(), exif=exif)).large)
    assert is_like(image, (10, 190), BLUE)
    assert is_like(image, (373, 190), RED)


def test_nothing_of_the_file_stays_but_the_picture() -> None:
    exif = Image.Exif()
    exif[0x010E] = SECRET.decode()
    exif.get_ifd(0x8825)[1] = "N"
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", SECRET.decode())
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    uploads = [
        file(halves(), exif=exif, comment=SECRET, icc_profile=profile) + SECRET,
        file(halves(), "PNG", exif=exif, pnginfo=text) + SECRET,
        file(halves(), "WEBP", exif=exif, xmp=SECRET),
    ]
    for uploaded in uploads:
        found = squares(uploaded)
        for jpeg in (found.small, found.large):
            assert SECRET in uploaded
            assert SECRET not in jpeg
            assert not set(opened(jpeg).info) & {"exif", "comment", "icc_profile", "xmp"}


def test_what_is_transparent_is_white() -> None:
    image = opened(squares(file(Image.new("RGBA", (200, 200), (*RED, 0)), "PNG")).large)
    assert is_like(image, (100, 100), (255, 255, 255))


def test_the_first_picture_of_several_counts() -> None:
    first, second = Image.new("RGB", (100, 100), RED), Image.new("RGB", (100, 100), BLUE)
    uploaded = file(first, "GIF", save_all=True, append_images=[second])
    assert is_like(opened(squares(uploaded).large), (50, 50), RED)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "CMYK", "I;16"])
def test_every_kind_of_colours_is_read(mode: str) -> None:
    image = Image.new("I;16", (80, 80), 300) if mode == "I;16" else halves((80, 80)).convert(mode)
    uploaded = file(image, "JPEG" if mode == "CMYK" else "PNG")
    assert opened(squares(uploaded).small).mode == "RGB"


def bomb(side: int) -> bytes:
    """The head of a PNG, and nearly nothing behind it."""
    head = b"IHDR" + struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", 13) + head + struct.pack(">I", zlib.crc32(head))
    return b"\x89PNG\r\n\x1a\n" + chunk + struct.pack(">I", 4) + b"IDAT" + b"\0" * 8


@pytest.mark.parametrize("side", [4_000, 10_000, 100_000])
def test_a_huge_picture_is_refused_before_it_is_decoded(
    monkeypatch: pytest.MonkeyPatch, side: int
) -> None:
    assert refused(bomb(side)) is Wrong.TOO_LARGE
    monkeypatch.setattr(Image.Image, "load", lambda _self: pytest.fail("decoded"))
    with pytest.raises(NotAPicture):
        decoding.decoded(bomb(side))


def test_a_huge_animation_is_refused_before_it_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    frames = [Image.new("RGB", (100, 100), colour) for colour in (RED, BLUE)]
    whole = file(frames[0], "WEBP", save_all=True, append_images=frames[1:])
    assert is_like(opened(squares(whole).large), (50, 50), RED)
    huge = whole[:24] + b"\xfe\x3f\0" * 2 + whole[30:]
    assert refused(huge) is Wrong.TOO_LARGE
    monkeypatch.setattr(Image, "open", lambda *_a, **_k: pytest.fail("opened"))
    with pytest.raises(NotAPicture):
        decoding.decoded(huge)


@pytest.mark.parametrize(
    ("uploaded", "why"),
    [
        (b"", Wrong.UNKNOWN),
        (b"hello", Wrong.UNKNOWN),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", Wrong.UNKNOWN),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n", Wrong.UNKNOWN),
        (file(halves(), "TIFF"), Wrong.UNKNOWN),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", Wrong.HEIC),
        (file(halves())[:900], Wrong.BROKEN),
        (file(halves(), "PNG")[:300], Wrong.BROKEN),
        (file(halves((60, 600))), Wrong.TOO_SMALL),
    ],
    ids=["empty", "text", "svg", "eps", "tiff", "heic", "jpeg", "png", "small"],
)
def test_what_cant_be_shown_is_refused(uploaded: bytes, why: Wrong) -> None:
    assert refused(uploaded) is why


def test_files_that_are_damaged_anywhere_are_refused_or_read() -> None:
    for kind in ("JPEG", "PNG", "WEBP", "GIF"):
        whole = file(halves((90, 90)), kind)
        for at in range(0, len(whole), max(1, len(whole) // 60)):
            broken = bytearray(whole)
            broken[at] ^= 0xFF
            try:
                _small, large = decoding.decoded(bytes(broken))
            except NotAPicture:
                continue
            assert Image.open(BytesIO(large)).size == (384, 384)


def test_a_decoder_that_takes_too_much_ends_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    source = Path(decoding.__file__).read_text()
    limited = tmp_path / "limited.py"
    limited.write_text(source.replace("decoded(sys.stdin.buffer.read())", "(b'x' * MEMORY, b'')"))
    monkeypatch.setattr(decoding, "__file__", str(limited))
    assert refused(file(halves())) is Wrong.BROKEN


def test_a_decoder_that_doesnt_end_is_ended(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    endless = tmp_path / "endless.py"
    endless.write_text("import time\ntime.sleep(60)\n")
    monkeypatch.setattr(decoding, "__file__", str(endless))
    monkeypatch.setattr(pictures, "PATIENCE", 0.5)
    assert refused(file(halves())) is Wrong.TOO_LARGE


def test_one_is_decoded_and_one_waits_and_more_are_asked_to_come_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    slow = tmp_path / "slow.py"
    slow.write_text("import time\ntime.sleep(1)\nprint('BROKEN', end='')\n")
    monkeypatch.setattr(decoding, "__file__", str(slow))
    with ThreadPoolExecutor(5) as pool:
        tried = [pool.submit(squares, b"") for _ in range(5)]
        errors = [one.exception() for one in tried]
    assert Counter(type(one) for one in errors) == {NotAPicture: 2, Busy: 3}
