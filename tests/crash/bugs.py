"""Weakened variants of the product, one classic mistake each; put in place inside a child process only."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flows import errands as carrying
from services.cases import advance as advancing
from services.cases import commands, effects, noting
from services.cases import errands as performing
from services.database.work import Work, unit_of_work
from services.database.work import run as sound_run
from services.funding import commands as funding
from services.issuance import commands as issuing
from services.outbox import commands as outbox
from services.people import acts as office
from tests.crash import client

Unit = Callable[[Work], Any]


def _in_a_second_transaction(module: Any, name: str) -> None:
    """What `module.name` writes is written after the commit, in a transaction of its own."""
    sound = getattr(module, name)
    waiting: list[dict[str, Any]] = []

    def later(_work: Work, **values: Any) -> None:
        waiting.append(values)

    def run(database: Any, now: Any, unit: Unit, **options: Any) -> Any:
        waiting.clear()
        result = sound_run(database, now, unit, **options)
        if waiting:
            with unit_of_work(database, now) as work:
                for values in waiting:
                    sound(work, **values)
        return result

    setattr(module, name, later)
    commands.run = noting.run = office.run = run
    carrying.run = run


def repayment_booked_after_commit() -> None:
    """That a recovery was repaid is written down in one transaction, its entry in the book in the next."""
    _in_a_second_transaction(effects, "book_recovery")


def reversal_told_after_commit() -> None:
    """The book is corrected in one transaction, the case that has to follow is told in the next."""
    _in_a_second_transaction(funding, "leave_errand")


def errands_after_commit() -> None:
    """The errands of a move are left in a second transaction."""
    _in_a_second_transaction(effects, "leave_errand")


def audit_after_commit() -> None:
    """The audit entry of a move is written in a second transaction."""
    _in_a_second_transaction(advancing, "record")


def done_before_doing() -> None:
    """An errand is booked as done first, and carried out afterwards."""
    sound = carrying.carry_out

    def carry_out(database: Any, errand: Any, **options: Any) -> None:
        sound_run(database, options["now"], lambda work: outbox.finish_errand(work, errand.id, fence=errand.fence))
        sound(database, errand, **options)

    performing.finish_errand = lambda *given, **named: None
    carrying.finish_errand = lambda *given, **named: None
    carrying.carry_out = carry_out


def done_before_the_paper_is_stored() -> None:
    """The errand of a paper is booked as done in one transaction, its bytes are stored in the next."""
    sound = performing.file_paper

    def carry_out(database: Any, errand: Any, *, now: Any, render: Any) -> None:
        if errand.effect != "issue_document":
            sound_run(database, now, lambda work: performing.perform(work, errand))
            return
        drawn = render(sound_run(database, now, lambda work: performing.paper_to_draw(work, errand)))
        sound_run(database, now, lambda work: outbox.finish_errand(work, errand.id, fence=errand.fence))
        sound_run(database, now, lambda work: sound(work, errand, drawn))

    carrying.carry_out = carry_out


def number_in_its_own_transaction() -> None:
    """Numbers of papers are taken and committed before the unit of work that uses them."""
    sound = issuing.next_number
    taken: list[int] = []
    asked: list[str] = []

    def ahead(work: Work, series: str) -> int:
        if taken:
            return taken.pop(0)
        asked.append(series)
        return sound(work, series)

    def run(database: Any, now: Any, unit: Unit, **options: Any) -> Any:
        asked.clear()
        try:
            with unit_of_work(database, now) as work:
                unit(work)
                raise _Rehearsed
        except _Rehearsed:
            series = tuple(asked)
        if series:
            with unit_of_work(database, now) as work:
                taken[:] = [sound(work, one) for one in series]
        return sound_run(database, now, unit, **options)

    issuing.next_number = ahead
    commands.run = noting.run = run


class _Rehearsed(Exception):
    """Undoes the run that only found out which numbers will be asked for."""


def stale_clicks_accepted() -> None:
    """The version the page showed is not compared."""
    sound = advancing.advance

    def advance(work: Work, actor: Any, command: Any) -> Any:
        return sound(work, actor, replace(command, seen_version=None))

    commands.advance = advance


def lease_without_end() -> None:
    """What a crashed worker held is held for ever."""
    sound = client.claim_errands

    def claim(work: Work, **options: Any) -> Any:
        return sound(work, **{**options, "lease_seconds": 10 * 365 * 24 * 3600})

    client.claim_errands = claim


def random_ledger_key() -> None:
    """An entry is posted under a key that nobody could find again."""
    from services.database.base import new_id

    sound = funding.post

    def post(work: Work, **values: Any) -> str:
        return sound(work, **{**values, "key": f"{values['key']}:{new_id()}"})

    funding.post = post


def request_ids_forgotten() -> None:
    """A repeated request is carried out again instead of being answered as before."""
    advancing._answered = lambda *given: None


def fence_ignored() -> None:
    """A worker whose lease another one has taken over may still book what it did."""
    sound_finish, sound_fail = outbox.finish_errand, outbox.fail_errand

    def newest(work: Work, errand_id: str) -> int:
        return int(outbox._found(work, errand_id).fence)

    def finish(work: Work, errand_id: str, *, fence: int) -> None:
        sound_finish(work, errand_id, fence=newest(work, errand_id))

    def fail(work: Work, errand_id: str, *, fence: int, **options: Any) -> Any:
        return sound_fail(work, errand_id, fence=newest(work, errand_id), **options)

    performing.finish_errand = finish
    carrying.finish_errand = finish
    carrying.fail_errand = fail
