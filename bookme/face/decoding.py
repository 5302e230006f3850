"""Decoding of uploaded pictures: a program of its own, which has only so much memory and time.

Started by :mod:`bookme.face.pictures` as a file, so it imports nothing of BookMe. It reads a
picture from standard input and writes two JPEGs, or one word that says why not.
"""

import os
import resource
import struct
import sys
import warnings
from collections.abc import Callable
from enum import Enum, auto
from io import BytesIO

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

#: The sides of the squares, in pixels.
SMALL, LARGE = 96, 384
MOST_PIXELS = 12_000_000
MOST_PIXELS_OF_JPEG = 52_000_000  # phones take pictures of 50 million
#: Less is a smear at the size in which it is shown.
LEAST_SIDE = 64
#: What the program may use: address space in bytes, and seconds of a processor.
MEMORY, SECONDS = 768 * 1024 * 1024, 10

_FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
_JPEGS = ("JPEG", "MPO")  # phones keep several pictures in one file; the first is the picture
_APPLE = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")
# Refused here, not reported on standard error.
warnings.simplefilter("error", Image.DecompressionBombWarning)


class Wrong(Enum):
    """Why a file is refused."""

    HEIC = auto()
    UNKNOWN = auto()
    BROKEN = auto()
    TOO_LARGE = auto()
    TOO_SMALL = auto()


class NotAPicture(Exception):
    """What was uploaded can't be shown."""

    def __init__(self, why: Wrong) -> None:
        super().__init__(why.name)
        self.why = why


def decoded(file: bytes) -> tuple[bytes, bytes]:
    """The middle of a picture, upright, on white where it is transparent: small and large.

    :raises NotAPicture: if it can't be read, or would cost too much.
    """
    try:
        return drawn(_opened(file))
    except MemoryError as error:
        raise NotAPicture(Wrong.TOO_LARGE) from error
    # Each format has errors of its own for broken files.
    except (OSError, ValueError, SyntaxError, TypeError, LookupError, EOFError) as error:
        raise NotAPicture(Wrong.BROKEN) from error


def drawn(image: Image.Image) -> tuple[bytes, bytes]:
    """The same of a picture that is known to cost little."""
    large = _square(image)
    small = large.resize((SMALL, SMALL), Image.Resampling.LANCZOS)
    return _jpeg(small), _jpeg(large)


def _jpeg(image: Image.Image) -> bytes:
    out = BytesIO()
    image.save(out, "JPEG", quality=82, optimize=True, progressive=True)
    return out.getvalue()


def _opened(file: bytes) -> Image.Image:
    """The picture, its size known and nothing decoded."""
    if file[4:8] == b"ftyp" and file[8:12] in _APPLE:
        raise NotAPicture(Wrong.HEIC)
    if _canvas(file) > MOST_PIXELS:
        raise NotAPicture(Wrong.TOO_LARGE)
    try:
        image = Image.open(BytesIO(file), formats=_FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise NotAPicture(Wrong.TOO_LARGE) from error
    except UnidentifiedImageError as error:
        raise NotAPicture(Wrong.UNKNOWN) from error
    most = MOST_PIXELS_OF_JPEG if image.format in _JPEGS else MOST_PIXELS
    if image.width * image.height > most:
        raise NotAPicture(Wrong.TOO_LARGE)
    if min(image.size) < LEAST_SIDE:
        raise NotAPicture(Wrong.TOO_SMALL)
    return image


def _canvas(file: bytes) -> int:
    """The pixels of a WebP that may be animated: libwebp takes memory for all of them when it opens
    one. 0 for all other files.
    """
    if file[:4] + file[8:16] != b"RIFFWEBPVP8X":
        return 0
    width, height = (int.from_bytes(file[at : at + 3], "little") for at in (24, 27))
    return (width + 1) * (height + 1)


def _square(image: Image.Image) -> Image.Image:
    profile = image.info.get("icc_profile")
    image.draft("RGB", (2 * LARGE, 2 * LARGE))  # a JPEG is decoded at about the size that is needed
    side = min(image.size)
    x, y = (image.width - side) // 2, (image.height - side) // 2
    square = image.convert("RGBA" if image.has_transparency_data else "RGB").resize(
        (min(side, LARGE), min(side, LARGE)),
        Image.Resampling.LANCZOS,
        box=(x, y, x + side, y + side),
        reducing_gap=3.0,
    )
    square.info["exif"] = image.getexif().tobytes()
    square = _in_srgb(_on_white(ImageOps.exif_transpose(square)), profile)
    return square.resize((LARGE, LARGE), Image.Resampling.LANCZOS)


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode == "RGB":
        return image
    white = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(white, image).convert("RGB")


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """In the colours of the web: phones write others, which look pale where they are taken for
    these.
    """
    if not profile:
        return image
    try:
        return (
            ImageCms.profileToProfile(
                image, ImageCms.ImageCmsProfile(BytesIO(profile)), ImageCms.createProfile("sRGB")
            )
            or image
        )
    except (ImageCms.PyCMSError, OSError):
        return image


def main() -> None:
    """Decode one picture, and no more than one, in what it may cost."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    write: Callable[[bytes], int] = sys.stdout.buffer.write
    try:
        small, large = decoded(sys.stdin.buffer.read())
    except NotAPicture as error:
        write(error.why.name.encode())
    else:
        write(struct.pack(">4sI", b"JPEG", len(small)) + small + large)
    sys.stdout.buffer.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
