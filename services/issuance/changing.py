"""What becomes of a paper after it was decided: made void, or issued anew, corrected, under a new number."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, is_dataclass
from datetime import date
from typing import Any, get_args, get_type_hints

from sqlalchemy import Row, select, update

from documents.context import ContextInvalid, from_json, to_json
from documents.format import certificate_number, document_number
from documents.kind import Kind
from documents.registry import kind_of
from services.database.base import new_id
from services.database.counters import next_number
from services.database.work import Work
from services.errors import Invalid, NotFound, Refused
from services.issuance.commands import DECIDED
from services.issuance.models import issued_documents
from services.issuance.rules import FIXED, correct, grouped, new_verify_code
from services.templates.commands import keep_edition

OVER = {"revoked": "document.revoked_already", "replaced": "document.replaced_already", "void": "document.void_already"}
"""Why a paper that no longer holds is not changed again."""


@dataclass(frozen=True, slots=True)
class Successor:
    """The paper that stands in another's place from this commit on."""

    id: str
    number: str


def two_people_for(kind: Kind) -> bool:
    """Whether a second person must agree before such a paper is made void or replaced: certificates and decisions."""
    return kind.family == "D" or any(word in kind.title_zh for word in ("决定", "证书", "协议", "合同"))


def void_document(work: Work, document_id: str) -> None:
    """Make the paper void: its number stays taken and says so. NotFound, or Refused when it no longer holds anyway."""
    row = changeable(work, document_id)
    _stand(work, row.id, standing="void")


def reissue_document(work: Work, document_id: str, corrections: Mapping[str, str]) -> Successor:
    """Decide the same paper anew under the next number, with the corrections, dated today; the old one is replaced.

    An old paper that was never drawn becomes void instead, and names its successor too. Refused when the paper no
    longer holds; Invalid when a correction finds nothing to correct or gives what the paper's kind does not take.
    """
    row = changeable(work, document_id)
    kind = kind_of(row.kind)
    corrected = corrected_inputs(kind, row.inputs, corrections)
    series, number, serial = _next_in(work, row, kind)
    code = new_verify_code()
    head = corrected["head"] | {
        "number": number,
        "issued_on": work.today.isoformat(),
        "verify_code": grouped(code),
        "verify_url": f"{row.inputs['head']['verify_url'].rpartition('/')[0]}/{grouped(code)}",
    }
    inputs = to_json(from_json(kind, corrected | {"head": head}))
    text = json.dumps(inputs, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    identity = new_id()
    values = {
        "id": identity, "kind": row.kind, "code": row.code, "series": series, "serial": serial, "number": number,
        "case_id": row.case_id, "move_sequence": None, "occasion": occasion_of(row.id),
        "organization_id": row.organization_id, "inputs": inputs,
        "inputs_sha256": hashlib.sha256(text.encode()).hexdigest(), "verify_code": code, "standing": "decided",
        "decided_on": work.today, "decided_at": work.now,
    }  # fmt: skip
    work.connection.execute(DECIDED, values)
    keep_edition(work, document_id=identity, kind=row.kind)
    _stand(work, row.id, standing="void" if row.file_sha256 is None else "replaced", replaced_by_id=identity)
    return Successor(identity, number)


def occasion_of(document_id: str) -> str:
    """The occasion on which a paper's successor is issued: it has one at most."""
    return f"reissue:{document_id}"


def changeable(work: Work, document_id: str) -> Row[Any]:
    """The paper's row, locked. NotFound when there is none, Refused when it no longer holds."""
    row = work.connection.execute(
        select(issued_documents).where(issued_documents.c.id == document_id).with_for_update()
    ).one_or_none()
    if row is None:
        raise NotFound("document.not_found")
    if row.standing in OVER:
        raise Refused(OVER[row.standing], number=row.number)
    return row


def corrected_inputs(kind: Kind, inputs: Mapping[str, Any], corrections: Mapping[str, str]) -> dict[str, Any]:
    """The stored inputs with every text that equals a key put as its value says.

    Invalid for no correction at all, one that finds nothing, and one whose value the field cannot hold (a day).
    """
    open_texts = dict(correctable(kind, inputs))
    unknown = [text for text in corrections if text not in open_texts]
    if unknown or not corrections:
        raise Invalid("document.nothing_to_correct", text=unknown[0] if unknown else "")
    done: dict[str, Any] = correct(inputs, corrections, open_paths=open_paths(kind, inputs))
    try:
        from_json(kind, done)
    except ContextInvalid:
        raise Invalid("document.correction_unfit") from None
    return done


def correctable(kind: Kind, inputs: Mapping[str, Any]) -> tuple[tuple[str, int], ...]:
    """Every different text of the paper that a correction may change, and how often it stands there.

    Texts and days only: amounts, scores and choices are what was decided, and are changed by deciding anew.
    """
    found: dict[str, int] = {}
    paths = open_paths(kind, inputs)
    for path, text in _leaves(inputs):
        if path in paths:
            found[text] = found.get(text, 0) + 1
    return tuple(found.items())


def open_paths(kind: Kind, inputs: Mapping[str, Any]) -> frozenset[str]:
    """Where in the inputs a text or a day stands that is not fixed by the decision or by the numbering."""
    return frozenset(_typed(kind.context, inputs, "")) - FIXED


def _typed(wanted: Any, value: Any, path: str) -> list[str]:
    if isinstance(value, Mapping):
        hints = get_type_hints(next(option for option in (wanted, *get_args(wanted)) if is_dataclass(option)))
        inside = ((f"{path}.{name}".lstrip("."), hints[name], inner) for name, inner in value.items())
        return [one for where, hint, inner in inside for one in _typed(hint, inner, where)]
    if isinstance(value, list):
        inner = next((option for option in get_args(wanted) if option is not Ellipsis), str)
        return [one for place, item in enumerate(value) for one in _typed(inner, item, f"{path}.{place}")]
    options = (wanted, *get_args(wanted))
    return [path] if isinstance(value, str) and value and (str in options or date in options) else []


def _leaves(value: Any, path: str = "") -> list[tuple[str, str]]:
    if isinstance(value, Mapping):
        return [one for name, inner in value.items() for one in _leaves(inner, f"{path}.{name}".lstrip("."))]
    if isinstance(value, list):
        return [one for place, inner in enumerate(value) for one in _leaves(inner, f"{path}.{place}")]
    return [(path, value)] if isinstance(value, str) else []


def _next_in(work: Work, row: Row[Any], kind: Kind) -> tuple[str, str, int]:
    """The next number of the paper's own series in the year of today: (series, number, serial)."""
    stem, _, old_year = row.series.rpartition("-")
    year = work.today.year
    series = f"{stem}-{year}"
    serial = next_number(work, f"document-{series}")
    if kind.family == "D" and kind.number_key.isascii():
        letters = row.number.removesuffix(f"-{old_year}-{row.serial:04d}")
        return series, certificate_number(letters, year, serial), serial
    return series, document_number(stem.removesuffix(kind.number_key), kind.number_key, year, serial), serial


def _stand(work: Work, document_id: str, **values: Any) -> None:
    work.connection.execute(update(issued_documents).where(issued_documents.c.id == document_id).values(**values))
