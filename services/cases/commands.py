"""Writes of cases as people ask for them: each in its own unit of work, each refusal noted in the audit log."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import insert, select, update

from services.actors import Actor
from services.assessments import commands as assessments
from services.assessments.commands import PanelMember
from services.assessments.form_files import scored_keys
from services.assessments.queries import Round, round_by_id
from services.authority.rules import demand
from services.cases import opening
from services.cases.advance import AdvanceCase, Advanced, advance
from services.cases.award_results import FORM_OF_STATE as AWARD_FORMS
from services.cases.details import check_details
from services.cases.facts.incubation import FORM_OF_STATE
from services.cases.models import case_materials, incubations
from services.cases.noting import acted as _acted
from services.cases.noting import noted as _noted
from services.cases.panels import (
    acted_on,
    demand_reason,
    draw_lots,
    keep_draw,
    keep_one,
    named_person,
    one_more,
    refuse_former,
)
from services.cases.standing import standing_on
from services.cases.starring import points_given
from services.cases.turn import Subject, load_subject
from services.database.base import new_id
from services.database.engine import Database
from services.database.work import Work, reading, run
from services.errors import Forbidden, Invalid, Refused
from services.evaluators.acts import write_tie
from services.rulesets.commands import rules_of
from statemachines.roles import Role
from statemachines.table import Field

ResultT = TypeVar("ResultT")

MIDTERM_REPORT = (
    Field("activities", "integer", "活动次数", "activities", required=False),
    Field("beneficiaries", "integer", "受益人次", "beneficiaries", required=False),
    Field("spend_fen", "amount", "支出金额（元）", "spent (yuan)", required=False),
    Field("summary", "long_text", "工作小结", "summary", required=False),
    Field("satisfaction", "text", "满意度", "satisfaction", required=False),
)


def advance_case(
    database: Database, actor: Actor, command: AdvanceCase, *, now: datetime, note_refusal: bool = True
) -> Advanced:
    """Move a case through the one door; a refusal is noted in the case's audit trail before it is raised again."""

    def unit(work: Work) -> Advanced:
        return advance(work, actor, command)

    return _noted(
        database, actor, unit, now=now, number=command.case_number, action=f"case:move:{command.trigger}",
        request_id=command.request_id, note=note_refusal,
    )  # fmt: skip


def open_incubation(
    database: Database, actor: Actor, *, organization_id: str, centre_id: str, plan: str = "", now: datetime
) -> opening.Opened:
    """Open a draft application. Forbidden unless the actor acts for the organization or takes applications in."""

    def unit(work: Work) -> opening.Opened:
        scopes = demand(actor, "case:open")
        own = any(grant.organization_id == organization_id for grant in actor.grants)
        if "centre" not in scopes and not own:
            raise Forbidden("access.forbidden", action="case:open")
        return opening.open_incubation(
            work, actor=actor, organization_id=organization_id, centre_id=centre_id, plan=plan
        )

    return run(database, now, unit)


def open_award(database: Database, actor: Actor, new: opening.NewAward, *, now: datetime) -> opening.Opened:
    """Open a draft award application; the same people as for an incubation."""

    def unit(work: Work) -> opening.Opened:
        scopes = demand(actor, "case:open")
        own = any(grant.organization_id == new.organization_id for grant in actor.grants)
        if "centre" not in scopes and not own:
            raise Forbidden("access.forbidden", action="case:open")
        return opening.open_award(work, actor=actor, new=new)

    return run(database, now, unit)


def provide_materials(
    database: Database, actor: Actor, *, number: str, names: Sequence[str], original: bool = False, now: datetime
) -> None:
    """Note materials as handed in; those already there stay. Forbidden for anyone but applicant and intake clerk."""

    def unit(work: Work) -> None:
        subject = load_subject(work, number=number, lock=True)
        roles = standing_on(work, actor, subject).every_role
        if not roles & {Role.APPLICANT, Role.INTAKE_CLERK}:
            raise Forbidden("case.role_missing", case_number=number)
        present = {
            row.name
            for row in work.connection.execute(
                select(case_materials.c.name).where(case_materials.c.case_id == subject.case.id)
            )
        }
        for name in names:
            if not name.strip() or len(name) > 60:
                raise Invalid("input.out_of_range", field="names", label="材料名称", label_en="name of the material")
            if name not in present:
                work.connection.execute(
                    insert(case_materials).values(
                        id=new_id(), case_id=subject.case.id, name=name.strip(), provided_on=work.today, copies=1,
                        original=original,
                    )
                )  # fmt: skip
        _acted(work, actor, subject, "case:provide_materials", {"names": list(names)})

    _noted(database, actor, unit, now=now, number=number, action="case:provide_materials")


