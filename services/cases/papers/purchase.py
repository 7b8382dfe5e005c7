"""Papers of service purchase: the catalogue with its call, the contract, and the publicity of a supplier."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from documents.context import Basis, Head
from documents.kind import Kind
from documents.kinds.publicity_notice import PublicityEntry, PublicityNotice
from documents.kinds.purchase_catalogue import CatalogueLine, PurchaseCatalogue
from documents.kinds.purchase_contract import ContractParty, PurchaseContract
from services.calendar.rules import Limit, start
from services.cases.papers import parts
from services.cases.papers.money import account_of, payee_called
from services.cases.turn import Turn
from services.database.work import OFFICE_TIME
from services.funding.queries import award
from services.funding.sources import sources
from services.issuance.commands import Numbered
from services.purchases.queries import Bid, Item, Purchase, bids_of, items, purchase_of

BASIS = (Basis(title="政府购买服务管理办法", number="财政部令第102号", article=""),)
PAYMENT = "验收合格后按合格数量和质量一次支付"
WHY = {
    "highest_score": "综合评分最高",
    "lower_price": "综合评分并列最高，报价最低",
    "federation_first": "总分、各单项得分和报价均与其他投标单位相同，公告载明同等条件下优先向社区社会组织联合会购买",
    "drawn": "评审总分和报价均与其他投标单位相同，按开标时记录的种子抽签确定",
}
PRINTED = {name: one.printed for name, one in sources().items()}
BUDGETS = {**PRINTED, "county_budget": "区级部门预算", "street_budget": "街道（乡镇）部门预算"}
"""What a purchase is paid from is the department's budget, not the special fund."""


def _head(turn: Turn, kind: Kind, number: Numbered, purchase: Purchase, **others: str) -> Head:
    return replace(parts.head(turn, kind, number, **others), issuer_name=purchase.purchaser.name)


def purchase_catalogue(turn: Turn, kind: Kind, number: Numbered) -> PurchaseCatalogue:
    """D35: the published items of the year, and the call for offers on one of them."""
    purchase = purchase_of(turn.work, turn.case.id)
    year, closes_at = purchase.item.year, purchase.closes_at
    assert closes_at is not None
    title = f"{year}年度购买服务目录及采购公告"
    listed = items(turn.work, state="PUBLISHED", year=year, division=purchase.item.division_code, limit=60)
    return PurchaseCatalogue(
        head=replace(_head(turn, kind, number, purchase, title=title), addressee=""),
        year=year,
        lines=tuple(_line(one, purchase) for one in listed),
        project=purchase.title,
        need=purchase.need,
        ceiling_fen=purchase.ceiling_fen,
        closes_at=closes_at.astimezone(OFFICE_TIME).replace(tzinfo=None),
        published_on=turn.work.today,
        published_where=turn.details["published_where"],
        federation_rule=purchase.federation_rule,
        payment=PAYMENT,
        basis=BASIS,
    )


def _line(item: Item, purchase: Purchase) -> CatalogueLine:
    called = f"{purchase.quantity}{item.unit}" if item.id == purchase.item.id else ""
    return CatalogueLine(
        code=item.code, service=item.title, unit=item.unit, price_fen=item.price_fen, standard=item.standard,
        called=called,
    )  # fmt: skip


def purchase_contract(turn: Turn, kind: Kind, number: Numbered) -> PurchaseContract:
    """D35: both parties, what is bought at which price, the standard, the term and how it is paid."""
    purchase, line = purchase_of(turn.work, turn.case.id), award(turn.work, turn.case.id)
    won = next(one for one in bids_of(turn.work, turn.case.id) if one.id == purchase.bid_id)
    organization, amount = turn.subject.organization, purchase.agreed_fen or 0
    assert purchase.contract_from is not None
    assert purchase.contract_to is not None
    unit_price, rest = divmod(amount, purchase.quantity)
    return PurchaseContract(
        head=_head(turn, kind, number, purchase, title="政府购买服务合同"),
        purchaser=ContractParty(name=purchase.purchaser.name, leader=turn.details["signed_by"]),
        contractor=ContractParty(
            name=organization.name, identity=organization.credit_code or "", leader=organization.leader_name
        ),
        item_code=purchase.item.code,
        service=purchase.item.title,
        unit=purchase.item.unit,
        quantity=purchase.quantity,
        price_fen=None if rest else unit_price,
        amount_fen=amount,
        standard=purchase.item.standard,
        payment=PAYMENT,
        payee=payee_called(account_of(turn, line.account_id)),
        source=BUDGETS[line.source],
        term_from=purchase.contract_from,
        term_to=purchase.contract_to,
        won_because=WHY[purchase.why],
        partner=_partner(won),
        basis=BASIS,
    )


def _partner(won: Bid) -> str:
    return won.partner or won.committee


PURCHASE: dict[str, Callable[[Turn, Kind, Numbered], Any]] = {
    "purchase_catalogue": purchase_catalogue,
    "purchase_contract": purchase_contract,
}


def publicity_notice(turn: Turn, kind: Kind, number: Numbered) -> PublicityNotice:
    """D07: who is about to be entered in the supplier catalogue."""
    centre = turn.subject.centre
    length, unit = turn.rules.limit("publicity")
    clock = start(turn.calendar, "publicity", limit=Limit(length, unit), today=turn.work.today)  # type: ignore[arg-type]
    title = "关于拟列入承接社区公共服务的社会组织目录的公示"
    return PublicityNotice(
        head=replace(parts.head(turn, kind, number, title=title), addressee=""),
        subject="supplier",
        entries=(PublicityEntry(organization=turn.subject.organization.name, result="拟列入承接目录"),),
        starts_on=turn.work.today + timedelta(days=1),
        ends_on=clock.due_on or turn.work.today,
        working_days=length,
        objection_channel=f"{centre.name}，联系人{centre.contact}，电话{centre.phone}",
    )


SUPPLIER: dict[str, Callable[[Turn, Kind, Numbered], Any]] = {"publicity_notice": publicity_notice}
