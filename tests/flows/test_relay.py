"""What the relay promises whatever carries the errands: in order, once, and no errand stands in another's way."""

from datetime import timedelta
from typing import Any

import pytest

from documents.glyphs import MissingGlyph
from documents.rendered import OverBudget
from flows.chores import Overdue, close_what_is_overdue
from flows.errands import carry, carry_out, reason_of
from flows.hand import Hand
from flows.relay import MANY, Bundle, DrainReport, InProcess, anything_due, bundled, drain, drain_until_quiet
from services.database.engine import Database
from services.database.points import listen
from services.database.work import reading
from services.errors import Broken, Refused, Unavailable
from services.issuance.commands import Drawn
from services.issuance.queries import DocumentToDraw, documents_of
from services.outbox.commands import claim_errands
from services.outbox.reasons import told
from services.outbox.rules import ATTEMPTS_ALLOWED, Errand, LeaseLost
from tests.database_fixtures import NOW
from tests.flows.ground import LEADER, Ground

MINUTE = timedelta(minutes=1)


def drained(ground: Ground, **changed: Any) -> DrainReport:
    return drain(ground.database, **({"now": NOW, "worker": "one", "through": InProcess()} | changed))


def claimed(ground: Ground, worker: str = "one", **changed: Any) -> tuple[Errand, ...]:
    found: tuple[Errand, ...] = ground.do(lambda work: claim_errands(work, worker=worker, **changed))
    return found


def drawn(_paper: DocumentToDraw) -> Drawn:
    from hashlib import sha256

    return Drawn(b"%PDF-1.7 sample", sha256(b"%PDF-1.7 sample").hexdigest(), 1, "none")


def missing_glyph(_paper: DocumentToDraw) -> Drawn:
    raise MissingGlyph(LEADER, "\U00030ede", "head.addressee")


def over_budget(_paper: DocumentToDraw) -> Drawn:
    raise OverBudget("rows", 2_000)


def away(_paper: DocumentToDraw) -> Drawn:
    raise Unavailable("database.busy")


def test_what_is_due_is_carried_and_done(ground: Ground) -> None:
    errand = ground.leave()
    assert drained(ground) == DrainReport(claimed=1, done=1)
    assert ground.errand(errand).done_at == NOW
    assert len(ground.notices()) == 1


def test_nothing_waits_nothing_is_claimed(ground: Ground) -> None:
    assert not anything_due(ground.database, NOW)
    assert drained(ground) == DrainReport()


def test_what_is_not_yet_due_is_left(ground: Ground) -> None:
    ground.leave(due_at=NOW + MINUTE)
    assert not anything_due(ground.database, NOW)
    assert drained(ground) == DrainReport()


def test_carrying_twice_changes_nothing_the_second_time(ground: Ground) -> None:
    ground.leave()
    (errand,) = claimed(ground)
    carry_out(ground.database, errand, now=NOW)
    told = ground.notices()
    carry_out(ground.database, errand, now=NOW + MINUTE)
    assert ground.notices() == told
    assert ground.errand(errand.id).done_at == NOW


def test_a_paper_is_drawn_filed_delivered_and_told_of(ground: Ground) -> None:
    ground.leave_paper()
    assert drained(ground, render=drawn) == DrainReport(claimed=1, done=1)
    with reading(ground.database, NOW) as work:
        (paper,) = documents_of(work)
    assert (paper.standing, paper.pages) == ("issued", 1)
    assert len(ground.notices()) == 1


def test_a_real_paper_is_a_pdf(small_ground: Ground) -> None:
    small_ground.leave_paper()
    assert drained(small_ground).done == 1


def test_a_paper_that_is_filed_already_is_not_drawn_again(ground: Ground) -> None:
    ground.leave_paper()
    (errand,) = claimed(ground)
    carry_out(ground.database, errand, now=NOW, render=drawn)
    carry_out(ground.database, errand, now=NOW, render=missing_glyph)
    assert len(ground.notices()) == 1


@pytest.mark.parametrize("point", ["paper:before", "paper:after", "commit:before", "commit:after"])
def test_killed_anywhere_and_run_again_it_ends_the_same(ground: Ground, point: str) -> None:
    """Whatever the process did when it died, the lease ends, another worker finishes, and nobody is told twice."""

    class Killed(BaseException):
        pass

    ground.leave_paper()
    (errand,) = claimed(ground)

    def kill(name: str) -> None:
        if name == point:
            raise Killed

    remove = listen(kill)
    try:
        with pytest.raises(Killed):
            carry(ground.database, errand, now=NOW, render=drawn)
    finally:
        remove()
    drained(ground, now=NOW + 30 * MINUTE, render=drawn)
    assert ground.errand(errand.id).done_at is not None
    assert len(ground.notices()) == 1


def _claim_later(ground: Ground) -> tuple[Errand, ...]:
    later = NOW + 10 * MINUTE
    found: tuple[Errand, ...] = ground.do(lambda work: claim_errands(work, worker="two"), now=later)
    return found


def test_a_late_worker_writes_nothing(ground: Ground) -> None:
    """Worker one is slow, its lease ends, worker two claims: what worker one then brings is refused by the fence."""
    ground.leave_paper()
    (old,) = claimed(ground)
    (new,) = _claim_later(ground)
    with pytest.raises(LeaseLost):
        carry_out(ground.database, old, now=NOW, render=drawn)
    assert carry(ground.database, old, now=NOW, render=drawn) == "lost"
    assert carry(ground.database, old, now=NOW, render=away) == "lost"
    assert ground.notices() == []
    assert carry(ground.database, new, now=NOW, render=drawn) == "done"
    assert len(ground.notices()) == 1


