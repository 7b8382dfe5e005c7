"""Which flow file carries which effect: the one list, total over what the process tables owe the world."""

from importlib import import_module
from typing import Any

TASKS: dict[str, str] = {
    "cancel_unpaid": "flows.hold_instalments:cancel_unpaid",
    "carry_out_review": "flows.carry_out_review:carry_out_review",
    "deliver_webhook": "flows.deliver_webhook:deliver_webhook",
    "follow_account_change": "flows.hold_instalments:follow_account_change",
    "hold_payments": "flows.hold_instalments:hold_payments",
    "issue_document": "flows.issue_document:issue_document",
    "lift_hold": "flows.hold_instalments:lift_hold",
    "open_assessment": "flows.open_assessment:open_assessment",
    "open_recovery": "flows.hold_instalments:open_recovery",
    "release_instalment": "flows.release_instalment:release_instalment",
    "remind": "flows.chase:chase",
    "send_payments": "flows.send_payments:send_payments",
    "send_mail": "flows.send_mail:send_mail",
    "send_notice": "flows.send_notice:send_notice",
    "tell_of_objection": "flows.send_notice:send_notice",
}
"""Effect to the Prefect task that carries it, by module and name, so that this file is read without Prefect.

`remind` is owed by the calendar, `tell_of_objection` by an objection, `follow_account_change` by a payee account that
was replaced, `deliver_webhook` to subscribers, `send_mail` by notices, `send_payments` by a released batch, all others
by the tables."""


def task_of(effect: str) -> Any:
    """The Prefect task that carries the effect; an effect nobody knows goes to a task that parks it with its reason."""
    module, _, name = TASKS.get(effect, "flows.unknown_errand:unknown_errand").partition(":")
    return getattr(import_module(module), name)
