"""Issues papers that no move of a case earns, once for each occasion, to people named beforehand."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from documents.context import Head
from documents.kind import Kind
from documents.registry import kind_of
from services.cases.papers.parts import verify_url
from services.database.work import Work
from services.errors import Invalid
from services.issuance.commands import Numbered, decide_document, deliver
from services.messages import notice
from services.notices.commands import tell
from services.organizations.queries import CentreLine, centre_lines
from services.outbox.commands import leave_errand
from services.outbox.rules import Errand
from services.people.queries import actor_by_id
from services.settings import settings

NOTICES = ("paper_given",)
"""What whoever is given such a paper is told."""


@dataclass(frozen=True, slots=True)
class BesideCase:
    """The case a paper is filed with although none of its moves earned it, and the organization it concerns."""

    case_id: str
    case_number: str
    organization_id: str


def issuing_centre(work: Work, named: str = "") -> CentreLine | None:
    """The centre of that id, or the only one there is; None where there is none at all.

    Invalid("document.centre_needed") when there are several and none of them is named: a paper has one issuer.
    """
    found = [one for one in centre_lines(work) if named in ("", one.id)]
    if len(found) > 1 or (named and not found):
        raise Invalid("document.centre_needed")
    return found[0] if found else None


def head_apart(
    work: Work, centre: CentreLine, kind: Kind, number: Numbered, *, holder: str, addressee: str = "", title: str = ""
) -> Head:
    """The head of a paper that belongs to no case; `holder` is whom a stranger with its code is told of."""
    return Head(
        issuer_name=centre.name,
        document_title=title or kind.title_zh,
        number=number.number,
        addressee=addressee or holder,
        case_number="",
        organization_name=holder,
        issued_on=work.today,
        contact=centre.contact,
        phone=centre.phone,
        verify_code=number.printed_code,
        verify_url=verify_url(number.printed_code),
        seal=settings().seal_on(signed=kind.is_sealed, parties=kind.two_parties),
        language=settings().language_of(centre.division_code),
        issuer_name_ko=settings().korean_names.get(centre.name, ""),
    )


def issue_on(
    work: Work, *, occasion: str, kind: Kind, centre: CentreLine, build: Callable[[Numbered], Any],
    to: Sequence[str] = (), beside: BesideCase | None = None, organization_id: str | None = None,
    bureau: bool = False,
) -> Numbered:  # fmt: skip
    """Number a paper for this occasion ("evaluator:<term>") and leave the errand that has it drawn and given to the
    persons of these ids; answers its number and code.

    Runs inside the deciding transaction. `bureau`: numbered under the characters of the civil-affairs office. Refuses
    (document.occasion_issued) an occasion on which a paper was issued already.
    """
    kept: list[Numbered] = []

    def numbered(number: Numbered) -> Any:
        kept.append(number)
        return build(number)

    identity = decide_document(
        work,
        kind=kind,
        prefix=centre.bureau_prefix if bureau else centre.number_prefix,
        certificate_prefix=f"{centre.case_prefix}-{kind.number_key}",
        build=numbered,
        case_id=beside.case_id if beside else None,
        organization_id=beside.organization_id if beside else organization_id,
        occasion=occasion,
    )
    payload = {"document_id": identity, "document": kind.name, "number": kept[0].number, "people": list(to)}
    leave_errand(
        work, key=f"paper:{occasion}", effect="issue_document", case_id=beside.case_id if beside else None,
        case_number=beside.case_number if beside else "", move_sequence=None, payload=payload,
    )  # fmt: skip
    return kept[0]


def deliver_to_people(work: Work, errand: Errand) -> None:
    """Put a drawn paper into the drawers of the people it was issued to, and tell them."""
    payload = errand.payload
    for person_id in payload["people"]:
        deliver(work, document_id=payload["document_id"], person_id=person_id)
        person, kind = actor_by_id(work, person_id), kind_of(payload["document"])
        facts = {"document_number": payload["number"], "document": kind.title_zh, "document_en": kind.title_en}
        title, body = notice("paper_given", person.language, **facts)
        tell(work, key=errand.key, person_id=person_id, case_id=errand.case_id, message="paper_given", title=title,
             body=body)  # fmt: skip
