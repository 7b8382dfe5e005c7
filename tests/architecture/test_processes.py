"""Every edition of every process is sound, and each check of soundness catches the fault it is there for."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest
from transitions import Machine

from statemachines.check import (
    SINGLE_KINDS,
    check_duties,
    check_guards,
    check_process,
    check_separation,
    check_triggers,
    check_verbs,
)
from statemachines.engine import compiled
from statemachines.registry import CURRENT, EDITIONS
from statemachines.roles import Role
from statemachines.separation import MUST_STAY_APART, search
from statemachines.table import (
    Book,
    Effect,
    Field,
    Issue,
    Limit,
    Move,
    OpenAssessment,
    PlanInstalments,
    Process,
    Release,
    State,
    Verb,
)

ALL = [
    pytest.param(process, id=f"{kind}-v{edition}") for kind in EDITIONS for edition, process in EDITIONS[kind].items()
]

# Not yet released: repin on purpose. From the first release on, a digest never changes; a change is a new edition.
DIGESTS = {
    ("award", 1): "91bf5f8fc6bcddc1cbf46ba4604fbbb113b6ad5b4ca89b713df4d5a60f68b5cb",
    ("instalment", 1): "024fbaf19e2bd406431ba57267228d5437a79e6f0fb6d5ddf6f4aa2efb989d09",
    ("offer", 1): "f399f8134e48dbea3baede39bda238263bb9817d60d947f7626b5aa9580eb306",
    ("incubation", 1): "09e7e885490bc01f0926acb9a099c5388faf702329f6ebc50a3662ecf11967f1",
    ("recovery", 1): "ab74818638969d24d7d3b01b48ec1f3a6863f2c8cf874c3da6b7d5bc6b9644e2",
    ("purchase", 1): "5f1a439aee25d0508d77ec8888c6ec546389d1f3ec5f263243ef19b086883a53",
    ("review", 1): "81c1de7368c4f6002c8f166af140f276f2e559ffde2114096ab0c7fb8cfbfa57",
    ("star", 1): "e523a0ec19b3d30e8bfc405541de28619915489678168488d9c724cb43dd837e",
    ("supplier", 1): "57bb1c2e18701e3bb1e4abdbe324d7212e6d166a433625e62c21af6eff0f8a35",
}


@pytest.mark.parametrize("process", ALL)
def test_every_edition_is_sound(process: Process[Any]) -> None:
    assert [finding.sentence_en for finding in check_process(process)] == []


def test_every_kind_has_a_current_edition_among_its_editions() -> None:
    assert EDITIONS.keys() == CURRENT.keys()
    for kind, process in CURRENT.items():
        assert process.kind == kind
        assert EDITIONS[kind][process.edition] is process
        assert all(one.kind == kind and one.edition == edition for edition, one in EDITIONS[kind].items())


@pytest.mark.parametrize("process", ALL)
def test_an_edition_does_not_change_unnoticed(process: Process[Any]) -> None:
    digest = process.digest()
    print(process.kind, process.edition, digest)
    assert digest == DIGESTS[process.kind, process.edition], "repin on purpose, or write a new edition once released"


@pytest.mark.parametrize(
    ("kind", "gathering", "back"),
    [("incubation", "EXPULSION_PENDING", "accept_defence"), ("instalment", "HELD", "lift_hold")],
)
def test_there_is_a_way_back_to_each_place_a_case_was_taken_from(kind: str, gathering: str, back: str) -> None:
    process = CURRENT[kind]
    taken_from = {
        source
        for source, dest, move in process.edges()
        if dest == gathering and source != gathering and move.trigger not in process.by_review
    }
    given_back = {dest for source, dest, move in process.edges() if source == gathering and move.trigger == back}
    assert taken_from == given_back


# ---- separation of duties ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("process", ALL)
def test_no_path_lets_one_person_join_duties_that_must_stay_apart(process: Process[Any]) -> None:
    result = search(process, people=3)
    print(process.kind, "situations visited with 3 persons:", result.visited)
    assert result.breaches == ()
    assert result.visited > 100


PAIRS = [
    pytest.param(kind, pair, id=f"{kind}-{'-'.join(pair)}")
    for kind, process in CURRENT.items()
    for pair in process.conflicts
]


@pytest.mark.parametrize(("kind", "pair"), PAIRS)
def test_each_pair_taken_out_of_the_table_shows_as_a_path(kind: str, pair: tuple[str, str]) -> None:
    whole = CURRENT[kind]
    weak = replace(whole, conflicts=tuple(one for one in whole.conflicts if one != pair))
    result = search(weak, people=1)
    assert [set(breach.pair) for breach in result.breaches] == [set(pair)]
    assert {finding.code for finding in check_separation(weak, result)} == {
        "separation.pair_missing",
        "separation.breached",
    }


def test_a_delegation_counted_for_the_substitute_only_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """Were an act only the substitute's, the absent person could come back and do what must stay apart from it."""
    monkeypatch.setattr("statemachines.separation.counted_for", lambda actor, _absent: (actor,))
    for process in CURRENT.values():
        (breach,) = search(process, people=2, first_only=True).breaches
        assert any(" for person " in step for step in breach.path)


