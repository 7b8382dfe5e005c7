"""The smallest city a flow test needs: one centre, one organization with its person, one case, and errands on it."""

from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count
from typing import Any, Literal

from documents.registry import kind_of
from services.actors import Actor
from services.cases.opening import open_incubation
from services.database.engine import Database
from services.database.work import Work, reading, run
from services.issuance.commands import Numbered, decide_document
from services.notices.queries import notices_for
from services.organizations.commands import NewOrganization, add_centre, add_division, enter_organization
from services.outbox.commands import leave_errand
from services.outbox.queries import errands
from services.outbox.rules import Errand
from services.people.commands import add_person, grant_role
from services.people.queries import actor_by_id
from services.rulesets.commands import seed_rule_set
from statemachines.roles import Role
from tests.database_fixtures import NOW

LEADER = "欧阳吉祥"
"""A name that must never be seen outside of our own database."""

_marks = count(1)


@dataclass(frozen=True)
class Ground:
    """A database with a case on it, and short ways to leave errands and to look at them."""

    database: Database
    case_id: str
    number: str
    organization_id: str
    leader: Actor

    def leave(self, effect: str = "send_notice", *, move: int = 1, position: int = 1, **changed: Any) -> str:
        """Leave an errand of a move, by default a notice to the applicant; answers its id."""
        usual: dict[str, Any] = {
            "key": f"{self.case_id}:{move}.{next(_marks)}:{position}",
            "case_id": self.case_id,
            "case_number": self.number,
            "payload": {"message": "application_received", "to": [Role.APPLICANT.value]},
        }
        return self.do(lambda work: leave_errand(work, effect=effect, move_sequence=move, **(usual | changed)))

    def leave_paper(
        self, *, move: int = 1, name: str = "graduation_certificate", seal: Literal["none", "sample"] = "sample"
    ) -> str:
        """Decide a paper on the case and leave the errand that issues it; answers the errand's id."""
        kind = kind_of(name)

        def inputs(number: Numbered) -> Any:
            context, code = kind.sample(), number.printed_code
            head = replace(
                context.head, seal=seal, number=number.number, verify_code=code,
                verify_url=f"https://fuhua.example.cn/verify/{code}",
            )  # fmt: skip
            return replace(context, head=head)

        def decide(work: Work) -> str:
            return decide_document(
                work, kind=kind, prefix="青河孵", certificate_prefix="QH-CQ", case_id=self.case_id, move_sequence=move,
                organization_id=self.organization_id, build=inputs,
            )  # fmt: skip

        document = self.do(decide)
        payload = {"document": name, "document_id": document, "number": "QH-CQ-2026-0001", "to": [Role.APPLICANT.value]}
        return self.leave("issue_document", move=move, payload=payload)

    def errand(self, errand_id: str) -> Errand:
        """The errand as it stands."""
        with reading(self.database, NOW) as work:
            (found,) = (one for one in errands(work, standing="all", limit=10_000) if one.id == errand_id)
            return found

    def notices(self) -> list[str]:
        """The titles of what the leader was told."""
        with reading(self.database, NOW) as work:
            return [one.title for one in notices_for(work, self.leader.id, limit=10_000)]

    def do(self, unit: Any, *, now: datetime = NOW) -> Any:
        """Run a unit of work."""
        return run(self.database, now, unit)


def build(database: Database) -> Ground:
    """Build the ground in an empty, migrated database."""

    def unit(work: Work) -> tuple[str, str, str, Actor]:
        seed_rule_set(work)
        add_division(work, code="220000", name="吉林省", level="county", kind="county", parent_code=None)
        centre_id = add_centre(
            work, name="青河社会组织孵化中心", number_prefix="青河孵", bureau_prefix="青河民", case_prefix="QYFH",
            division_code="220000", places=20, contact="孵化中心", phone="0430-0000000",
        )  # fmt: skip
        new = NewOrganization("星火社区养老服务队", "none", "FILED", "SERVICE", "elderly", "220000", LEADER)
        organization_id = enter_organization(work, new)
        person = add_person(work, username="leader", name=LEADER)
        grant_role(work, person, Role.APPLICANT, valid_from=NOW.date(), organization_id=organization_id)
        leader = actor_by_id(work, person)
        opened = open_incubation(work, actor=leader, organization_id=organization_id, centre_id=centre_id)
        return opened.id, opened.number, organization_id, leader

    return Ground(database, *run(database, NOW, unit))
