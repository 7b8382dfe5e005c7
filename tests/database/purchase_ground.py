"""An office that buys; a federation, a service centre and a filed group bid; short ways through a purchase."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import update

from services.cases.opening import NewPurchase
from services.cases.purchasing import BidWish, ask_purchase, enter_points, submit_bid
from services.database.work import Work, reading, run
from services.funding.commands import open_budget_line, open_program
from services.organizations.commands import enter_account, verify_account
from services.organizations.models import organizations
from services.people.commands import add_person, grant_role
from services.people.queries import actor_named
from services.purchases.acts import (
    NewItem,
    NewPurchaser,
    approve_item,
    draft_item,
    enter_purchaser,
    publish_item,
    record_consultation,
)
from services.purchases.queries import Bid, Purchase, bids_of, purchase_of
from statemachines.roles import Role
from tests.database.office import PANEL, Office

COUNTY, STREET = "220102", "220102001"
UNION, HUB, FILED = 1, 2, 3
EVEN = {"plan": "34", "capacity": "21.5", "record": "11"}
ITEM = NewItem(COUNTY, 2026, "YL-03", "为老巡访", "户次", 5_000, "每月上门不少于两次")


class Buying:
    """The office with a published item, two purchasers, money for purchases and three organizations."""

    def __init__(self, office: Office) -> None:
        self.office = office
        run(office.database, office.now, self._settle)
        self.civil_affairs = self.purchaser("civil_affairs", "样例区民政局", COUNTY)
        self.street = self.purchaser("street", "样例街道办事处", STREET)
        self.item = self.published(ITEM)

    def _settle(self, work: Work) -> None:
        office = self.office
        hired = {"handler": (Role.CIVIL_AFFAIRS_HANDLER, COUNTY), "chief": (Role.STREET_LEADER, STREET)}
        for username, (role, division) in hired.items():
            person = add_person(work, username=username, name=f"职员{username}")
            grant_role(work, person, role, valid_from=date(2020, 1, 1), division_code=division)
            office.people[username] = actor_named(work, username)
        legal = {UNION: ("association", "51229902MJ9000030N"), HUB: ("service_organization", "52229902MJ9000022Q")}
        for number, (form, code) in legal.items():
            identity = office.city.organization_ids[number - 1]
            work.connection.execute(
                update(organizations)
                .where(organizations.c.id == identity)
                .values(legal_form=form, legal_status="REGISTERED", credit_code=code, category="SUPPORT_HUB")
            )
            account = enter_account(
                work, actor=office.people["maker"], organization_id=identity, holder_organization_id=identity,
                account_number=f"622000000000010{number}", bank="样例银行", kind="corporate", hold_hours=0,
            )  # fmt: skip
            verify_account(work, actor=office.people["checker"], account_id=account)
        program = open_program(work, name="部门购买服务", year=2026, funding_type="purchase")
        self.line = open_budget_line(
            work, actor=office.people["payer"], program_id=program, source="county_budget", office="样例区民政局",
            amount_fen=10_000_000,
        )  # fmt: skip

    def organization(self, number: int) -> str:
        """The id of one of the three."""
        return self.office.city.organization_ids[number - 1]

    def purchaser(self, kind: str, name: str, division: str) -> str:
        """Enter a purchaser; answers the id."""
        new = NewPurchaser(kind, name, division, self.office.city.centre_id)
        return enter_purchaser(self.office.database, self.office.people["bureau"], new, now=self.office.now)

    def published(self, new: NewItem) -> str:
        """Draft, consult, approve and publish an item; answers its id."""
        office = self.office
        database, handler, bureau = office.database, office.people["handler"], office.people["bureau"]
        item = draft_item(database, handler, new, now=office.now)
        record_consultation(
            database, handler, item_id=item, held_on=date(2026, 3, 1), opinions="无不同意见", now=office.now
        )
        approve_item(database, bureau, item_id=item, now=office.now)
        publish_item(database, bureau, item_id=item, now=office.now)
        return item

    def call(
        self, *, by: str = "civil_affairs", rule: str = "yes", procurement: bool = True, quantity: int = 1200
    ) -> str:
        """A published call that closes on 9 March at nine; answers its number."""
        office = self.office
        handler, leader = ("handler", "bureau") if by == "civil_affairs" else ("street", "chief")
        new = NewPurchase(getattr(self, by), self.item, self.line, "为老巡访", "独居老人巡访", quantity, procurement)
        number = ask_purchase(office.database, office.people[handler], new, now=office.now).number
        office.move(leader, number, "secure_budget")
        office.move(
            handler, number, "publish_call", closes_on="2026-03-09", closes_hour="9", federation_rule=rule,
            published_where="区政府网站",
        )  # fmt: skip
        office.carry()
        return number

    def bid(self, number: str, organization: int, *, yuan: int = 60_000, **others: Any) -> str:
        """Hand in a bid; answers its id."""
        wish = BidWish(
            number, self.organization(organization), yuan * 100, f"方案{organization}", "五名专职人员", **others
        )
        who = self.office.people[f"applicant{organization}"]
        return submit_bid(self.office.database, who, wish, now=self.office.now)

    def evaluated(self, number: str, *, by: str = "handler", marks: Mapping[str, dict[str, str]] | None = None) -> None:
        """Open the bids on the closing hour, enter the same points for all but `marks`, conclude the evaluation."""
        office = self.office
        office.on(2026, 3, 9)
        office.move(by, number, "open_bids", witness="监督人")
        points = {
            name: {one.id: (marks or {}).get(one.organization, EVEN) for one in self.bids(number)} for name in PANEL
        }
        enter_points(office.database, office.people[by], number=number, points=points, now=office.now)
        office.move(by, number, "conclude_evaluation")
        office.carry()

    def contracted(self, number: str, winner: int = UNION) -> None:
        """Award, sign and conclude for a year, publish and start."""
        office = self.office
        if (self.purchase(number).ceiling_fen or 0) >= 1_000_000:
            office.move("manager", number, "agree_award")
        office.move("bureau", number, "award_bid")
        office.carry()
        office.move(f"applicant{winner}", number, "sign_contract", signed_by="会长")
        office.move(
            "bureau", number, "conclude_contract", signed_by="局长", starts_on="2026-03-10", ends_on="2027-03-09",
            stable="no", budget_secured="no",
        )  # fmt: skip
        office.carry()
        if self.purchase(number).procurement:
            office.move("handler", number, "record_notice", noticed_on="2026-03-09", noticed_where="政府采购网")
        office.move("handler", number, "start_performing")
        office.carry()

    def bids(self, number: str) -> tuple[Bid, ...]:
        """The bids as anybody in the office may read them."""
        with reading(self.office.database, self.office.now) as work:
            return bids_of(work, self.office.subject(number).case.id)

    def purchase(self, number: str) -> Purchase:
        """The purchase as it stands."""
        with reading(self.office.database, self.office.now) as work:
            return purchase_of(work, self.office.subject(number).case.id)
