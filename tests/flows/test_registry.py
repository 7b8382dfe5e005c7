"""Every effect a table names has its flow, every flow its effect, and parameters are ids and numbers only."""

import inspect

import pytest

import statemachines.table as table
from flows.registry import TASKS, task_of
from statemachines.table import Effect


def owed() -> set[str]:
    """Every effect that is not booked inside the move, and what calendar, subscribers, objections and accounts owe."""
    kinds = (one for one in vars(table).values() if inspect.isclass(one) and issubclass(one, Effect))
    return {kind.name for kind in kinds if kind is not Effect and not kind.inside} | {
        "remind", "deliver_webhook", "follow_account_change", "send_mail", "send_payments", "tell_of_objection"
    }  # fmt: skip


def test_every_effect_has_its_flow_and_every_flow_its_effect() -> None:
    assert set(TASKS) == owed()


@pytest.mark.parametrize("effect", sorted(TASKS))
def test_the_flow_named_by_the_registry_exists_and_retries_nothing(effect: str) -> None:
    task = task_of(effect)
    assert (task.retries, task.persist_result) == (0, False)
    assert task.task_run_name == "{case_number} " + task.name


@pytest.mark.parametrize("effect", sorted(TASKS))
def test_a_task_takes_nothing_personal(effect: str) -> None:
    assert list(inspect.signature(task_of(effect).fn).parameters) == ["errand_id", "case_number"]


def test_an_effect_nobody_knows_has_a_task_that_parks_it() -> None:
    assert task_of("left_by_a_newer_edition").name == "unknown_errand"
