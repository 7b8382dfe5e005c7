"""Reads the wish to move a case out of a posted form, wherever the form was drawn."""

from services.cases.advance import AdvanceCase
from statemachines.registry import CURRENT
from web.forms.details import read_details
from web.forms.posted import Posted
from web.requests import request_key
from web.visitor import Visitor


def wish(visitor: Visitor, number: str, trigger: str, form: Posted) -> AdvanceCase:
    """The trigger with what was said with it, the version seen and the form's own number; Invalid without a version."""
    fields = next((one.forms[trigger] for one in CURRENT.values() if trigger in one.forms), ())
    key = request_key(visitor.person, form.text("request_id"))
    return AdvanceCase(number, trigger, form.version(), read_details(fields, form), key)