def test_a_delegation_counted_for_the_absent_person_only_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("statemachines.separation.counted_for", lambda actor, absent: (absent or actor,))
    assert all(search(process, people=2, first_only=True).breaches for process in CURRENT.values())


# ---- what may be done for many cases at once ---------------------------------------------------------------------

NEVER_IN_BULK = [
    ("incubation", "open_graduation_review"), ("incubation", "approve_graduation"), ("incubation", "start_midterm"),
    ("incubation", "confirm_graduation"), ("incubation", "check_graduation_file"), ("incubation", "revoke_graduation"),
("incubation", "expel"), ("incubation", "approve_expulsion"),
    ("incubation", "not_accept"), ("incubation", "request_correction"),
    *[(kind, trigger) for kind in SINGLE_KINDS for trigger in CURRENT[kind].triggers()],
]  # fmt: skip


@pytest.mark.parametrize(("kind", "trigger"), NEVER_IN_BULK)
def test_money_scoring_graduation_and_refusals_can_never_be_declared_for_bulk(kind: str, trigger: str) -> None:
    careless = replace(CURRENT[kind], bulk=frozenset({trigger}))
    assert ("bulk.forbidden", trigger) in {(one.code, one.where) for one in check_verbs(careless)}


@pytest.mark.parametrize("effect", [Release(1), Book("pay"), PlanInstalments(), OpenAssessment("midterm")])
def test_a_trigger_that_comes_to_move_money_or_to_open_scoring_leaves_bulk(effect: Effect) -> None:
    whole = CURRENT["incubation"]
    (trigger, *_) = sorted(whole.bulk)
    grown = tuple(replace(one, then=(*one.then, effect)) if one.trigger == trigger else one for one in whole.moves)
    assert [(one.code, one.where) for one in check_verbs(replace(whole, moves=grown))] == [("bulk.forbidden", trigger)]


def test_a_pair_the_list_does_not_know_is_reported() -> None:
    whole = CURRENT["award"]
    odd = replace(whole, conflicts=(*whole.conflicts, ("pay", "apply")))
    assert [one.code for one in check_separation(odd, search(odd, people=1))] == ["separation.pair_unlisted"]


@pytest.mark.parametrize("kind", sorted(CURRENT))
def test_a_duty_blanked_on_any_row_is_caught(kind: str) -> None:
    whole = CURRENT[kind]
    for row in [move for move in whole.moves if move.duty]:
        weak = replace(whole, moves=tuple(replace(one, duty="") if one is row else one for one in whole.moves))
        assert [(one.code, one.where) for one in check_duties(weak)] == [("duty.missing", row.code)]
        assert search(weak, people=1, first_only=True).breaches, f"the search walked past {row.code} without a duty"


def test_a_duty_that_is_not_the_office_s_own_is_caught() -> None:
    weak = _with_row("award", "W05", duty="manage")
    assert [(one.code, one.where) for one in check_duties(weak)] == [("duty.wrong", "W05")]
    assert search(weak, people=1, first_only=True).breaches


def test_a_duty_blanked_on_an_act_is_caught() -> None:
    whole = CURRENT["incubation"]
    weak = replace(whole, acts=tuple(replace(act, duty="") for act in whole.acts))
    assert search(weak, people=1, first_only=True).breaches


def test_one_person_can_never_do_what_two_persons_with_fewer_roles_could_not() -> None:
    """Holding every role covers every sharing-out of roles: fewer roles take fewer steps, so fewer situations."""
    whole = CURRENT["instalment"]
    for role in {role for move in whole.moves for role in move.by} - {Role.SYSTEM}:
        without = tuple(replace(move, by=tuple(one for one in move.by if one is not role)) for move in whole.moves)
        assert search(replace(whole, moves=without), people=2).visited <= search(whole, people=2).visited


