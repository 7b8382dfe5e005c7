"""No assignment ever breaks a conflict rule, over random people and organizations in time; planted bugs are caught.

What must not happen is told once more here, in other words: as ways through a graph, walked on foot.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.evaluators import rules
from services.evaluators.drawing import (
    Asked,
    Candidate,
    TooFewCandidates,
    derived,
    digest,
    draw,
    holds,
    panel_size,
    record,
)
from services.evaluators.rules import BETWEEN_BODIES, DETECTORS, Detector, Known, Mark, Post, Tie, findings

TODAY = date(2026, 11, 23)
PEOPLE = [f"person{number}" for number in range(7)]
BODIES = [f"body{number}" for number in range(3)]
ASSESSED = "body0"
EDGES = [date(2024, 11, 22), date(2024, 11, 23), date(2024, 11, 24), date(2020, 1, 1), TODAY, date(2027, 5, 1)]
ENDS = st.one_of(st.none(), st.sampled_from(EDGES))
PERSONS, ORGANIZATIONS = st.sampled_from(PEOPLE), st.sampled_from(BODIES)
POSTS = st.builds(Post, PERSONS, ORGANIZATIONS, st.sampled_from(["staff", "founder", "donor"]), ENDS)
TO_ONE = st.sampled_from(["founder", "donor", "supplier", "paid", "declared"])
TIES = st.one_of(
    st.builds(Tie, st.just("family"), PERSONS, PERSONS, ENDS),
    st.builds(Tie, TO_ONE, PERSONS, ORGANIZATIONS, ENDS),
    st.builds(Tie, st.sampled_from(sorted(BETWEEN_BODIES)), ORGANIZATIONS, ORGANIZATIONS, ENDS),
)
CONTACTS = st.sampled_from(["phone", "address", "account"])
MARKS = st.builds(Mark, st.sampled_from(PEOPLE + BODIES), CONTACTS, st.sampled_from("123456"), ENDS)
CITIES = st.builds(
    Known, st.just(TODAY), st.lists(POSTS, max_size=5).map(tuple), st.lists(TIES, max_size=5).map(tuple),
    st.lists(MARKS, max_size=6).map(tuple),
)  # fmt: skip
FIELDS = st.lists(st.sampled_from(["SERVICE", "CHARITY"]), max_size=2, unique=True).map(tuple)
SEEDS = st.text("0123456789abcdef", min_size=4, max_size=8)


def lives(until: date | None) -> bool:
    """Not ended, or ended later than the same day two years ago, told by comparing years, months and days."""
    return until is None or (until.year + 2, until.month, until.day) > (TODAY.year, TODAY.month, TODAY.day)


def steps_of(known: Known) -> dict[tuple[str, str], set[str]]:
    """Every single step of the graph that still counts, both ways, with what kinds of steps it is."""
    steps: dict[tuple[str, str], set[str]] = {}
    walked = [
        (one.person, one.organization, "inside") for one in known.posts if one.post == "founder" or lives(one.until)
    ]
    walked += [(one.one, one.other, one.kind) for one in known.ties if one.kind == "founder" or lives(one.until)]
    live = [one for one in known.marks if lives(one.until)]
    pairs = [(one, other) for one in live for other in live if (one.kind, one.mark) == (other.kind, other.mark)]
    walked += [(one.party, other.party, "contact") for one, other in pairs if one.party != other.party]
    for one, other, how in walked:
        steps.setdefault((one, other), set()).add(how)
        steps.setdefault((other, one), set()).add(how)
    return steps


def may_not_assess(known: Known, person: str) -> bool:
    """The oracle: is there any way from the person to the assessed organization that the rules forbid?"""
    steps = steps_of(known)
    over = [(one, steps.get((person, one), set()), steps.get((one, ASSESSED), set())) for one in (*PEOPLE, *BODIES)]
    funded, among_bodies = {"inside", "founder", "donor", "supplier", "paid"}, {"contact", "rival", "supplier", "donor"}
    return (
        (person, ASSESSED) in steps
        or any("family" in first and second & funded for one, first, second in over if one in PEOPLE)
        or any("contact" in first and "inside" in second for one, first, second in over if one in PEOPLE)
        or any("inside" in first and second & among_bodies for one, first, second in over if one in BODIES)
    )


def seated(known: Known, seed: str, detectors: Sequence[Detector] = DETECTORS) -> tuple[str, ...]:
    """The panel that is drawn when everybody stands in the pool; nobody when too few may sit."""
    found = {one: findings(known, person=one, organization=ASSESSED, detectors=detectors) for one in PEOPLE}
    candidates = [Candidate(one, ("SERVICE",), 0, 5, ("conflict",) if found[one] else ()) for one in PEOPLE]
    free = sum(not one.left_out for one in candidates)
    try:
        size = panel_size(5, eligible=free, minimum=3)
    except TooFewCandidates:
        return ()
    return draw(candidates, Asked(seed, size, "SERVICE", TODAY)).panel


@given(CITIES, SEEDS)
@settings(max_examples=600, deadline=None)
def test_no_assignment_ever_breaks_a_conflict_rule(known: Known, seed: str) -> None:
    assert not [one for one in seated(known, seed) if may_not_assess(known, one)]


@given(CITIES)
@settings(max_examples=600, deadline=None)
def test_nobody_is_kept_away_without_a_reason(known: Known) -> None:
    for person in PEOPLE:
        assert bool(findings(known, person=person, organization=ASSESSED)) == may_not_assess(known, person)


def broken_by(detectors: Sequence[Detector]) -> bool:
    """Whether random cities show that these detectors let somebody through."""

    @given(CITIES, SEEDS)
    @settings(
        max_examples=1500, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
    )
    def shown(known: Known, seed: str) -> None:
        assert not [one for one in seated(known, seed, detectors) if may_not_assess(known, one)]

    try:
        shown()
    except AssertionError:
        return True
    return False


@pytest.mark.parametrize("forgotten", DETECTORS, ids=lambda one: one.__name__)
def test_a_forgotten_rule_is_caught(forgotten: Detector) -> None:
    assert broken_by([one for one in DETECTORS if one is not forgotten])


def test_a_boundary_that_is_a_day_too_early_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    right = rules.counts
    monkeypatch.setattr(rules, "counts", lambda until, today: right(until, today + timedelta(days=1)))
    assert broken_by(DETECTORS)


@pytest.mark.parametrize(
    ("left_on", "steps_aside"),
    [(date(2024, 11, 22), False), (date(2024, 11, 23), False), (date(2024, 11, 24), True)],
)
def test_two_years_after_leaving_to_the_day_one_may_sit_again(left_on: date, steps_aside: bool) -> None:
    known = Known(TODAY, posts=(Post("person1", ASSESSED, "staff", left_on),))
    found = findings(known, person="person1", organization=ASSESSED)
    assert [one.kind for one in found] == (["post_before"] if steps_aside else [])


# The draw -----------------------------------------------------------------------------------------

CANDIDATES = st.lists(
    st.builds(
        Candidate, st.sampled_from([f"p{number}" for number in range(30)]), FIELDS, st.integers(0, 4), st.just(5),
        st.one_of(st.just(()), st.just(()), st.just(("full",))),
    ),
    min_size=3, max_size=20, unique_by=lambda one: one.person,
)  # fmt: skip


@given(CANDIDATES, SEEDS, st.randoms(use_true_random=False), st.integers(1, 7))
@settings(max_examples=400, deadline=None)
def test_no_order_of_candidates_changes_the_panel_and_its_record_derives_it(
    candidates: list[Candidate], seed: str, shuffler: object, wanted: int
) -> None:
    free = sum(not one.left_out for one in candidates)
    try:
        size = panel_size(wanted, eligible=free, minimum=3)
    except TooFewCandidates:
        assert free < 3
        return
    asked = Asked(seed, size, "SERVICE", TODAY)
    drawn = draw(candidates, asked)
    turned = list(candidates)
    shuffler.shuffle(turned)  # type: ignore[attr-defined]
    assert draw(turned, asked) == drawn
    kept = record(turned, asked, drawn)
    assert kept == record(candidates, asked, drawn)
    assert derived(kept) == drawn
    assert holds(kept, kept_digest=digest(kept))
    assert len(drawn.panel) == len(set(drawn.panel)) == size
    assert size % 2 == 1
    assert drawn.lead in drawn.panel
    assert not {one.person for one in candidates if one.left_out} & set(drawn.panel)


@given(CANDIDATES, SEEDS)
@settings(max_examples=300, deadline=None)
def test_the_least_loaded_come_first_within_their_field(candidates: list[Candidate], seed: str) -> None:
    able = [one for one in candidates if not one.left_out]
    if len(able) < 3:
        return
    panel = set(draw(candidates, Asked(seed, 3, "SERVICE", TODAY)).panel)
    taken = [one.load for one in able if one.person in panel and "SERVICE" in one.fields]
    passed = [one.load for one in able if one.person not in panel and "SERVICE" in one.fields]
    assert not taken or not passed or max(taken) <= min(passed)
    assert len(taken) >= min(2, sum("SERVICE" in one.fields for one in able))


def test_a_record_that_was_changed_shows() -> None:
    candidates = [Candidate(f"p{number}", ("SERVICE",), 0, 5) for number in range(9)]
    asked = Asked("c0ffee", 5, "SERVICE", TODAY)
    kept = record(candidates, asked, draw(candidates, asked))
    sealed = digest(kept)
    other = next(one.person for one in candidates if one.person not in kept["panel"])
    assert not holds(kept | {"panel": [other, *kept["panel"][1:]]}, kept_digest=sealed)
    assert not holds(kept | {"seed": "c0ffe1"}, kept_digest=sealed)


@pytest.mark.parametrize(("wanted", "eligible", "size"), [(5, 9, 5), (5, 4, 3), (4, 9, 3), (1, 9, 3), (7, 6, 5)])
def test_panels_are_odd_and_never_smaller_than_three(wanted: int, eligible: int, size: int) -> None:
    assert panel_size(wanted, eligible=eligible, minimum=3) == size


def test_two_are_too_few_to_draw_from() -> None:
    with pytest.raises(TooFewCandidates):
        panel_size(5, eligible=2, minimum=3)
