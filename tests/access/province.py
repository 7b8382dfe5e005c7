"""Two cities, three counties, four streets with cases in every situation; people of every role in every relation."""

import hashlib
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import update

from services.cases.objections import Objection, lodge_objection
from services.cases.queries import case_page
from services.database.engine import Database
from services.database.work import Work, reading, unit_of_work
from services.issuance.commands import Drawn, deliver, store_drawn
from services.issuance.queries import documents_of
from services.organizations.commands import (
    NewOrganization,
    add_division,
    enter_account,
    enter_organization,
    record_post,
)
from services.outbox.commands import claim_errands, fail_errand
from services.people.commands import add_person, grant_role
from services.people.models import persons
from services.people.queries import actor_named, people
from statemachines.roles import ROLES, Role
from tests.web.city import City, found_city
from tests.web.conftest import PDF, _sign_everybody_in

STREETS = {"near": "229902001", "same_county": "229902002", "other_county": "229903001", "other_city": "229801001"}
"""The streets in which organizations are at home; the relations are told from `near`."""

PLACES = {
    "near": "229902001", "beside": "229902002", "county": "229902", "other_county": "229903", "city": "229900",
    "other_city": "229800",
}  # fmt: skip
"""Where territorial roles are held: a street, the one beside it, the county and the city above, and elsewhere."""

PHONE, CONTACT, ACCOUNT = "19912345678", "13912345678", "6222000011112222"
SITUATIONS = ("draft", "submitted", "under_review", "published")


@dataclass(frozen=True)
class Held:
    """One role as it was granted: for which organization (by its key) or territory."""

    role: str
    organization: str = ""
    division: str = ""


@dataclass(frozen=True)
class Someone:
    """A person of the matrix; `able` is false for who is disabled or holds roles of another time."""

    username: str
    held: tuple[Held, ...] = ()
    able: bool = True
    enters: bool = True


@dataclass
class Case:
    """A case of the matrix with what is addressed through it."""

    number: str
    organization: str
    home: str
    situation: str
    state: str = ""
    version: int = 0
    id: str = ""
    assessment: str = ""
    seated: frozenset[str] = frozenset()
    documents: tuple[str, ...] = ()
    objection: str = ""
    given_to: dict[str, frozenset[str]] = field(default_factory=dict)


@dataclass
class Province:
    """Everything the matrix asks about."""

    city: City
    everyone: list[Someone] = field(default_factory=list)
    cases: list[Case] = field(default_factory=list)
    errand: str = ""
    account: str = ""

    def someone(self, username: str) -> Someone:
        """The person of that name."""
        return next(one for one in self.everyone if one.username == username)

    def case(self, street: str, situation: str) -> Case:
        """The case of that street in that situation."""
        return next(
            one for one in self.cases if (one.organization, one.situation) == (f"{street}_{situation}", situation)
        )


def found_province(database: Database) -> Province:
    """Found it on a migrated database, through the commands people use."""
    province = Province(found_city(database))
    with unit_of_work(database, province.city.tick()) as work:
        _found_places(work)
        for street, division in STREETS.items():
            for situation in SITUATIONS:
                _found_organization(work, province, f"{street}_{situation}", division)
        _people(work, province)
    for street, division in STREETS.items():
        for situation in SITUATIONS:
            _open_case(province, f"{street}_{situation}", division, situation)
    with unit_of_work(database, province.city.tick()) as work:
        _papers_and_errand(work, province)
        _sign_everybody_in(work, province.city)
    return province


def _found_places(work: Work) -> None:
    for code, name, level, kind, parent in (
        ("229903", "柳岸县", "county", "county", "229900"),
        ("229903001", "柳岸街道", "street", "street", "229903"),
        ("229800", "松屏市", "prefecture", "city", None),
        ("229801", "松屏区", "county", "county", "229800"),
        ("229801001", "松屏街道", "street", "street", "229801"),
    ):
        add_division(work, code=code, name=name, level=level, kind=kind, parent_code=parent)


