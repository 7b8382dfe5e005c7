"""Concludes a round: reckons its outcome from the locked sheets, the decided vetoes and the committee's vote."""

from collections.abc import Mapping
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from sqlalchemy import select, update

from services.assessments.committee import ABSENT, Meeting, meeting_of
from services.assessments.explaining import explain
from services.assessments.form_files import from_json
from services.assessments.models import assessments, score_sheets, seats
from services.assessments.queries import Round, round_by_id
from services.assessments.rules import Band, Marks, Outcome, PanelLimits, VetoFindings, decided_band, decisive, outcome
from services.assessments.vetoes import decided_vetoes, open_findings
from services.database.work import Work
from services.evaluators.petitions import open_petitions
from services.messages import sentence
from services.rulesets.rules import Rules

BANDS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "admission": (("pass", "pass"), ("conditional", "floor")),
    "midterm": (("pass", "pass"), ("conditional", "floor")),
    "graduation": (("excellent", "excellent"), ("good", "good"), ("pass", "pass"), ("conditional", "floor")),
    "star": (("five", "five"), ("four", "four"), ("three", "three"), ("two", "two"), ("one", "one")),
    "award": (("pass", "pass"),),
    "acceptance": (("good", "good"), ("pass", "pass")),
}
"""The bands of each form from the best down, and the number of the rule set (`score.<form>_…`) each begins at."""


def marks_of(form: str, rules: Rules) -> Marks:
    """The marks and bands of a form by that rule set; a star rating passes with its lowest star."""
    bands = [Band(band, rules.mark(f"score.{form}_{key}")) for band, key in BANDS[form]]
    found = {band.key: band.minimum for band in bands}
    floor, lowest = found.pop("conditional", None), "one" if form == "star" else "pass"
    return Marks(found[lowest], floor, (*bands, Band("fail", Decimal(0))))


def choices_of(form: str) -> frozenset[str]:
    """What a committee may vote for on that form: between pass and fail only where the form knows something."""
    between = {"conditional"} if any(band == "conditional" for band, _ in BANDS[form]) else set()
    return frozenset({"pass", "fail", ABSENT} | between)


def conclude(work: Work, present: Round, rules: Rules) -> Round:
    """Reckon the outcome once every sheet of those who sit is locked, and again whenever something was decided since.

    Nothing happens while a sheet is open, a petition for recusal is unruled, or fewer are locked than a panel needs.
    What led to the extra evaluator stays beside the outcome, and so does the committee's vote, which decides over the
    points but never over a veto.
    """
    if any(seat.locked_at is None for seat in present.sitting) or open_petitions(work, present.id):
        return present
    if len(present.sitting) < rules.number("panel.minimum"):
        return present
    open_findings(work, present.id, _claims(work, present))
    result = _reckoned(work, present, rules)
    meeting = meeting_of(work, present.id)
    kept = plain(asdict(result)) | _arbitrated(present) | _voted(result, meeting)
    work.connection.execute(
        update(assessments)
        .where(assessments.c.id == present.id)
        .values(
            concluded_at=work.now,
            outcome=kept,
            mean_hundredths=int(result.mean * 100),
            arbitration_open=bool(result.arbitration_reasons) and meeting is None,
        )
    )
    return round_by_id(work, present.id)


def _reckoned(work: Work, present: Round, rules: Rules, *, without: str = "") -> Outcome:
    """The outcome of the locked sheets of those who sit, but for the seat that is to be left aside."""
    counted = [seat for seat in present.sitting if seat.seat_id != without and seat.total is not None]
    confirmed, refuted = decided_vetoes(work, present.id)
    claims = _claims(work, present, without=without)
    return outcome(
        [seat.total for seat in counted if seat.total is not None],
        marks=marks_of(present.form, rules),
        limits=PanelLimits(minimum_sheets=rules.number("panel.minimum"), drop_extremes_from=rules.number("panel.size")),
        vetoes=VetoFindings(claims, confirmed if not without else confirmed.intersection(claims), refuted),
        after_extra_sheet=any(seat.part == "extra" for seat in counted),
    )


