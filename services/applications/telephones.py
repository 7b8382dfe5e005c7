"""Telephone numbers as people write them, in one form in which they can be kept and compared."""

import phonenumbers

_FULL_WIDTH = {ord(full): half for full, half in zip("０１２３４５６７８９＋－（）　", "0123456789+-() ", strict=True)}


def normalized(text: str) -> str | None:
    """The number as +86…, from half- or full-width digits with any separators; None when it cannot be one."""
    plain = text.translate(_FULL_WIDTH).strip()
    try:
        number = phonenumbers.parse(plain, "CN")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def shown(text: str) -> str:
    """A kept number as people here write it: mobile numbers in groups, land lines with their area code."""
    try:
        number = phonenumbers.parse(text, "CN")
    except phonenumbers.NumberParseException:
        return text
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