def _found_organization(work: Work, province: Province, key: str, division: str) -> None:
    day, city = date(2025, 11, 23), province.city
    identity = enter_organization(
        work,
        NewOrganization(
            name=f"社{key}", legal_form="none", legal_status="UNFILED", category="SERVICE", subtype="邻里互助社",
            home_division=division, leader_name="周暖", leader_phone=PHONE, members=24,
        ),
    )  # fmt: skip
    city.organizations[key] = identity
    person = add_person(work, username=key, name=f"负责人{key}")
    grant_role(work, person, Role.APPLICANT, valid_from=day, organization_id=identity)
    record_post(work, organization_id=identity, person_id=person, post="leader", held_from=day)
    province.everyone.append(Someone(key, (Held("applicant", key),)))


def _people(work: Work, province: Province) -> None:
    day = date(2025, 11, 23)
    for role in Role:
        scope = ROLES[role].scope
        if role in (Role.SYSTEM, Role.APPLICANT):
            continue
        places = PLACES.items() if scope == "territory" else [("", "")]
        for place, division in places:
            username = f"the_{role.value}_{place}".strip("_")
            person = add_person(work, username=username, name=f"办{username}"[:60])
            grant_role(work, person, role, valid_from=day, division_code=division or None)
            province.everyone.append(Someone(username, (Held(role.value, division=division),)))
    colleague = add_person(work, username="colleague", name="同事")
    grant_role(
        work,
        colleague,
        Role.APPLICANT,
        valid_from=day,
        organization_id=province.city.organizations["near_under_review"],
    )
    province.everyone.append(Someone("colleague", (Held("applicant", "near_under_review"),)))
    add_person(work, username="roleless", name="无角色")
    past, future, disabled = (
        add_person(work, username=name, name=name) for name in ("was_manager", "will_manage", "dismissed")
    )
    grant_role(work, past, Role.CENTRE_MANAGER, valid_from=day, valid_to=date(2026, 11, 22))
    grant_role(work, future, Role.CENTRE_MANAGER, valid_from=date(2026, 11, 24))
    grant_role(work, disabled, Role.CENTRE_MANAGER, valid_from=day)
    province.everyone += [
        Someone("roleless"), Someone("was_manager", able=False), Someone("will_manage", able=False),
        Someone("dismissed", able=False, enters=False), Someone("", able=False, enters=False),
        # They sit on the panels.
        Someone("evaluator1", (Held("evaluator"),)), Someone("evaluator4", (Held("evaluator"),)),
    ]  # fmt: skip


def _open_case(province: Province, key: str, division: str, situation: str) -> None:
    city = province.city
    number = getattr(city, situation)(key)
    case = Case(number, key, division, situation)
    if situation in ("under_review", "published"):
        case.seated, case.assessment = frozenset({"evaluator1", "evaluator2", "evaluator3"}), city.assessment(number)
    if situation == "published":
        case.objection = lodge_objection(
            city.database, number=number, objection=Objection("王某", CONTACT, "名册不实"), now=city.tick()
        )
    with reading(city.database, city.now) as work:
        page = case_page(work, city.actor("secretary"), number)
    case.state, case.version, case.id = page.line.state, page.line.version, page.line.id
    province.cases.append(case)


def _papers_and_errand(work: Work, province: Province) -> None:
    by_case = {case.id: case for case in province.cases}
    leaders = {one.username: one.id for one in people(work)}
    for paper in documents_of(work):
        store_drawn(work, paper.id, Drawn(PDF, hashlib.sha256(PDF).hexdigest(), 1, "test"))
        case = by_case[paper.case_id]
        case.documents += (paper.id,)
        deliver(work, document_id=paper.id, person_id=leaders[case.organization])
        case.given_to[paper.id] = frozenset({case.organization})
    errand = claim_errands(work, worker="test", limit=1)[0]
    fail_errand(work, errand.id, fence=errand.fence, reason="打印机着火了", retry=False)
    province.errand = errand.id
    _dismiss(work)
    city = province.city
    province.account = enter_account(
        work, actor=actor_named(work, "the_finance_maker"), organization_id=city.organizations["near_published"],
        holder_organization_id=city.organizations["same_county_published"], account_number=ACCOUNT, bank="青檐银行",
        kind="custody",
    )  # fmt: skip


def _dismiss(work: Work) -> None:
    work.connection.execute(update(persons).where(persons.c.username == "dismissed").values(disabled=True))
