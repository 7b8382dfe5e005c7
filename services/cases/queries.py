"""Reads of cases: the work list by role, the page of one case, and what stands in the way of each move."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select

from services.actors import Actor
from services.applications.queries import files_of
from services.assessments.queries import Round, rounds_of
from services.authority.rules import demand, scopes
from services.cases.corrections import Told, told
from services.cases.facts.incubation import still_to_provide
from services.cases.holding import Holding, OtherMove, holding, others
from services.cases.letters import Letters, letters_on
from services.cases.lifting import lifters
from services.cases.lists import CaseLine, demand_seen, line_of, lines, may_see, visible
from services.cases.models import case_materials, cases
from services.cases.objections import ObjectionLine, objections_on
from services.cases.offers import OfferLine, offers
from services.cases.standing import standing_on
from services.cases.turn import MoveLine, Subject, load_subject
from services.database.work import Work
from services.delivery.queries import Delivery, addressed_to, deliveries_of, drawer_of
from services.desk.queries import DeskLine, RequestLine, desk_history, requests_on
from services.donations.queries import offer_of
from services.donations.rules import called
from services.errors import NotFound
from services.funding.queries import AwardLine, Recovery, award_of_instalment, awards_of, recovery_of
from services.funding.queries import award as award_line
from services.issuance.queries import DocumentLine, document_line, documents_of
from services.organizations.queries import at_home_within, leader_phone_of
from services.people.queries import names_of
from services.protection.rules import mask_phone
from services.reviews.queries import reads_file_of
from services.rulesets.commands import rules_of
from statemachines.incubation.verbs import ASSISTED
from statemachines.registry import EDITIONS
from statemachines.roles import ROLES, Role
from statemachines.table import State


@dataclass(frozen=True, slots=True)
class TimelineLine:
    """One taken move as a person reads it."""

    sequence: int
    row: str
    zh: str
    en: str
    source: str
    dest: str
    dest_zh: str
    dest_en: str
    actor: str
    role_zh: str
    role_en: str
    at: datetime
    details: dict[str, Any]
    on_behalf_of: str = ""


@dataclass(frozen=True, slots=True)
class ClockLine:
    """One clock of the case; `provisional` marks a due day in a year whose holidays are not announced yet."""

    key: str
    standing: str
    due_on: date | None
    provisional: bool


@dataclass(frozen=True, slots=True)
class MaterialLine:
    """One material handed in; `file_id` names its file when it came as one."""

    name: str
    provided_on: date
    original: bool
    file_id: str | None = None


@dataclass(frozen=True, slots=True)
class CasePage:
    """Everything one page about a case shows to one person."""

    line: CaseLine
    edition: int
    organization_id: str
    parent_number: str | None
    state: State
    path: tuple[str, ...]
    offers: tuple[OfferLine, ...]
    timeline: tuple[TimelineLine, ...]
    clocks: tuple[ClockLine, ...]
    documents: tuple[DocumentLine, ...]
    awards: tuple[AwardLine, ...]
    instalment_states: dict[str, CaseLine]
    rounds: tuple[Round, ...]
    may_read_scores: bool
    materials: tuple[MaterialLine, ...]
    materials_missing: tuple[str, ...]
    objections: tuple[ObjectionLine, ...]
    corrections: tuple[Told, ...]
    letters: Letters | None
    incubation: dict[str, Any]
    roles: frozenset[Role]
    holding: Holding
    others: tuple[OtherMove, ...]
    requests: tuple[RequestLine, ...]
    desk: tuple[DeskLine, ...]
    leader_phone: str
    """Masked; in full it is revealed for a reason."""
    recovery: Recovery | None
    """The money side of a recovery, on the page of one."""
    served: dict[str, Delivery]
    """Paper to how it was served."""
    assisted: bool
    """Whether the application was entered by the intake clerk for its applicant (代办)."""


def waiting_for(work: Work, actor: Actor, *, limit: int = 200) -> tuple[CaseLine, ...]:
    """待我处理: visible cases whose state waits for a role this person holds, the nearest due day first."""
    demand(actor, "case:list")
    wanted: list[ColumnElement[bool]] = []
    for kind, editions in EDITIONS.items():
        for edition, process in editions.items():
            names = [state.name for state in process.states if actor.roles.intersection(state.waits_for)]
            if names:
                wanted.append(and_(cases.c.kind == kind, cases.c.edition == edition, cases.c.state.in_(names)))
    if not wanted:
        return ()
    statement = (
        lines()
        .where(visible(actor), or_(*wanted))
        .order_by(cases.c.due_on.is_(None), cases.c.due_on, cases.c.moved_at, cases.c.id)
        .limit(limit)
    )
    return tuple(line_of(row) for row in work.connection.execute(statement))


def may_see_all(work: Work, actor: Actor, case_ids: Collection[str]) -> frozenset[str]:
    """Those of the cases that this person may see."""
    statement = select(cases.c.id).where(cases.c.id.in_(case_ids), visible(actor))
    return frozenset(work.connection.execute(statement).scalars())


def case_page(work: Work, actor: Actor, number: str) -> CasePage:
    """The page of one case for one person; NotFound when it does not exist or may not be known to exist."""
    demand(actor, "case:list")
    demand_seen(work, actor, number)
    subject = load_subject(work, number=number)
    row = work.connection.execute(lines().where(cases.c.id == subject.case.id)).one()
    above = subject.case.parent_id
    parent = work.connection.execute(select(cases.c.number).where(cases.c.id == above)).scalar() if above else None
    awards = _awards(work, subject)
    parts = [one.case_id for award in awards for one in award.instalments]
    ids = (subject.case.id, *[award.case_id for award in awards], *parts)
    instalment_rows = work.connection.execute(lines().where(cases.c.id.in_(ids))).all()
    reads_money = bool(scopes(actor, "document:read") - {"seated"})
    reviews_it = Role.REVIEW_MEMBER in actor.roles and reads_file_of(work, actor.id, subject.case.id)
    standing = standing_on(work, actor, subject)
    open_to = offers(work, actor, subject, standing=standing)
    elsewhere = others(subject, standing.every_role)
    asked = {role for move in elsewhere for role in move.by}
    asked |= {role for one in open_to for code in one.reasons for role in lifters(code, by=one.by)}
    works_here = bool(scopes(actor, "desk:work"))
    requests = requests_on(work, subject.case.id) if works_here else ()
    papers = readable(work, actor, documents_of(work, case_ids=ids))
    materials = _materials(work, subject)
    return CasePage(
        line=line_of(row),
        edition=subject.case.edition,
        organization_id=subject.case.organization_id,
        parent_number=parent,
        state=subject.process.state(subject.case.state),
        path=_path(subject),
        offers=open_to,
        timeline=_timeline(work, subject),
        clocks=tuple(
            ClockLine(key, clock.standing, clock.due_on, clock.provisional)
            for key, clock in sorted(subject.clocks.items())
        ),
        documents=papers,
        awards=awards if reads_money else (),
        instalment_states={one.id: line_of(one) for one in instalment_rows},
        rounds=rounds_of(work, subject.case.id),
        may_read_scores=bool(scopes(actor, "assessment:read_scores") - {"seated"}) or reviews_it,
        materials=materials,
        materials_missing=_missing(work, subject, materials),
        objections=objections_on(work, subject.case.id) if "centre" in scopes(actor, "case:list") else (),
        corrections=told(subject),
        letters=letters_on(work, actor, subject) if works_here else None,
        incubation=_incubation(subject),
        roles=standing.every_role,
        holding=holding(work, subject, asked=asked),
        others=elsewhere,
        requests=tuple(one for one in requests if one.standing == "open"),
        desk=desk_history(work, subject.case.id, requests) if works_here else (),
        leader_phone=mask_phone(leader_phone_of(subject.organization)),
        recovery=recovery_of(work, subject.case.id) if subject.case.kind == "recovery" else None,
        served={one.paper.id: one for one in deliveries_of(work, [one.id for one in papers], person_id=actor.id)},
        assisted=any(move.trigger in ASSISTED for move in subject.moves),
    )


def readable(work: Work, actor: Actor, papers: tuple[DocumentLine, ...]) -> tuple[DocumentLine, ...]:
    """Those of the papers this person may read: all for the offices, those of the cases whose decisions one reviews
    for review members, else the ones put into the own drawer. Of those that belong to no case the territory's offices
    read theirs, and what is addressed to an organization at home there: that is theirs to serve.
    """
    reach = scopes(actor, "document:read")
    if "centre" in reach:
        return papers
    own = drawer_of(work, actor)
    if "territory" in reach:
        apart = [paper.id for paper in papers if paper.case_id is None and paper.id not in own]
        if apart:
            own |= addressed_to(work, apart, at_home_within(actor, "document:read"))
        return tuple(paper for paper in papers if paper.case_id or paper.id in own)
    reviewed = {
        one for one in {paper.case_id for paper in papers if paper.case_id}
        if "seated" in reach and reads_file_of(work, actor.id, one)
    }  # fmt: skip
    return tuple(paper for paper in papers if paper.id in own or paper.case_id in reviewed)


def document_for(work: Work, actor: Actor, document_id: str) -> DocumentLine:
    """The paper, if this person may see the case it belongs to (if any) and read it; NotFound otherwise, whichever is
    the reason.
    """
    paper = document_line(work, document_id)
    seen = paper.case_id is None or may_see(work, actor, case_number_of(work, paper.case_id))
    if not seen or not readable(work, actor, (paper,)):
        raise NotFound("document.not_found")
    return paper


def _incubation(subject: Subject) -> dict[str, Any]:
    row = subject.incubation
    return {} if row is None else dict(zip(row._fields, row, strict=True))


def _awards(work: Work, subject: Subject) -> tuple[AwardLine, ...]:
    if subject.case.kind == "incubation":
        return awards_of(work, subject.case.id)
    if subject.case.kind == "instalment":
        return (award_of_instalment(work, subject.case.id),)
    if subject.case.kind == "recovery":
        return (award_line(work, subject.case.parent_id),)
    return (award_line(work, subject.case.id),) if subject.case.kind in ("award", "purchase") else ()


def _path(subject: Subject) -> tuple[str, ...]:
    return (subject.process.initial, *[move.dest for move in subject.moves if move.source != move.dest])


def _timeline(work: Work, subject: Subject) -> tuple[TimelineLine, ...]:
    names = names_of(work, {one for move in subject.moves for one in (move.actor_id, move.for_id) if one})
    if subject.case.kind == "offer":  # a natural person who gives is named to the offices alone, beside the offer
        offer = offer_of(work, subject.case.id)
        names[offer.donor_id] = called(offer.unit_name, anonymous=offer.anonymous)
    labels = {move.code: move for move in subject.process.moves}

    def line(move: MoveLine) -> TimelineLine:
        row, dest, role = labels[move.row], subject.process.state(move.dest), ROLES[Role(move.role)]
        return TimelineLine(
            move.sequence, move.row, row.zh, row.en, move.source, move.dest, dest.zh, dest.en,
            names.get(move.actor_id, "—"), role.zh, role.en, move.at, move.details, names.get(move.for_id or "", ""),
        )  # fmt: skip

    return tuple(line(move) for move in subject.moves)


def _materials(work: Work, subject: Subject) -> tuple[MaterialLine, ...]:
    rows = work.connection.execute(
        select(case_materials).where(case_materials.c.case_id == subject.case.id).order_by(case_materials.c.id)
    )
    files = {name: one.id for name, one in files_of(work, subject.case.id).items()}
    return tuple(MaterialLine(row.name, row.provided_on, row.original, files.get(row.name)) for row in rows)


def _missing(work: Work, subject: Subject, materials: tuple[MaterialLine, ...]) -> tuple[str, ...]:
    if subject.case.kind != "incubation" or subject.case.state not in ("DRAFT", "SUBMITTED", "CORRECTION"):
        return ()
    return still_to_provide(rules_of(work, subject.case.rule_set_id), (one.name for one in materials))


def case_number_of(work: Work, case_id: str) -> str:
    """The number of a case by its id; NotFound when there is none."""
    number = work.connection.execute(select(cases.c.number).where(cases.c.id == case_id)).scalar()
    if number is None:
        raise NotFound("case.not_found")
    return str(number)
