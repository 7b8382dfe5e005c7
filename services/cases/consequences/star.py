"""What each move of a star case writes beside the state: survey points, result, validity, end and bar."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from services.assessments.form_files import load_form
from services.calendar.rules import months_later
from services.cases.facts.star import FORM, present_round, rated
from services.cases.turn import Turn
from services.errors import Invalid, Refused
from services.stars.commands import amend_rating
from services.stars.queries import rating_of
from services.stars.rules import SURVEY_ITEM, next_check, survey_points, valid_to


def _past(turn: Turn, name: str, label: tuple[str, str]) -> date:
    """A day that was said and has come; Invalid for one still to come."""
    day = date.fromisoformat(turn.details[name])
    if day > turn.work.today:
        raise Invalid("input.out_of_range", field=name, label=label[0], label_en=label[1])
    return day


def keep_recognition(turn: Turn) -> None:
    """The day of filing or registration, as the office read it off the certificate."""
    day = _past(turn, "recognized_on", ("备案（登记）日期", "filed or registered on"))
    amend_rating(turn.work, turn.case.id, recognized_on=day)


def check_visit(turn: Turn) -> None:
    """A visit lies behind; nothing else is kept than what was said with it."""
    _past(turn, "visited_on", ("实地查看日期", "visited on"))


def keep_survey(turn: Turn) -> None:
    """The residents' answers as points of the criterion they feed."""
    _past(turn, "held_on", ("评议日期", "held on"))
    form = load_form(FORM, category=rating_of(turn.work, turn.case.id).category)
    most = next(one.maximum for one in form.criteria if one.id == SURVEY_ITEM)
    points = survey_points(int(turn.details["satisfied"]), int(turn.details["answered"]), most)
    amend_rating(turn.work, turn.case.id, survey_points_hundredths=int(points * 100))


def keep_result(turn: Turn) -> None:
    """Total and stars by the marks and caps of the case's rule set."""
    present = present_round(turn.work, turn.subject)
    if present is None or present.mean is None:
        raise Refused("assessment.sheets_not_locked", case_number=turn.case.number)
    rating = rating_of(turn.work, turn.case.id)
    found = rated(turn.work, turn.subject, present=present, rules=turn.rules, recognized_on=rating.recognized_on)
    amend_rating(
        turn.work, turn.case.id, total_hundredths=int(present.mean * Decimal(100)), stars=found.stars,
        capped_by=list(found.caps),
    )  # fmt: skip


def forget_result(turn: Turn) -> None:
    """An upheld objection takes the result back."""
    amend_rating(turn.work, turn.case.id, total_hundredths=None, stars=None, capped_by=None)


def begin_validity(turn: Turn) -> None:
    """The star holds from the day it is confirmed, for the years of the rule set."""
    last = valid_to(turn.work.today, turn.rules.number("star.valid_years"))
    amend_rating(turn.work, turn.case.id, valid_from=turn.work.today, valid_to=last)


def check_check(turn: Turn) -> None:
    """The yearly check lies behind."""
    _past(turn, "checked_on", ("复查日期", "checked on"))


def lower(turn: Turn) -> None:
    """Fewer stars for what is left of the validity."""
    amend_rating(turn.work, turn.case.id, stars=int(turn.details["stars"]))


def check_returned(turn: Turn) -> None:
    """The old certificate and plaque are back."""
    _past(turn, "returned_on", ("原证书、牌匾交回日期", "returned on"))


def cancel(turn: Turn) -> None:
    """The star ends today and bars new applications for the months of the rule set."""
    months = turn.rules.number("star.barred_months")
    amend_rating(
        turn.work, turn.case.id, ended_on=turn.work.today, ended_as="cancelled",
        barred_to=months_later(turn.work.today, months),
    )  # fmt: skip


def expire(turn: Turn) -> None:
    """The star ended with its last day."""
    amend_rating(turn.work, turn.case.id, ended_on=turn.work.today, ended_as="expired")


BY_TRIGGER: dict[str, Callable[[Turn], None]] = {
    "cancel_star": cancel,
    "confirm_star": begin_validity,
    "downgrade_star": lower,
    "expire_star": expire,
    "find_star_eligible": keep_recognition,
    "pass_star_check": check_check,
    "propose_star": keep_result,
    "record_site_visit": check_visit,
    "record_survey": keep_survey,
    "renew_certificate": check_returned,
    "return_star": forget_result,
}


def dated_limits(turn: Turn) -> dict[str, date | None]:
    """The next yearly check and the last day of the star."""
    rating = rating_of(turn.work, turn.case.id)
    if rating.valid_from is None or rating.valid_to is None:
        return {}
    check = next_check(rating.valid_from, rating.valid_to, turn.work.today)
    return {"star_check": check, "star_validity": rating.valid_to}