def give_midterm_report(
    database: Database, actor: Actor, *, number: str, report: dict[str, Any] | None = None, now: datetime
) -> None:
    """The organization's own midterm report came in; late or none counts as failed.

    `report` may hold activities, beneficiaries, spend_fen (integers), summary and satisfaction (texts).
    """
    told = check_details(MIDTERM_REPORT, report or {})

    def unit(work: Work) -> None:
        subject = load_subject(work, number=number, lock=True)
        if Role.APPLICANT not in standing_on(work, actor, subject).roles:
            raise Forbidden("case.role_missing", case_number=number)
        work.connection.execute(
            update(incubations)
            .where(incubations.c.case_id == subject.case.id)
            .values(midterm_report_on=work.today, midterm_report=told)
        )
        _acted(work, actor, subject, "case:give_midterm_report", {})

    _noted(database, actor, unit, now=now, number=number, action="case:give_midterm_report")


# Assessments on a case -----------------------------------------------------------------------------


def appoint_panel(
    database: Database, actor: Actor, *, number: str, form: str, usernames: Sequence[str] = (), lead: str = "",
    by_hand: str = "", seed: str = "", now: datetime,
) -> str:  # fmt: skip
    """Appoint the panel of a round; answers the assessment's id. Without names the panel is drawn by lot.

    Refuses an unknown form (Invalid), fewer than the minimum, people with a conflict, and people who manage, decide or
    applied on this case; names typed by hand say why while there is a pool (assessment.by_hand_reason_missing). A
    round whose scoring has already been called for opens at once. `seed`: see `draw_lots`.
    """

    def unit(work: Work) -> str:
        demand(actor, "assessment:appoint")
        if form not in scored_keys():
            raise Invalid("input.not_a_choice", field="form", label="评审表", label_en="form")
        subject = load_subject(work, number=number, lock=True)
        barred = acted_on(subject) | {actor.id}
        minimum, size = (rules_of(work, subject.case.rule_set_id).number(f"panel.{key}") for key in ("minimum", "size"))
        told = demand_reason(work, by_hand) if usernames else ""
        lots = None
        if not usernames:
            lots = draw_lots(work, subject, barred=barred, wanted=size, minimum=minimum, lead=True, seed=seed)
        people = lots.drawn.panel if lots else tuple(named_person(work, username) for username in usernames)
        leading = lots.drawn.lead if lots else named_person(work, lead or usernames[0])
        if len(set(people)) < minimum:
            raise Refused("assessment.panel_too_small", minimum=minimum)
        refuse_former(work, subject, people)
        identity = assessments.appoint_panel(
            work, case_id=subject.case.id, organization_id=subject.case.organization_id, form=form, excluded=barred,
            members=[PanelMember(one, "lead" if one == leading else "member") for one in people],
            category=subject.organization.category,
        )  # fmt: skip
        if _called_for(subject, form):
            assessments.open_round(work, case_id=subject.case.id, form=form)
        found_by = keep_draw(
            work, actor, subject, assessment_id=identity, purpose="panel", lots=lots, by_hand=told, people=people
        )
        _acted(work, actor, subject, "assessment:appoint", {"form": form, "panel": list(usernames), **found_by})
        return identity

    return _noted(database, actor, unit, now=now, number=number, action="assessment:appoint")


def _called_for(subject: Subject, form: str) -> bool:
    if subject.case.kind == "star":
        return subject.case.state == "SURVEYED"
    if subject.case.kind == "award":
        return AWARD_FORMS.get(subject.case.state) == form
    return (
        subject.case.state.endswith("_REVIEW")
        and subject.case.state != "PRELIM_REVIEW"
        and FORM_OF_STATE.get(subject.case.state) == form
    )


def _on_round(
    database: Database, actor: Actor, unit: Callable[[Work], ResultT], *, assessment_id: str, action: str, now: datetime
) -> ResultT:
    """Run one act on a round; a refusal is noted in the trail of its case."""
    with reading(database, now) as work:
        case_id = round_by_id(work, assessment_id).case_id
        number = load_subject(work, case_id=case_id).case.number
    return _noted(database, actor, unit, now=now, number=number, action=action, spared=(Invalid,))


