"""What most papers need: the head, the remedies, the basis, the panel's sheets and how an organization is known."""

from datetime import date
from decimal import Decimal
from typing import Literal

from documents.context import Basis, Head, Remedy
from documents.format import masked_phone
from documents.kind import Kind
from documents.kinds.correction_notice import CorrectionItem
from documents.parts.blocks import Party
from services.assessments.queries import LockedSheet, Round, SeatLine, latest_round, locked_sheets
from services.cases.turn import Turn
from services.issuance.commands import Numbered
from services.organizations.queries import leader_phone_of
from services.reviews.rules import reviewable
from services.settings import settings
from statemachines.incubation.verbs import HANDED_IN

POLICY = Basis(
    title="吉林省民政厅关于进一步加强社区社会组织建设的指导意见",
    number="吉民发〔2017〕80号",
    article="第三部分第（三）项",
)
Kept = Literal["kept", "dropped_high", "dropped_low"]


def verify_url(code: str) -> str:
    """Where the paper can be checked; the site's address is a setting, the path is ours."""
    return f"{settings().site.rstrip('/')}/verify/{code}"


def head(turn: Turn, kind: Kind, number: Numbered, *, addressee: str | None = None, title: str | None = None) -> Head:
    """The block every paper carries."""
    centre, organization = turn.subject.centre, turn.subject.organization
    return Head(
        issuer_name=centre.name,
        document_title=title or kind.title_zh,
        number=number.number,
        addressee=addressee or organization.name,
        case_number=turn.case.number,
        organization_name=organization.name,
        issued_on=turn.work.today,
        contact=centre.contact,
        phone=centre.phone,
        verify_code=number.printed_code,
        verify_url=verify_url(number.printed_code),
        seal=settings().seal_on(signed=kind.is_sealed, parties=kind.two_parties),
        language=settings().language_of(centre.division_code),
        issuer_name_ko=settings().korean_names.get(centre.name, ""),
    )


def both_parties(turn: Turn) -> tuple[Party, Party]:
    """The centre and the organization as an agreement names them; whoever signs for the centre now leads it there."""
    organization, centre = turn.subject.organization, turn.subject.centre
    identity, identity_number = identity_of(turn)
    known = organization.credit_code or organization.filing_number
    first = Party(name=centre.name, contact=centre.contact, phone=centre.phone, leader=turn.details["signed_by"])
    second = Party(
        name=organization.name,
        identity=identity if known else "none",
        identity_number=identity_number if known else "",
        leader=organization.leader_name,
        phone=masked_phone(leader_phone_of(organization)),
    )
    return first, second


def internal_remedy(turn: Turn) -> Remedy:
    """复核 at the centre: incubation is a service contract, not a licence, so the remedy is the centre's own review.

    Within the days that the one table of what can be complained about gives this move. LookupError for a move that
    nobody can complain about: a paper must not promise what would be refused.
    """
    row = reviewable(turn.case.kind, turn.move.trigger)
    if row is None or row.remedy != "internal":
        raise LookupError(f"no review is open against {turn.move.trigger} of {turn.case.kind}")
    days = turn.rules.limit(row.days)[0]
    return Remedy(kind="internal", body=turn.subject.centre.name, period=f"{days}个工作日")


def applied_on(turn: Turn) -> date:
    """The day of the (last) application: this move itself when it is the application."""
    last = turn.subject.last(*HANDED_IN)
    return last.on_date if last else turn.work.today


def correction_items(turn: Turn) -> tuple[CorrectionItem, ...]:
    """What this move tells to correct; what has arisen since the first list says so."""
    return tuple(
        CorrectionItem(
            field=one["field"],
            how_to_fix=one["how_to_fix"],
            problem=f"{one['problem']}（新出现：{one['why_now']}）" if one.get("why_now") else one["problem"],
        )
        for one in turn.details["items"]
    )


def identity_of(turn: Turn) -> tuple[Literal["uscc", "filing_number"], str]:
    """How the organization is known: by its unified code when registered, else by its filing number."""
    organization = turn.subject.organization
    if organization.credit_code:
        return "uscc", organization.credit_code
    return "filing_number", organization.filing_number or "—"


def round_of(turn: Turn, form: str) -> Round:
    """The latest round of that form on the case; it exists wherever a paper speaks of scores."""
    found = latest_round(turn.work, turn.case.id, form)
    if found is None:
        raise LookupError(f"case {turn.case.number} has no {form} assessment")
    return found


def kept_marks(seats: tuple[SeatLine, ...], dropped: tuple[str, ...]) -> dict[str, Kept]:
    """Seat id to whether its total counted: one lowest and one highest total are set aside, each once."""
    marks: dict[str, Kept] = {seat.seat_id: "kept" for seat in seats}
    if len(dropped) != 2:
        return marks
    scored = [seat for seat in seats if seat.total is not None]
    low = next(seat for seat in scored if seat.total == Decimal(dropped[0]))
    high = next(seat for seat in reversed(scored) if seat.total == Decimal(dropped[1]) and seat is not low)
    marks[low.seat_id], marks[high.seat_id] = "dropped_low", "dropped_high"
    return marks


def sheets_by_seat(turn: Turn, present: Round) -> dict[str, LockedSheet]:
    """Seat id to its locked sheet."""
    return locked_sheets(turn.work, present.id)


def criteria_codes(present: Round) -> list[str]:
    """The criterion ids of the round's own copy of the form, in order."""
    return [str(one["id"]) for one in present.form_copy["criteria"]]
