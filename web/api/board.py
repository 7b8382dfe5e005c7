"""The board in figures: where cases stand, how long stages take, what is overdue, who carries how much."""

from datetime import date, datetime

from fastapi import APIRouter, Depends

from services.reports.queries import Load as LoadLine
from services.reports.queries import board
from web.interface.shapes import Reply
from web.visitor import Visitor, visiting
from web.wording import label

router = APIRouter(prefix="/api/v1", tags=["board"])


class StateFigure(Reply):
    """Cases that stand in a state."""

    state: str
    label: str
    cases: int
    overdue: int


class StageFigure(Reply):
    """Cases that stand in a stage, state by state."""

    stage: str
    cases: int
    states: list[StateFigure]


class Milestone(Reply):
    """How many of the cases opened in the period ever came into the state."""

    state: str
    label: str
    cases: int


class Cycle(Reply):
    """Working days that cases spent in a stage they left since that day: half and nine tenths ended within."""

    stage: str
    since: date
    cases: int
    measured: int
    median: int | None
    p90: int | None


class Load(Reply):
    """What lies with one person."""

    person_id: str
    name: str
    cases: int
    overdue: int


class Places(Reply):
    """A centre's places and how many are taken."""

    centre_id: str
    centre: str
    places: int
    taken: int


class Satisfaction(Reply):
    """How organizations rated a part of the service since that day: how many gave each level, 5 the best."""

    topic: str
    since: date
    given: int
    content_percent: int | None
    levels: dict[str, int]


class BoardFigures(Reply):
    """The figures as they stand at one instant, of the cases this person may see."""

    as_of: datetime
    open: int
    overdue: int
    unmanaged: int
    stages: list[StageFigure]
    funnel_since: date
    funnel: list[Milestone]
    cycles: list[Cycle]
    managers: list[Load]
    evaluators: list[Load]
    places: list[Places]
    ratings: list[Satisfaction]


@router.get("/board", summary="The figures of the board")
def figures(visitor: Visitor = Depends(visiting)) -> BoardFigures:
    """Computed anew from the cases."""
    with visitor.reading() as work:
        found = board(work, visitor.person)
    lang = visitor.lang
    return BoardFigures(
        as_of=found.as_of, open=found.open, overdue=found.overdue, unmanaged=found.unmanaged,
        stages=[
            StageFigure(stage=stage.stage, cases=stage.cases, states=[
                StateFigure(state=one.state.name, label=label(one.state, lang), cases=one.cases, overdue=one.overdue)
                for one in stage.states
            ])
            for stage in found.stages
        ],
        funnel_since=found.funnel_since,
        funnel=[Milestone(state=one.state.name, label=label(one.state, lang), cases=one.cases) for one in found.funnel],
        cycles=[
            Cycle(stage=one.stage, since=one.since, cases=one.cases, measured=one.days.number, median=one.days.median,
                  p90=one.days.p90)
            for one in found.cycles
        ],
        managers=[_carried(one) for one in found.managers], evaluators=[_carried(one) for one in found.evaluators],
        places=[
            Places(centre_id=one.centre_id, centre=one.centre, places=one.places, taken=one.taken)
            for one in found.places
        ],
        ratings=[
            Satisfaction(
                topic=one.topic, since=found.funnel_since, given=one.given, content_percent=one.content_percent,
                levels={str(level): number for level, number in one.levels.items()},
            )
            for one in found.ratings
        ],
    )  # fmt: skip


def _carried(one: LoadLine) -> Load:
    return Load(person_id=one.person_id, name=one.name, cases=one.cases, overdue=one.overdue)
