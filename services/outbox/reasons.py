"""Why an errand failed: kept as codes and facts, which are of no language, and told in the reader's own."""

import json
import re
from typing import Any

from services.errors import ServiceError
from services.messages import catalogue, said

_SENT_AGAIN = re.compile(r"(?:[^\s{]+ ↻ )*")
"""Who sent it off again, in front of why it had failed."""


def kept(error: ServiceError) -> str:
    """The codes and facts of what stood in the way, as the errand's row keeps them; a code without facts is itself."""
    if len(error.codes) == 1 and not error.facts:
        return error.codes[0]
    content = {"codes": error.codes, "facts": error.facts}
    return json.dumps(content, ensure_ascii=False, default=str, sort_keys=True)


def told(reason: str | None, lang: str) -> str:
    """What was kept, in sentences of that language; empty for none.

    Shown as it stands: a sentence that an earlier edition wrote down, an error of the program, what a person did.
    """
    before, codes, facts, rest = _read(reason or "")
    sentences = (said(code, lang, **facts) for code in codes)
    return before + (("" if lang == "zh" else " ").join(sentences) or rest)


def codes_of(reason: str | None) -> tuple[str, ...]:
    """The reason codes that were kept; none for what is shown as it stands."""
    return _read(reason or "")[1]


def _read(reason: str) -> tuple[str, tuple[str, ...], dict[str, Any], str]:
    """Who sent it off again, the codes, their facts, and the whole text behind the names."""
    before = _SENT_AGAIN.match(reason)
    names = before[0] if before else ""
    rest = reason[len(names) :]
    if rest in catalogue("zh").sentences:
        return names, (rest,), {}, rest
    try:
        content = json.loads(rest) if rest.startswith('{"codes": ') else {}
        return names, tuple(content.get("codes", ())), content.get("facts", {}), rest
    except ValueError:
        return names, (), {}, rest