def test_every_kind_has_its_own_list_of_pairs() -> None:
    assert MUST_STAY_APART.keys() == CURRENT.keys()


# ---- the planted faults ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LampFacts:
    """The facts of the small process below."""

    today: date
    bulb_in: bool = False
    fuse: int = 0


def bulb_in(facts: LampFacts) -> str | None:
    return None if facts.bulb_in else "lamp.no_bulb"


def bulb_out(facts: LampFacts) -> str | None:
    return "lamp.bulb_in" if facts.bulb_in else None


def always(_facts: LampFacts) -> str | None:
    return None


def never(_facts: LampFacts) -> str | None:
    return "lamp.never"


@dataclass(frozen=True, slots=True)
class Explode(Effect):
    """An effect nobody carries out."""


MAKER, CHECKER = Role.FINANCE_MAKER, Role.FINANCE_CHECKER
LAMP = Process(
    kind="lamp",
    edition=1,
    zh="灯",
    en="lamp",
    initial="DARK",
    states=(
        State("DARK", "灭", "dark", "用", (MAKER,)),
        State("LIT", "亮", "lit", "用", (CHECKER,), (Limit("night", "burn_out"),)),
        State("BROKEN", "坏", "broken", "完", final=True),
    ),
    moves=(
        Move("L1", "switch_on", "开", "switch on", ("DARK",), "LIT", (MAKER,), (bulb_in,), (Issue("slip"),), "make"),
        Move("L2", "switch_off", "关", "switch off", ("LIT",), "DARK", (CHECKER,), (), (), "check"),
        Move("L3", "burn_out", "烧坏", "burn out", ("LIT",), "BROKEN", (Role.SYSTEM,)),
    ),
    facts=LampFacts,
    conflicts=(("make", "check"),),
    forms={"switch_on": (Field("hand", "text", "手", "hand"),)},
    verbs={"switch_on": Verb.AGREE, "switch_off": Verb.ACT, "burn_out": Verb.ACT},
)


def _codes(process: Process[Any]) -> set[str]:
    return {finding.code for finding in check_process(process)}


def _with_row(kind: str, row: str, /, **changes: Any) -> Process[Any]:
    whole = CURRENT.get(kind, LAMP)
    return replace(whole, moves=tuple(replace(one, **changes) if one.code == row else one for one in whole.moves))


def _row(row: str, /, **changes: Any) -> Callable[[], Process[Any]]:
    return lambda: _with_row("lamp", row, **changes)


def _state(name: str, **changes: Any) -> Callable[[], Process[Any]]:
    return lambda: replace(
        LAMP, states=tuple(replace(one, **changes) if one.name == name else one for one in LAMP.states)
    )


def _more(*moves: Move[Any]) -> Callable[[], Process[Any]]:
    return lambda: replace(LAMP, moves=(*LAMP.moves, *moves))


def _island() -> Process[Any]:
    return replace(LAMP, states=(*LAMP.states, State("ISLAND", "岛", "island", "用", goal=True)))


def _form(trigger: str, field: Field) -> Callable[[], Process[Any]]:
    return lambda: replace(LAMP, forms={trigger: (field,)})


