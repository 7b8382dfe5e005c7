"""How deliveries are read from a form and shown: the way that is set out on, its result, and the words of each."""

from datetime import datetime, time

from services.database.work import OFFICE_TIME
from services.delivery.rules import Result, Way
from services.errors import Invalid
from web.forms.posted import Posted

DAY, HOUR = ("日期", "day"), ("时间", "time")


def way_of(form: Posted) -> Way:
    """How the office sets out to serve, as it was typed."""
    begun_on = form.optional_day("begun_on", DAY)
    return Way(form.text("mode"), form.text("place"), form.text("tracking"), form.text("reason"), begun_on)


def result_of(form: Posted) -> Result:
    """What came of it, as it was typed; Invalid without a day and for a time that is none."""
    witnesses = tuple(one for one in (form.text("witness_one"), form.text("witness_two")) if one)
    at = moment_of(form.day("day", DAY).isoformat(), form.text("time"))
    return Result(
        form.text("outcome"), at, form.text("receiver"), form.text("relation"), form.text("refusal"), witnesses
    )


def moment_of(day: str, hour: str) -> datetime:
    """The instant of a day and an hour as the office's clock showed it; without an hour, noon."""
    try:
        at = time.fromisoformat(hour) if hour else time(12)
        told = datetime.combine(datetime.fromisoformat(day).date(), at.replace(tzinfo=None))
    except ValueError:
        raise Invalid("input.not_a_date", field="time", label=HOUR[0], label_en=HOUR[1]) from None
    return told.replace(tzinfo=OFFICE_TIME)
