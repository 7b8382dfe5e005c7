"""Prepares what the page of one case shows to one person; decides nothing, only arranges what the services answered."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from markupsafe import Markup

from services.actors import Actor
from services.assessments.queries import Round
from services.authority.rules import scopes
from services.cases.facts.incubation import FORM_OF_STATE
from services.cases.facts.star import FORM, PANEL_STATES
from services.cases.holding import rights
from services.cases.lifting import lifters
from services.cases.offers import OfferLine
from services.cases.panels import READ_DRAWS, DrawPage, draws_of
from services.cases.queries import CasePage, TimelineLine, case_page
from services.cases.releases import PREPARE, may_wait
from services.cases.remarks import side_of, unread_on
from services.cases.starring import shown_on
from services.database.work import Work
from services.issuance.queries import DocumentLine
from services.people.queries import people_holding
from services.stars.rules import GLYPH
from statemachines.diagram import stepper_svg, svg
from statemachines.registry import process_of
from statemachines.roles import ROLES, Role
from statemachines.table import Field, Process
from web.desk_view import desk_context, desk_lines
from web.forms.drawing import Part, draw, known_of, trigger_of
from web.forms.posted import Posted, fresh_request_id
from web.offers_view import gift_view
from web.rendering import headed
from web.review_view import review_context
from web.visitor import Visitor
from web.wording import label, said, say

TOLD = frozenset({
    "answers", "applicant_said", "basis", "cause", "event", "evidence", "expected_to", "facts", "findings",
    "goals", "grounds", "held_on", "items", "measure", "meets_at", "meets_on", "mentor", "mode", "months",
    "needs", "place", "proper_body", "reason", "reason_code", "recusal_due_on", "room", "self_scores",
    "service_plan", "signed_by", "stars", "starts_on", "statement", "summary", "wish",
})  # fmt: skip
"""What an organization or an evaluator reads of what others said with a move; the rest stays within the offices."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a move is closed, as a sentence, and who can lift that (empty: nobody, another way has to be taken)."""

    text: str
    lifted_by: str


@dataclass(frozen=True, slots=True)
class OfferView:
    """One move with its form drawn; `reasons` are sentences, empty when the move is open."""

    trigger: str
    name: str
    open: bool
    reasons: tuple[Reason, ...]
    parts: tuple[Part, ...]
    unfolded: bool
    verb: str
    waits: bool
    """Whether this person may prepare it, to be made known with other results."""


@dataclass(frozen=True, slots=True)
class TimelineView:
    """One taken move with what was said with it, as (field, value) pairs that this person may read."""

    line: TimelineLine
    details: tuple[tuple[Field, Any], ...]
    moved: bool


@dataclass(frozen=True, slots=True)
class RoundView:
    """One round as this person may know it: seats only for those who run it, scores only when it is over."""

    round: Round
    locked: int
    seated: int
    shows_seats: bool
    shows_scores: bool
    own_seat: bool

    @property
    def wants_extra(self) -> bool:
        """Whether an arbitration may still ask one more evaluator."""
        return not any(seat.part == "extra" for seat in self.round.sitting)


