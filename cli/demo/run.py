"""`chuke demo`: plays the city's story and the scripts, compares every figure, and answers whether all agree."""

import logging
import sys
import time
import traceback
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from cli.asking import Plain

DEFAULT_FOLDER = Path("chuke-demo")


def demo(
    *,
    out: Path = DEFAULT_FOLDER,
    carrier: Annotated[
        Literal["prefect", "in-process"], Parameter(show=False, env_var="CHUKE_DEMO_CARRIER")
    ] = "prefect",
    scale: int = 0,
    seed: int = 1,
    plain: Plain = Plain(),
) -> int:
    """在空白库上演示整座城市 · Play the demo city on an empty database and compare every figure.

    With `--scale 20000` no story is played: that many invented cases are loaded, to measure and to rehearse on.

    Parameters
    ----------
    out:
        文书和数据放在哪里 folder for the papers; database and Prefect's files go into its folder `state`.
    carrier:
        由谁办理 who carries what is owed.
    scale:
        不演示，只装入这么多虚构个案 load that many invented cases instead.
    seed:
        虚构个案的随机种子 from which the invented cases are drawn.
    plain:
        通用选项 common options.
    """
    from cli.demo import summary
    from cli.demo.acting import StoryFailed
    from services.errors import ServiceError
    from services.settings import settings

    _quiet_logs()
    out.mkdir(parents=True, exist_ok=True)
    if scale > 0:
        from cli.demo.scale import load_scale

        return load_scale(out, scale=scale, seed=seed, as_json=plain.json)
    home = (out / "state").resolve()
    try:
        report = _play(out, home, carrier)
    except (StoryFailed, ServiceError) as error:
        # Where in the story it was stands in the notes; a developer needs the rest too.
        traceback.print_exception(error)
        return 1
    if plain.json:
        from cli.printing import show_json

        show_json({"sound": report.sound, "report": report})
    else:
        summary.show(report)
        summary.show_sign_in(home, f"http://{settings().host}:{settings().port}")
        print(f"\n{'全部相符 all agree ✓' if report.sound else '有不符之处 not everything agrees ✗'}")
    return 0 if report.sound else 1


def _play(out: Path, home: Path, carrier: Literal["prefect", "in-process"]):
    from cli.demo import figures, scripts, story, summary
    from cli.demo.acting import City, play
    from cli.demo.stage import set_up
    from cli.demo.telling import telling
    from services.audit.commands import seal

    clock = Stopwatch()
    told, scripted = story.steps(), scripts.steps()
    print(f"青檐市 Qingyan · {len(told)} + {len(scripted)} 步 steps · {home}", file=sys.stderr)
    with set_up(home, carrier=carrier) as stage:
        clock.lap("准备 set-up")
        city = City(stage.database, stage.founded, stage.settle, told[0].at)
        with telling(len(told) + len(scripted)) as tell:
            play(city, told, told=tell)
            before = figures.before_scripts(city)
            clock.lap("故事 story")
            play(city, scripted, told=tell)
            clock.lap("脚本 scripts")
        after = figures.after_scripts(city)
        seal(stage.database, city.now, everything=True)
        summary.write_papers(city, out)
        report = summary.gather(city, before=before, after=after, timings=clock.laps, carrier=stage.carrier, folder=out)
        clock.lap("核对 checks")
    clock.total("合计 total")
    return report


class Stopwatch:
    """Seconds of each part of the demo, in order."""

    def __init__(self) -> None:
        self.begun = self.last = time.monotonic()
        self.laps: dict[str, float] = {}

    def lap(self, name: str) -> None:
        """End a part and name it."""
        now = time.monotonic()
        self.laps[name], self.last = now - self.last, now

    def total(self, name: str) -> None:
        """Note the whole time under that name."""
        self.laps[name] = time.monotonic() - self.begun


def _quiet_logs() -> None:
    """Keep the tables readable: of the libraries only warnings, on stderr."""
    import structlog

    from flows.log import to_standard_error

    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        logger_factory=to_standard_error,
    )
