"""Whatever happens in whatever order, a case stays on its table, and two rows of one trigger are never both open."""

import random
from dataclasses import fields
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from statemachines.check import is_open, rival_rows
from statemachines.engine import Decision, Refusal, Standing, decide, offered, separated
from statemachines.registry import CURRENT, EDITIONS
from statemachines.roles import Role
from statemachines.sample_facts import candidates
from statemachines.table import Process

ALL = [
    pytest.param(process, id=f"{kind}-v{edition}") for kind in EDITIONS for edition, process in EDITIONS[kind].items()
]
NATURES = {"unknown", "not_here", "forbidden", "not_yet"}


def _facts(process: Process[Any]) -> st.SearchStrategy[Any]:
    """Any facts: mostly values near the limits a guard may ask for, sometimes any whole number at all."""
    values = candidates(process)
    wide = {
        one.name: st.one_of(st.sampled_from(values[one.name]), st.integers(-10, 10**9))
        if all(type(value) is int for value in values[one.name])
        else st.sampled_from(values[one.name])
        for one in fields(process.facts)
    }
    return st.builds(process.facts, **wide)


@pytest.mark.parametrize("process", ALL)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_two_rows_of_one_trigger_are_never_both_open(process: Process[Any], data: st.DataObject) -> None:
    facts = data.draw(_facts(process))
    for _, one, other in rival_rows(process):
        assert not (is_open(one, facts) and is_open(other, facts))


@pytest.mark.parametrize("process", ALL)
@settings(max_examples=100, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_a_walk_never_leaves_the_table(process: Process[Any], seed: int) -> None:
    """Sixty tries by four persons with chance roles on chance facts; the seed alone is searched, to keep walks long."""
    chance, values = random.Random(seed), candidates(process)
    triggers = [*process.triggers(), "to_GRADUATED", "nonsense"]
    edges = {(source, move.trigger, dest) for source, dest, move in process.edges()}
    state, done = process.initial, {person: frozenset[str]() for person in range(4)}
    for _ in range(60):
        person, roles = chance.randrange(4), frozenset(chance.sample(list(Role), chance.choice((1, 4, 20))))
        facts = process.facts(**{name: chance.choice(tried) for name, tried in values.items()})
        trigger = chance.choice([move.trigger for move in process.exits(state)] * 9 + triggers)
        answer = decide(process, state, trigger, standing=Standing(roles, done[person]), facts=facts)
        if isinstance(answer, Refusal):
            assert answer.nature in NATURES
            assert answer.reasons
            continue
        assert (state, trigger, answer.dest) in edges
        assert roles & set(answer.move.by)
        assert is_open(answer.move, facts)
        if roles != {Role.SYSTEM}:
            assert separated(process, answer.move.duty, done[person])
            done[person] |= {answer.move.duty} - {""}
        state = answer.dest


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_every_answer_is_the_same_when_asked_twice_and_agrees_with_the_offer(data: st.DataObject) -> None:
    process = CURRENT["incubation"]
    state = data.draw(st.sampled_from(process.states)).name
    roles = data.draw(st.frozensets(st.sampled_from(list(Role)), max_size=6))
    facts = data.draw(_facts(process))
    standing = Standing(roles)
    open_rows = {
        offer.move.code for offer in offered(process, state, standing=standing, facts=facts) if not offer.reasons
    }
    taken = set()
    for trigger in process.triggers():
        answer = decide(process, state, trigger, standing=standing, facts=facts)
        assert answer == decide(process, state, trigger, standing=standing, facts=facts)
        if isinstance(answer, Decision):
            taken.add(answer.move.code)
    assert taken == open_rows
