"""Files inside a JSON body, which come as base64."""

import base64
import binascii

from services.errors import Invalid


def decoded(given: str) -> bytes:
    """The bytes of the file; Invalid for what is no base64."""
    try:
        return base64.b64decode(given, validate=True)
    except (binascii.Error, ValueError):
        raise Invalid("upload.empty") from None