PLANTED: dict[str, tuple[str, Callable[[], Process[Any]]]] = {
    "a state nobody can reach": ("state.unreachable", _island),
    "a state without an exit": ("state.exit_missing", _row("L1", sources=("LIT",), dest="LIT")),
    "a state that only leads to itself": ("state.exit_missing", _state("BROKEN", final=False)),
    "a state from which no end can be reached": ("state.dead_end", _row("L3", dest="LIT")),
    "an exit after the end": (
        "state.exit_after_end",
        _more(Move("L4", "mend", "修", "mend", ("BROKEN",), "DARK", (MAKER,), (), (), "make")),
    ),
    "a move to nowhere": ("state.unknown", _row("L1", dest="BRIGHT")),
    "a state without a Chinese label": ("label.missing", _state("LIT", zh="")),
    "a state without an English label": ("label.missing", _state("LIT", en=" ")),
    "a move without a label": ("label.missing", _row("L1", zh="")),
    "a process without a label": ("label.missing", lambda: replace(LAMP, en="")),
    "a state where nobody is waited for": ("state.nobody_waited_for", _state("DARK", waits_for=())),
    "a state that waits for someone who can do nothing": ("state.waits_in_vain", _state("DARK", waits_for=(CHECKER,))),
    "a clock that fires nothing": ("limit.fires_nothing", _state("LIT", limits=(Limit("night", "explode"),))),
    "a clock that fires a person's move": (
        "limit.fires_nothing",
        _state("LIT", limits=(Limit("night", "switch_off"),)),
    ),
    "a clock without a length": ("limit.key_missing", _state("LIT", limits=(Limit("", "burn_out"),))),
    "a move nobody may make": ("move.role_missing", _row("L1", by=())),
    "a code used twice": ("code.used_twice", _row("L2", code="L1")),
    "an effect nobody knows": ("effect.unknown", _row("L1", then=(Explode(),))),
    "a guard that is always open": ("guard.never_closed", _row("L1", when=(always,))),
    "a guard that is never open": ("guard.never_open", _row("L1", when=(never,))),
    "two rows of one trigger that can both be open": (
        "rows.both_open",
        _more(Move("L5", "switch_on", "开", "switch on", ("DARK",), "BROKEN", (MAKER,), (), (), "make")),
    ),
    "a row named like a way past the table": ("trigger.back_door", _row("L1", trigger="to_LIT")),
    "a form for no trigger": ("form.trigger_unknown", _form("dance", Field("hand", "text", "手", "hand"))),
    "a field without a label": ("form.field_wrong", _form("switch_on", Field("hand", "text", "", "hand"))),
    "a field of an unknown kind": ("form.field_wrong", _form("switch_on", Field("hand", "colour", "手", "hand"))),
    "a choice without choices": ("form.field_wrong", _form("switch_on", Field("hand", "choice", "手", "hand"))),
    "a trigger without a verb": ("verb.missing", lambda: replace(LAMP, verbs={})),
    "a verb for no trigger": ("verb.trigger_unknown", lambda: replace(LAMP, verbs={**LAMP.verbs, "dance": Verb.ACT})),
    "a bulk trigger that does not exist": ("bulk.forbidden", lambda: replace(LAMP, bulk=frozenset({"dance"}))),
    "a milestone that is no state": ("milestone.skipped", lambda: replace(LAMP, milestones=("ISLAND",))),
    "a milestone with a way round it": ("milestone.skipped", lambda: replace(LAMP, milestones=("BROKEN", "LIT"))),
    "an exit after the end that somebody could take": (
        "move.review_open_to_others",
        lambda: replace(
            _more(Move("L4", "mend", "修", "mend", ("BROKEN",), "DARK", (MAKER,), (bulb_in,), (), "make"))(),
            verbs={**LAMP.verbs, "mend": Verb.ACT},
            by_review=frozenset({"mend"}),
        ),
    ),
    "a row without a duty": ("duty.missing", _row("L1", duty="")),
}


def test_the_small_process_is_sound_so_that_each_planted_fault_stands_alone() -> None:
    assert _codes(LAMP) == set()


@pytest.mark.parametrize("fault", PLANTED)
def test_a_planted_fault_is_found(fault: str) -> None:
    code, broken = PLANTED[fault]
    assert code in _codes(broken())


def test_two_rows_that_exclude_each_other_are_fine() -> None:
    other = Move("L5", "switch_on", "开", "switch on", ("DARK",), "BROKEN", (MAKER,), (bulb_out,), (), "make")
    assert check_guards(replace(LAMP, moves=(*LAMP.moves, other))) == ()


def test_the_library_s_own_triggers_would_be_found() -> None:
    """Compiled with the library's default, the machine would have a trigger for each state that skips the table."""
    names = [state.name for state in LAMP.states]
    careless = Machine(model=None, states=names, initial="DARK", auto_transitions=True)
    found = check_triggers(LAMP, [*compiled(LAMP).events, *careless.events])
    assert {one.where for one in found if one.code == "trigger.back_door"} == {f"to_{name}" for name in names}


def test_a_row_missing_in_the_machine_would_be_found() -> None:
    events = [event for event in compiled(LAMP).events if event != "burn_out"]
    assert [one.code for one in check_triggers(LAMP, events)] == ["trigger.not_compiled"]


def test_a_finding_speaks_both_languages() -> None:
    (finding,) = check_process(_state("DARK", waits_for=())())
    assert finding.process == "lamp v1"
    assert finding.sentence_zh == "DARK：没有写明等谁办理，也没有期限推动。"
    assert finding.sentence_en == "DARK: nobody is waited for and no clock runs."
