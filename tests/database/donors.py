"""An office that takes donations: a federation, a donor unit, a resident who gives, and short ways through a gift."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import update

from services.cases.advance import Advanced
from services.cases.donating import post_offer
from services.database.engine import Database
from services.database.work import Work, run
from services.donations.commands import NewOffer
from services.funding.commands import open_budget_line, open_program
from services.organizations.models import organizations
from services.people.commands import add_person, grant_role
from services.people.queries import actor_named
from statemachines.roles import Role
from tests.database.office import Office, open_office

TABLES = NewOffer(
    kind="goods", title="折叠桌", quantity=20, unit="张", purpose="社区长者食堂用餐和议事活动",
    open_until=date(2026, 6, 30), value_fen=360_000, proof="购货发票，单价180.00元",
    unit_name="青檐市河湾区望河商贸有限公司",
)  # fmt: skip
MONEY = replace(TABLES, kind="money", title="助老资金", value_fen=500_000, proof="", unit="")
DELIVERED = {"delivered_on": "2026-03-02", "quantity": "20", "received_by": "周暖", "condition": "完好"}


class DonorOffice:
    """The office with a registered federation (organization 2), a donor unit's person and a resident who gives."""

    def __init__(self, office: Office) -> None:
        self.office = office

        def unit(work: Work) -> None:
            for username in ("donor", "resident"):
                person = add_person(work, username=username, name=f"捐赠人{username}")
                grant_role(work, person, Role.DONOR, valid_from=date(2020, 1, 1))
            change = update(organizations)
            hub = {"category": "SUPPORT_HUB", "legal_status": "REGISTERED", "credit_code": "51229902MJ9000015R"}
            work.connection.execute(change.where(organizations.c.id == self.hub).values(**hub))
            filed = {"legal_status": "FILED", "filing_number": "229902001-2026-0099"}
            work.connection.execute(change.where(organizations.c.id == self.club).values(**filed))
            for username in ("donor", "resident"):
                office.people[username] = actor_named(work, username)

        run(office.database, office.now, unit)

    @property
    def club(self) -> str:
        """The filed organization that gets things."""
        return self.office.city.organization_ids[0]

    @property
    def hub(self) -> str:
        """The registered federation through which it gets them."""
        return self.office.city.organization_ids[1]

    def post(self, new: NewOffer = TABLES, by: str = "donor") -> Advanced:
        """Post an offer."""
        office = self.office
        return post_offer(office.database, office.people[by], new, centre_id=office.city.centre_id, now=office.now)

    def verified(self, new: NewOffer = TABLES, by: str = "donor") -> str:
        """An offer that was checked."""
        number = self.post(new, by).case_number
        self.office.move("keeper", number, "verify_offer", checked="发票与实物相符")
        return number

    def agreed(self, new: NewOffer = TABLES, **more: Any) -> str:
        """An offer whose receiver accepted and whose donor agreed."""
        number, office = self.verified(new), self.office
        wish = {"receiver": self.club, "match_reason": "需求评估中项目能力薄弱", **more}
        office.move("keeper", number, "match_offer", **wish)
        office.move("applicant1", number, "accept_match")
        office.move("donor", number, "agree_offer")
        return number

    def line(self, source: str = "donation", amount_fen: int = 600_000) -> str:
        """A budget line of that source."""
        office = self.office

        def unit(work: Work) -> str:
            program = open_program(work, name=f"项目{source}", year=2026)
            actor = office.people["maker"]
            return open_budget_line(
                work, actor=actor, program_id=program, source=source, office="中心", amount_fen=amount_fen, purpose=""
            )

        return run(office.database, office.now, unit)


def donor_office(database: Database) -> Iterator[DonorOffice]:
    """The office opened for gifts."""
    for office in open_office(database):
        yield DonorOffice(office)
