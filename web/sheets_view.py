"""Prepares what an evaluator's sheet shows: the declaration, the criteria with their anchors, what is wrong."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from services.assessments.form_files import Form, from_json
from services.assessments.paper_sheets import papers_of
from services.assessments.queries import SheetToScore, sheet_to_score
from services.assessments.rules import AMOUNT, SITUATIONS, TOTAL, SheetFault, sheet_faults, sheet_total
from services.assessments.vetoes import findings_of
from services.cases.seats import case_under, queue_of
from web.forms.posted import Posted
from web.forms.sheets import Typed, marks_of
from web.visitor import Visitor
from web.wording import said, say


@dataclass(frozen=True, slots=True)
class Declared:
    """What was ticked and written in the declaration of interest."""

    answer: str = ""
    situations: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Retry:
    """What a refused form is shown again with."""

    typed: Typed | None = None
    faults: tuple[SheetFault, ...] = ()
    problems: tuple[str, ...] = ()
    declared: Declared = Declared()


@dataclass(frozen=True, slots=True)
class AnchorView:
    """One anchor with its stretch of scores in words; low and high let a script mark the one that applies."""

    low: str
    high: str
    text: str


def declared(form: Posted) -> Declared:
    """The declaration as it was posted."""
    return Declared(form.text("conflict"), form.all("situations"), form.text("note"))


def sheet_context(visitor: Visitor, assessment_id: str, retry: Retry) -> dict[str, Any]:
    """Everything the template of a sheet needs; NotFound when the person holds no seat there.

    Before the declaration nothing of the case is known but whom it is about.
    """
    lang = visitor.lang
    found, form, case, queue = _loaded(visitor, assessment_id)
    with visitor.reading() as work:
        vetoes = findings_of(work, assessment_id) if found.locked_at else ()
        papers = [one for one in papers_of(work, assessment_id) if one.evaluator_id == visitor.person.id]
    at_field: dict[str, list[str]] = {}
    names = {one.id: getattr(one, f"label_{lang}") for one in form.criteria} | {TOTAL: say("sheet.overall", lang)}
    names[AMOUNT] = say("sheet.amount", lang)
    for fault in retry.faults:
        sentence = said(fault.code, lang, item=names.get(fault.criterion, fault.criterion))
        at_field.setdefault(fault.criterion, []).append(sentence)
    return {
        "sheet": found,
        "form": form,
        "case": case,
        "seat": queue.at(assessment_id),
        "queue": queue,
        "following": queue.after(assessment_id),
        "situations": SITUATIONS,
        "declared": retry.declared,
        "typed": retry.typed or _kept(found),
        "anchors": _anchors(form, lang),
        "at_field": at_field,
        "problems": retry.problems,
        "vetoes": vetoes,
        "veto_labels": {one.id: (one.label_zh, one.label_en) for one in form.vetoes},
        "leads": found.part == "lead",
        "confirmable": {one.veto for one in vetoes if one.confirmable_by(visitor.person.id, found.part)},
        "papers": [one for one in papers if one.standing == "waiting"],
    }


def confirm_context(visitor: Visitor, assessment_id: str, typed: Typed, *, further: bool) -> dict[str, Any]:
    """What the page that asks once more needs."""
    found, form, case, _ = _loaded(visitor, assessment_id)
    total = sheet_total(marks_of(typed))
    return {"sheet": found, "form": form, "case": case, "typed": typed, "total": total, "further": further}


def faults_of(context: dict[str, Any]) -> tuple[SheetFault, ...]:
    """What keeps the sheet of that context from being locked."""
    typed: Typed = context["typed"]
    return tuple(sheet_faults(context["form"], marks_of(typed), typed.comments))


def paper_context(visitor: Visitor, assessment_id: str) -> dict[str, Any]:
    """What the printed sheet needs; the total of a draft is that of the scores given so far."""
    found, form, case, queue = _loaded(visitor, assessment_id)
    typed = _kept(found)
    total = found.total if found.locked_at else sheet_total(marks_of(typed)) if typed.items else None
    return {
        "sheet": found, "form": form, "case": case, "typed": typed, "total": total, "seat": queue.at(assessment_id),
        "anchors": _anchors(form, visitor.lang),
    }  # fmt: skip


def _loaded(visitor: Visitor, assessment_id: str) -> tuple[SheetToScore, Form, Any, Any]:
    actor = visitor.person
    with visitor.reading() as work:
        found = sheet_to_score(work, person_id=actor.id, assessment_id=assessment_id)
        case = case_under(work, actor, assessment_id)
        queue = queue_of(work, actor)
    return found, from_json(found.form_copy), case, queue


def _kept(found: SheetToScore) -> Typed:
    return Typed(dict(found.items), dict(found.comments), tuple(found.veto))


def _anchors(form: Form, lang: str) -> dict[str, list[AnchorView]]:
    return {
        one.id: [
            AnchorView(_plain(low), _plain(high), anchor.text_zh if lang == "zh" else anchor.text_en)
            for low, high, anchor in one.stretches()
        ]
        for one in form.criteria
    }


def _plain(points: Decimal) -> str:
    """18, 17.5: as people write half points."""
    return format(points.normalize(), "f")