def replace_evaluator(
    database: Database, actor: Actor, *, assessment_id: str, leaving: str, coming: str = "", by_hand: str = "",
    seed: str = "", now: datetime,
) -> None:  # fmt: skip
    """Seat a reserve in place of a recused evaluator, by lot when nobody is named; refusals as for the panel."""

    def unit(work: Work) -> None:
        demand(actor, "assessment:appoint")
        present = round_by_id(work, assessment_id)
        subject = load_subject(work, case_id=present.case_id, lock=True)
        found = one_more(work, actor, subject, present, named=named_person(work, coming) if coming else "",
                         by_hand=by_hand, seed=seed)  # fmt: skip
        refuse_former(work, subject, (found.person,))
        assessments.replace_evaluator(
            work, assessment_id=assessment_id, leaving_id=named_person(work, leaving), coming_id=found.person,
            organization_id=subject.case.organization_id, excluded=acted_on(subject) | {actor.id},
        )  # fmt: skip
        kept = keep_one(work, actor, subject, found, assessment_id=assessment_id, purpose="replacement")
        _acted(work, actor, subject, "assessment:replace", {"leaving": leaving, "coming": coming, **kept})

    _on_round(database, actor, unit, assessment_id=assessment_id, action="assessment:replace", now=now)


def add_extra_evaluator(
    database: Database, actor: Actor, *, assessment_id: str, username: str = "", minutes: str, by_hand: str = "",
    seed: str = "", now: datetime,
) -> None:  # fmt: skip
    """Arbitration: record the panel's discussion and seat one more evaluator, by lot when nobody is named."""

    def unit(work: Work) -> None:
        demand(actor, "assessment:appoint")
        present = round_by_id(work, assessment_id)
        subject = load_subject(work, case_id=present.case_id, lock=True)
        found = one_more(work, actor, subject, present, named=named_person(work, username) if username else "",
                         by_hand=by_hand, seed=seed)  # fmt: skip
        refuse_former(work, subject, (found.person,))
        assessments.add_extra_evaluator(
            work, assessment_id=assessment_id, person_id=found.person, minutes=minutes,
            organization_id=subject.case.organization_id, excluded=acted_on(subject) | {actor.id},
        )  # fmt: skip
        kept = keep_one(work, actor, subject, found, assessment_id=assessment_id, purpose="extra")
        _acted(work, actor, subject, "assessment:arbitrate", {"extra": username, **kept})

    _on_round(database, actor, unit, assessment_id=assessment_id, action="assessment:arbitrate", now=now)


def declare_interest(
    database: Database, actor: Actor, *, assessment_id: str, conflict: bool, situations: Sequence[str] = (),
    note: str = "", now: datetime,
) -> None:  # fmt: skip
    """The evaluator's own declaration, before anything is scored."""

    def unit(work: Work) -> None:
        subject = load_subject(work, case_id=round_by_id(work, assessment_id).case_id, lock=True)
        assessments.declare_interest(
            work, actor=actor, assessment_id=assessment_id, conflict=conflict, situations=situations, note=note
        )
        if conflict:
            write_tie(
                work, actor, kind="declared", source="回避声明", held_to=work.today, person_id=actor.id,
                organization_id=subject.case.organization_id,
            )  # fmt: skip
        _acted(
            work, actor, subject, "assessment:declare_interest",
            {"conflict": conflict, "situations": list(situations)},
        )  # fmt: skip

    _on_round(database, actor, unit, assessment_id=assessment_id, action="assessment:declare_interest", now=now)


def save_sheet(
    database: Database, actor: Actor, *, assessment_id: str, items: dict[str, Any], comments: dict[str, str],
    veto: Sequence[str] = (), now: datetime,
) -> None:  # fmt: skip
    """Keep the evaluator's draft; points that others gave (the residents' of a star) stand in it whatever was typed."""

    def unit(work: Work) -> None:
        demand(actor, "assessment:score")
        subject = load_subject(work, case_id=round_by_id(work, assessment_id).case_id)
        given = items | points_given(work, subject)
        assessments.save_sheet(
            work, actor=actor, assessment_id=assessment_id, items=given, comments=comments, veto=veto
        )

    run(database, now, unit)


def lock_sheet(database: Database, actor: Actor, *, assessment_id: str, now: datetime) -> Round:
    """Lock the own sheet; the last one concludes the round. A person with a conflicting duty is refused."""

    def unit(work: Work) -> Round:
        demand(actor, "assessment:score")
        subject = load_subject(work, case_id=round_by_id(work, assessment_id).case_id, lock=True)
        if actor.id in acted_on(subject):
            raise Forbidden("case.duties_must_be_separate", case_number=subject.case.number)
        rules = rules_of(work, subject.case.rule_set_id)
        present = assessments.lock_sheet(work, actor=actor, assessment_id=assessment_id, rules=rules)
        _acted(work, actor, subject, "assessment:lock_sheet", {"form": present.form, "round": present.number})
        return replace(present, seats=())

    return _on_round(database, actor, unit, assessment_id=assessment_id, action="assessment:lock_sheet", now=now)
