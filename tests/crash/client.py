"""A client that survives its own crash: it writes down what it sends before sending, and the answer after the reply."""

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from cli.bench.city import City, actors
from flows.errands import Render, carry
from services.audit.commands import seal
from services.cases.advance import AdvanceCase, Advanced
from services.cases.commands import advance_case
from services.cases.models import cases
from services.cases.timers import leave_reminders, pull_timers
from services.database.engine import Database
from services.database.work import reading, run
from services.organizations.models import payee_accounts
from services.outbox.commands import claim_errands
from tests.database.office import GRACE

LEASE_SECONDS = 300


class Journal:
    """Lines on disk; a killed process leaves every finished line behind."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def lines(self) -> list[dict[str, Any]]:
        if not self.path.exists():
            return []
        return [json.loads(line) for line in self.path.read_text(encoding="utf-8").splitlines() if line.endswith("}")]

    def write(self, **values: Any) -> None:
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(values, ensure_ascii=False, default=str) + "\n")

    def last(self, key: str) -> Any:
        return next((line[key] for line in reversed(self.lines()) if key in line), None)


class Client:
    """What a step has at hand. `attempt` counts the starts of the process: each is minutes after the one before."""

    def __init__(
        self,
        database: Database,
        city: City,
        *,
        step: str,
        now: datetime,
        journal: Journal,
        render: Render,
        attempt: int = 0,
    ) -> None:
        self.database, self.city, self.step, self.journal, self.render = database, city, step, journal, render
        # Later than a lease lasts: what the crashed process held may be taken again.
        self.now = now + attempt * timedelta(seconds=2 * LEASE_SECONDS)
        self.people = actors(database, now=self.now, organizations_count=len(city.organization_ids))

    def move(
        self, who: str, number: str, trigger: str, *, seen: int | None = None, again: str = "", **details: Any
    ) -> Advanced:
        """Send the move under the step's request id, and note the answer."""
        request_id = f"{self.step}{again}"
        self.journal.write(sent=request_id)
        advanced = advance_case(
            self.database, self.people[who], AdvanceCase(number, trigger, seen, details, request_id), now=self.now
        )
        self.journal.write(acknowledged=request_id, answer=asdict(advanced))
        return advanced

    def tick(self) -> None:
        """What the timer process does once."""
        pull_timers(self.database, now=self.now)
        run(self.database, self.now, leave_reminders)

    def drain(self) -> None:
        """Carry out everything that is due, with one worker, until nothing is left; then seal the audit log."""
        later = self.now + GRACE
        while True:
            claimed = run(
                self.database, later,
                lambda work: claim_errands(work, worker="crash", limit=5, lease_seconds=LEASE_SECONDS),
            )  # fmt: skip
            if not claimed:
                break
            for errand in claimed:
                outcome = carry(self.database, errand, now=later, render=self.render)
                if outcome != "done":
                    self.journal.write(errand=errand.key, effect=errand.effect, outcome=outcome)
        seal(self.database, self.now)

    def remembered(self, name: str, ask: Callable[[], Any]) -> Any:
        """What the page showed when the person clicked: asked once, kept over a crash."""
        known = self.journal.last(name)
        if known is None:
            known = ask()
            self.journal.write(**{name: known})
        return known

    def version(self, number: str) -> int:
        with reading(self.database, self.now) as work:
            return int(work.connection.execute(select(cases.c.version).where(cases.c.number == number)).scalar_one())

    def case_exists(self, number: str) -> bool:
        with reading(self.database, self.now) as work:
            return work.connection.execute(select(cases.c.id).where(cases.c.number == number)).first() is not None

    def account_id(self) -> str | None:
        with reading(self.database, self.now) as work:
            return work.connection.execute(select(payee_accounts.c.id)).scalar()
