"""Names of files that every system can unpack: no sign Windows forbids, no name it keeps for itself, not too long."""

import re
import unicodedata

LONGEST = 120
"""Bytes of a name in UTF-8."""
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
_KEPT_FOR_ITSELF = re.compile(r"(?i)^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)")


def file_name(stem: str, extension: str) -> str:
    """The name made safe and short; the extension always stays."""
    plain = "".join(one for one in unicodedata.normalize("NFC", stem) if unicodedata.category(one) not in ("Cf", "Cs"))
    clean = _FORBIDDEN.sub("_", plain).strip(" .")
    if not clean or _KEPT_FOR_ITSELF.match(clean):
        clean = f"_{clean}"
    ending = f".{_FORBIDDEN.sub('_', extension).strip(' .')[:10]}"
    room = LONGEST - len(ending.encode())
    cut = clean.encode()[:room].decode(errors="ignore").rstrip(" .")
    return f"{cut}{ending}"
