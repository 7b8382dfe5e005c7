"""Draws pictures anew, so that nothing but the picture is kept: no place, no camera, no hidden rest, no bomb."""

from io import BytesIO

from PIL import Image, ImageOps

from services.errors import Invalid

LARGEST_BYTES = 60_000_000
"""Width × height × channels of a picture as it lies in memory: a sheet scanned in grey at 600 dpi fits."""

MOST_PIXELS = 120_000_000
_QUALITY: dict[str, dict[str, int]] = {"JPEG": {"quality": 90}, "WEBP": {"quality": 90}, "PNG": {}}
_MODES = {"JPEG": ("RGB", "L"), "PNG": ("RGB", "RGBA", "L", "LA", "P", "1"), "WEBP": ("RGB", "RGBA")}


def redrawn(content: bytes, kind: str) -> bytes:
    """The picture alone, upright, in the same format. Invalid when it cannot be read whole, moves, or is too large."""
    try:
        return _drawn(content, kind)
    except Invalid:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Invalid("upload.picture_too_large") from None
    except Exception as broken:  # whatever a decoder trips over, the file is at fault and the answer is the same
        raise Invalid("upload.cut_off") from broken


def _drawn(content: bytes, kind: str) -> bytes:
    with Image.open(BytesIO(content), formats=(kind,)) as picture:
        width, height = picture.size
        if getattr(picture, "n_frames", 1) > 1:
            raise Invalid("upload.moving_picture")
        if width * height > MOST_PIXELS:
            raise Invalid("upload.picture_too_large")
        if kind == "JPEG":
            # The decoder of this format can draw at half the size; a telephone's largest pictures stay bearable.
            while picture.size[0] * picture.size[1] * 3 > LARGEST_BYTES:
                half = (picture.size[0] // 2, picture.size[1] // 2)
                if picture.draft(None, half) is None or picture.size[0] > half[0] + 1:
                    break
        if picture.size[0] * picture.size[1] * len(picture.getbands()) > LARGEST_BYTES:
            raise Invalid("upload.picture_too_large")
        picture.load()
        # In place: a picture that need not be turned is not copied.
        ImageOps.exif_transpose(picture, in_place=True)
        drawn = picture.convert("RGBA") if "transparency" in picture.info else picture
        drawn = drawn if drawn.mode in _MODES[kind] else drawn.convert("RGB")
        drawn.info = {}
        out = BytesIO()
        drawn.save(out, kind, exif=b"", icc_profile=None, **_QUALITY[kind])
        return out.getvalue()