def case_context(
    visitor: Visitor, number: str, *, done: str = "", refused: tuple[str, ...] = (), trigger: str = "",
    posted: Posted | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Everything the template of a case needs; NotFound when the person may not know of the case."""
    actor = visitor.person
    with visitor.reading() as work:
        page = case_page(work, actor, number)
        appoints = bool(scopes(actor, "assessment:appoint"))
        panel_form = _panel_form(page) if appoints else ""
        evaluators = people_holding(work, Role.EVALUATOR) if appoints else ()
        draws = _draws(work, actor, number) if page.rounds else {}
        star = shown_on(work, actor, case_id=page.line.id, state=page.line.state) if page.line.kind == "star" else None
        offer = gift_view(work, actor, page, inside=_is_inside(page))
        messages = unread_on(work, actor, case_id=page.line.id, roles=page.roles)
        reviewing = review_context(visitor, work, page)
    process = process_of(page.line.kind, page.edition)
    offers = _offers(page, visitor, trigger, posted)
    return {
        "page": page,
        "done": done,
        "refused": refused,
        "unknown_trigger": bool(trigger) and all(one.trigger != trigger for one in offers),
        "open_offers": [one for one in offers if one.open],
        "closed_offers": [one for one in offers if not one.open],
        "timeline": _timeline(page),
        "rounds": [_round(page, one, visitor) for one in page.rounds],
        "panel_form": panel_form,
        "star": star,
        "offer": offer,
        "glyph": GLYPH,
        "evaluators": evaluators,
        "draws": draws,
        "messages": messages,
        "reads_versions": bool(side_of(page.roles)),
        "usernames": {one.id: one.username for one in evaluators},
        "form_request_id": fresh_request_id(),
        "overdue": _days_over(page.line.due_on, visitor.today),
        "provisional": any(one.provisional and one.due_on == page.line.due_on for one in page.clocks),
        "stepper": _stepper(process, page.line.state, page.path, visitor.lang),
        "drawing": _drawing(process, page.line.state, page.path, visitor.lang),
        "held_by": _people(page, page.holding.roles, visitor.lang),
        "inside": _is_inside(page),
        "other_moves": [(headed(label(one, visitor.lang)), _people(page, one.by, visitor.lang)) for one in page.others],
        "rights": [(label(ROLES[role], visitor.lang), scope) for role, scope in rights(page.roles)],
        "provides": _provides(page),
        "gives_report": _gives_report(page),
        **reviewing,
        **desk_context(visitor, page, offers),
    }


def _draws(work: Work, actor: Actor, number: str) -> dict[str, list[DrawPage]]:
    """By round, how its people were found; nothing for who may not read draws."""
    found: dict[str, list[DrawPage]] = {}
    for one in draws_of(work, actor, number) if scopes(actor, READ_DRAWS) else ():
        found.setdefault(one.assessment_id, []).append(one)
    return found


# Cases walk few different paths; a drawing depends on nothing else and is the dearest part of the page.
@lru_cache(maxsize=512)
def _stepper(process: Process[Any], current: str, path: tuple[str, ...], lang: str) -> Markup:
    return Markup(stepper_svg(process, current=current, path=path, lang=lang))


@lru_cache(maxsize=512)
def _drawing(process: Process[Any], current: str, path: tuple[str, ...], lang: str) -> Markup:
    return Markup(svg(process, path=path, current=current, lang=lang))


def _days_over(due_on: date | None, today: date) -> int:
    return (today - due_on).days if due_on is not None and due_on < today else 0


def _provides(page: CasePage) -> bool:
    return bool(page.materials_missing) and bool(page.roles & {Role.APPLICANT, Role.INTAKE_CLERK})


def _gives_report(page: CasePage) -> bool:
    waited_for = page.line.state in ("INCUBATING", "MIDTERM_REVIEW") and not page.incubation.get("midterm_report_on")
    return waited_for and Role.APPLICANT in page.roles


def _offers(page: CasePage, visitor: Visitor, trigger: str, posted: Posted | None) -> list[OfferView]:
    lang = visitor.lang
    missing = ("、" if lang == "zh" else ", ").join(page.materials_missing)
    facts = {"case_number": page.line.number, "state": label(page.state, lang), "missing": missing}
    prepares = bool(scopes(visitor.person, PREPARE))

    def view(offer: OfferLine) -> OfferView:
        mine = offer.trigger == trigger
        parts = draw(offer.form, known=known_of(page, offer.trigger), posted=posted if mine else None, lang=lang)
        reasons = tuple(
            Reason(said(code, lang, **facts, **offer.words), _people(page, lifters(code, by=offer.by), lang))
            for code in offer.reasons
        )
        waits = prepares and may_wait(page.line.kind, page.edition, offer.trigger)
        name = headed(label(offer, lang))
        return OfferView(offer.trigger, name, not offer.reasons, reasons, parts, mine, offer.verb, waits)

    # Who may sit on a review is ticked among the candidates beside it, not typed.
    return [view(offer) for offer in page.offers if offer.trigger != "form_panel" or offer.reasons or posted]


def _is_inside(page: CasePage) -> bool:
    """Whether the person looks from within the offices: those see who, the others see which role."""
    return bool(page.roles - {Role.APPLICANT, Role.EVALUATOR, Role.COMMITTEE_LIAISON})


def _people(page: CasePage, roles: tuple[Role, ...], lang: str) -> str:
    """The roles in words, each with who holds it for this case where the reader may know."""
    told = []
    for role in roles:
        names = page.holding.names.get(role, ()) if _is_inside(page) else ()
        name = say("case.by_itself", lang) if role is Role.SYSTEM else label(ROLES[role], lang)
        told.append(name + (f"（{'、'.join(names)}）" if lang == "zh" else f" ({', '.join(names)})") * bool(names))
    return headed(("、" if lang == "zh" else ", ").join(told))


def timeline_context(visitor: Visitor, number: str) -> dict[str, Any]:
    """Everything the printed file of a case needs; NotFound when the person may not know of the case."""
    with visitor.reading() as work:
        page = case_page(work, visitor.person, number)
    papers: dict[int, list[DocumentLine]] = {}
    for paper in page.documents:
        if paper.case_id == page.line.id and paper.move_sequence is not None:
            papers.setdefault(paper.move_sequence, []).append(paper)
    return {"page": page, "timeline": _timeline(page)[::-1], "papers": papers}


def _timeline(page: CasePage) -> list[TimelineView]:
    process = process_of(page.line.kind, page.edition)
    inside = _is_inside(page)
    found = []
    for line in reversed(page.timeline):
        moved = line.source != line.dest
        form = process.forms.get(trigger_of(page, line), ())
        pairs = tuple(
            (field, line.details[field.name])
            for field in form
            if line.details.get(field.name) not in (None, "", [])
            and (inside or (field.name in TOLD and (moved or "申请人" in line.role_zh)))
        )
        found.append(TimelineView(line, pairs, moved))
    found += [TimelineView(line, (), moved=False) for line in desk_lines(page)]
    return sorted(found, key=lambda one: one.line.at, reverse=True)


def _round(page: CasePage, one: Round, visitor: Visitor) -> RoundView:
    sitting = one.sitting
    actor = visitor.person
    runs = bool(scopes(actor, "assessment:appoint")) or page.may_read_scores
    return RoundView(
        one,
        locked=sum(seat.locked_at is not None for seat in sitting),
        seated=len(sitting),
        shows_seats=runs,
        shows_scores=page.may_read_scores and one.concluded_at is not None,
        own_seat=any(seat.person_id == actor.id for seat in sitting),
    )


_FORMS = {"incubation": FORM_OF_STATE, "star": dict.fromkeys(PANEL_STATES, FORM)}
"""Kind of case to the form that is scored in each of its states."""


def _panel_form(page: CasePage) -> str:
    """The form for which a panel may be appointed now; empty when none is."""
    form = _FORMS.get(page.line.kind, {}).get(page.line.state, "")
    running = any(one.form == form and one.concluded_at is None for one in page.rounds)
    return form if form and not running else ""