def test_poison_is_parked_and_a_hundred_behind_it_go_on(ground: Ground) -> None:
    poison = ground.leave("no_such_effect", position=1)
    others = [ground.leave(position=place) for place in range(2, 102)]
    total = drain_until_quiet(ground.database, now=NOW, through=InProcess())
    assert (total.done, total.parked) == (100, 1)
    assert "no_such_effect" in str(ground.errand(poison).last_reason)
    assert len(ground.notices()) == len(others)


def test_what_no_repetition_heals_is_parked_at_once_with_its_reason(ground: Ground) -> None:
    errand = ground.leave_paper()
    assert drained(ground, render=missing_glyph).parked == 1
    reason = told(ground.errand(errand).last_reason, "zh")
    assert reason.startswith(f"文书不能生成：受文单位“{LEADER}”中的“\U00030ede”（U+30EDE）在所用字体中没有字形。")
    assert "CHUKE_FONT_FOLDER" in reason
    english = told(ground.errand(errand).last_reason, "en")
    assert f'no typeface has "\U00030ede" (U+30EDE) in addressee "{LEADER}"' in english


def test_a_paper_over_its_budget_is_parked_at_once_with_what_to_do_about_it(ground: Ground) -> None:
    errand = ground.leave_paper()
    assert drained(ground, render=over_budget).parked == 1
    assert "表格超过2000行。请把表格分成几份文书" in told(ground.errand(errand).last_reason, "zh")


def test_what_may_heal_waits_longer_each_time_and_is_parked_in_the_end(ground: Ground) -> None:
    errand, now, dues = ground.leave_paper(), NOW, []
    for _ in range(ATTEMPTS_ALLOWED - 1):
        assert drained(ground, now=now, render=away).waiting == 1
        dues.append(ground.errand(errand).due_at - now)
        now = ground.errand(errand).due_at
    assert dues == sorted(dues)
    assert drained(ground, now=now, render=away).parked == 1


def test_an_unknown_error_is_tried_again(ground: Ground) -> None:
    def stumble(_paper: DocumentToDraw) -> Drawn:
        raise ZeroDivisionError

    ground.leave_paper()
    assert drained(ground, render=stumble).waiting == 1


def test_nothing_is_claimed_for_a_carrier_that_is_away(ground: Ground) -> None:
    class Away(InProcess):
        here = False

        def ready(self) -> bool:
            return self.here

    errand, carrier = ground.leave(), Away()
    assert drained(ground, through=carrier) == DrainReport()
    assert ground.errand(errand).attempts == 0
    carrier.here = True
    assert drained(ground, through=carrier).done == 1


def test_what_was_not_begun_is_given_back_without_counting_as_an_attempt(ground: Ground) -> None:
    class Stumbling(InProcess):
        def carry(self, hand: Hand, bundles: tuple[Bundle, ...]) -> None:
            hand.carry(bundles[0].errands[0])
            hand.stop.set()
            super().carry(hand, bundles)

    ids = [ground.leave(position=place) for place in (1, 2, 3)]
    assert drained(ground, through=Stumbling()) == DrainReport(claimed=3, done=1, waiting=2)
    assert sorted(ground.errand(one).attempts for one in ids) == [0, 0, 1]
    assert drain_until_quiet(ground.database, now=NOW, through=InProcess()).done == 2


def test_no_errand_is_begun_late_in_its_lease(ground: Ground) -> None:
    ground.leave()
    (errand,) = claimed(ground)
    hand = Hand(ground.database, (errand,), now=NOW, seconds=-1)
    assert hand.carry(errand) is None
    assert ground.notices() == []


def test_errands_of_a_case_travel_in_the_order_of_the_table(ground: Ground) -> None:
    for move, position in ((2, 1), (1, 10), (1, 2)):
        ground.leave(move=move, key=f"{ground.case_id}:{move}:{position}")
    bundles = bundled(claimed(ground))
    assert [bundle.move_sequence for bundle in bundles] == [1, 2]
    assert [errand.key.rpartition(":")[2] for bundle in bundles for errand in bundle.errands] == ["2", "10", "1"]


def test_many_errands_travel_in_one_bundle(ground: Ground) -> None:
    for place in range(MANY + 1):
        ground.leave(move=place)
    (bundle,) = bundled(claimed(ground))
    assert (bundle.case_number, len(bundle.errands)) == ("", MANY + 1)


def test_reasons_are_of_no_language_and_repeat_no_values() -> None:
    assert reason_of(Refused("case.duties_must_be_separate")) == "case.duties_must_be_separate"
    assert "nobody does this" in reason_of(Broken("nobody does this"))
    assert LEADER not in reason_of(RuntimeError(f"unique constraint\nDETAIL: ({LEADER})"))


def test_a_new_installation_has_no_chore_that_fails(shared_sqlite: Database) -> None:
    """No centre, no rule set, no case: the first minute of its relay finds nothing to do."""
    assert close_what_is_overdue(shared_sqlite, now=NOW) == Overdue(moved=0, reminded=0)
