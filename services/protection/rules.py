"""The masks under which people's data are shown: enough to tell one from another, too little to use."""

import re

_CASE_NUMBER = re.compile(r"[A-Z]{2,12}-\d{4}-\d{1,6}")
_NUMBER = re.compile(r"(?<![\w-])\d{7,19}[Xx]?(?![\w-])")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


def mask_phone(phone: str) -> str:
    """A telephone number with only its first three and last four digits shown; a short one shows its last two."""
    digits = "".join(character for character in phone if character.isdigit())
    if not digits:
        return ""
    if len(digits) < 9:
        return "****" + (digits[-2:] if len(digits) > 4 else "")
    return f"{digits[:3]}****{digits[-4:]}"


def mask_contact(contact: str) -> str:
    """A telephone number, a mail address or an account of some network, whichever somebody gave to be reached by."""
    said = contact.strip()
    if "@" in said:
        name, _, host = said.rpartition("@")
        return f"{name[:1]}***@{host}"
    if sum(character.isdigit() for character in said) >= 7:
        return mask_phone(said)
    return f"{said[:1]}***" if said else ""


def mask_name(name: str) -> str:
    """A person's name with only its first character shown; the stars do not tell its length."""
    return f"{name.strip()[:1]}**"


def mask_account(number: str) -> str:
    """A bank account number with only its last four digits shown; a short one not at all."""
    return f"****{number[-4:]}" if len(number) >= 8 else "****"


def mask_search(text: str) -> str:
    """What somebody looked for, as a log keeps it: the number of a case in full, of all else the first character.

    People paste telephone numbers, accounts and even passwords into search boxes.
    """
    said = text.strip()
    if _CASE_NUMBER.fullmatch(said):
        return said
    return f"{said[:1]}***" if said else ""


def mask_within(text: str) -> str:
    """A sentence of a machine with every long number and mail address in it masked, all else as it was."""
    hidden = _NUMBER.sub(lambda found: mask_account(found.group()), text)
    return _MAIL.sub(lambda found: mask_contact(found.group()), hidden)
