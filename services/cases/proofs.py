"""送达回证: the numbered form that is taken along when a paper is served in person, to be signed and brought back."""

from typing import Any

from sqlalchemy import Row, select

from documents.context import Head
from documents.kinds.proof_of_service import KIND, ProofOfService, ServedPaper
from documents.registry import kind_of
from services.cases.models import cases
from services.cases.occasions import BesideCase, issue_on
from services.cases.papers.parts import verify_url
from services.database.work import Work
from services.delivery.queries import Delivery
from services.delivery.rules import Way
from services.issuance.commands import Numbered
from services.issuance.queries import issued_on
from services.organizations.models import centres, organizations
from services.organizations.queries import CentreLine
from services.settings import settings


def issue_proof(work: Work, found: Delivery, *, try_id: str, way: Way) -> str:
    """Number a proof of service for this try, filed with the case of the paper; answers its id."""
    case = _case(work, found)
    centre = _centre(work, case)
    organization = work.connection.execute(
        select(organizations.c.name, organizations.c.leader_name).where(organizations.c.id == found.organization_id)
    ).one()

    def build(number: Numbered) -> Any:
        return ProofOfService(
            head=_head(work, centre, number, found, case_number=case.number if case else ""),
            papers=(ServedPaper(
                code=found.paper.code, title=kind_of(found.paper.kind).title_zh, number=found.paper.number,
                pages=found.paper.pages or 0,
            ),),
            recipient=organization.name, contact_person=organization.leader_name or "", place=way.place,
        )  # fmt: skip

    beside = None
    if case is not None:
        beside = BesideCase(case.id, case.number, found.organization_id)
    occasion = f"proof:{try_id}"
    line = CentreLine(
        centre.id, centre.name, centre.division_code, centre.places, centre.number_prefix, centre.bureau_prefix,
        centre.case_prefix,
    )  # fmt: skip
    issue_on(
        work, occasion=occasion, kind=KIND, centre=line, build=build, beside=beside,
        organization_id=found.organization_id,
    )  # fmt: skip
    issued = issued_on(work, occasion)
    assert issued is not None  # issued in this very transaction
    return issued.id


def _case(work: Work, found: Delivery) -> Any:
    """The case the paper belongs to (id, number, centre_id); None for a paper apart."""
    if found.paper.case_id is None:
        return None
    asked = select(cases.c.id, cases.c.number, cases.c.centre_id).where(cases.c.id == found.paper.case_id)
    return work.connection.execute(asked).one()


def _centre(work: Work, case: Any) -> Row[Any]:
    """The centre of the case; where the paper belongs to none, the first there is."""
    asked = select(centres).order_by(centres.c.name, centres.c.id).limit(1)
    return work.connection.execute(asked if case is None else asked.where(centres.c.id == case.centre_id)).one()


def _head(work: Work, centre: Row[Any], number: Numbered, found: Delivery, *, case_number: str) -> Head:
    return Head(
        issuer_name=centre.name, document_title=KIND.title_zh, number=number.number, addressee=found.organization,
        case_number=case_number, organization_name=found.organization, issued_on=work.today, contact=centre.contact,
        phone=centre.phone, verify_code=number.printed_code, verify_url=verify_url(number.printed_code),
        seal=settings().seal_on(signed=KIND.is_sealed, parties=KIND.two_parties),
    )  # fmt: skip