def outcome_without(work: Work, present: Round, rules: Rules, seat_id: str) -> dict[str, Any] | None:
    """What the sheets of the others would have come to; None while they are fewer than a panel needs, or not locked."""
    others = [seat for seat in present.sitting if seat.seat_id != seat_id]
    if any(seat.locked_at is None for seat in others) or len(others) < rules.number("panel.minimum"):
        return None
    return dict(plain(asdict(_reckoned(work, present, rules, without=seat_id))))


def _claims(work: Work, present: Round, *, without: str = "") -> dict[str, int]:
    """How many of those who sit claim each veto; the sheet of a vacated seat claims nothing."""
    claims: dict[str, int] = {}
    rows = work.connection.execute(
        select(score_sheets.c.veto)
        .join(seats, seats.c.id == score_sheets.c.seat_id)
        .where(
            score_sheets.c.assessment_id == present.id, seats.c.vacated_at.is_(None),
            score_sheets.c.locked_at.is_not(None), *((seats.c.id != without,) if without else ()),
        )
    )  # fmt: skip
    for row in rows:
        for veto in row.veto:
            claims[veto] = claims.get(veto, 0) + 1
    return claims


def _arbitrated(present: Round) -> dict[str, Any]:
    """What led to the extra evaluator: the first reasons and the minutes of the panel's discussion."""
    before = present.outcome or {}
    if "minutes" not in before:
        return {}
    return {"minutes": before["minutes"], "first_reasons": before.get("first_reasons") or before["arbitration_reasons"]}


def _voted(result: Outcome, meeting: Meeting | None) -> dict[str, Any]:
    if meeting is None:
        return {}
    said = {
        "held_on": meeting.held_on.isoformat(), "members": len(meeting.votes), "votes": meeting.count,
        "result": meeting.result,
    }  # fmt: skip
    if result.vetoed:
        return {"committee": said}
    band = decided_band(result.band, meeting.result)
    passed, conditional = band not in ("conditional", "fail"), band == "conditional"
    return {"committee": said, "band": band, "passed": passed, "conditional": conditional}


def decisive_mean(present: Round, rules: Rules) -> Decimal | None:
    """The points that later steps compare with the marks: the mean, unless the committee voted on the round."""
    said = (present.outcome or {}).get("committee")
    if said is None or present.mean is None:
        return present.mean
    marks = marks_of(present.form, rules)
    floor = marks.pass_mark if marks.conditional_mark is None else marks.conditional_mark
    return decisive(present.mean, chosen=said["result"], pass_mark=marks.pass_mark, floor=floor)


def confirmed_vetoes(present: Round) -> tuple[str, ...]:
    """The vetoes that fail the round, in Chinese as a paper prints them."""
    labels = veto_labels(present.form_copy)
    found = (present.outcome or {}).get("vetoes") or {}
    return tuple(labels.get(veto, (veto, veto))[0] for veto in found.get("confirmed", ()))


def explanation(present: Round, lang: str) -> tuple[str, ...]:
    """How the round's outcome came about, line by line in that language; empty while there is none."""
    lines = explain(present.outcome or {}, veto_labels(present.form_copy))
    return tuple(sentence(line.code, lang, **line.facts) for line in lines)


def veto_labels(form_copy: object) -> dict[str, tuple[str, str]]:
    """What each veto of a round's own form is called, in Chinese and in English."""
    return {one.id: (one.label_zh, one.label_en) for one in from_json(form_copy).vetoes}


def plain(value: Any) -> Any:
    """The value as it is stored: numbers as text, sets and tuples as lists."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, frozenset):
        return sorted(plain(one) for one in value)
    if isinstance(value, (tuple, list)):
        return [plain(one) for one in value]
    return value
