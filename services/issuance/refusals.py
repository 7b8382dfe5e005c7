"""Why a paper was not drawn, in the words of the message catalogue."""

from documents.rendered import Limit, OverBudget
from services.errors import Refused

CODES: dict[Limit, str] = {
    "cpu": "document.over_time",
    "wall": "document.over_time",
    "memory": "document.over_memory",
    "pages": "document.over_pages",
    "rows": "document.over_rows",
    "size": "document.over_size",
}


def refusal_of(error: OverBudget) -> Refused:
    """The refusal of a paper that would cost more than it may; its sentence says what to do."""
    allowed = int(error.allowed) >> 20 if error.limit == "memory" else int(error.allowed)
    return Refused(CODES[error.limit], allowed=allowed)
