"""The contract words its sum as the specification does, and a call names a preference only where it announces one."""

from dataclasses import replace

import pytest

from documents.html import to_html
from documents.kinds.purchase_catalogue import sample as catalogue
from documents.kinds.purchase_contract import sample as contract
from documents.registry import KINDS
from tests.documents.reading import squeezed


def test_the_contract_words_its_sum_as_the_specification_does() -> None:
    said = squeezed(to_html("purchase_contract", contract()))
    assert squeezed("为老巡访 1200户次×50元=¥60,000.00（人民币陆万元整）") in said


def test_a_contract_without_a_whole_unit_price_says_the_sum_alone() -> None:
    said = squeezed(to_html("purchase_contract", replace(contract(), price_fen=None, amount_fen=5_999_999)))
    assert squeezed("为老巡访 1200户次，合计¥59,999.99（人民币伍万玖仟玖佰玖拾玖元玖角玖分）") in said


def test_a_call_that_announces_no_preference_names_none() -> None:
    said = to_html("purchase_catalogue", replace(catalogue(), federation_rule=False))
    assert "联合会" not in said
    assert "抽签确定" in said
    assert "优先向社区社会组织联合会购买" in to_html("purchase_catalogue", catalogue())


@pytest.mark.parametrize("kind", ["disbursement_notice", "receipt_confirmation"])
def test_what_a_contract_pays_is_called_its_price_and_no_award(kind: str) -> None:
    said = to_html(kind, replace(KINDS[kind].sample(), for_contract=True))
    assert "合同价款" in said
    assert "资助" not in said
    assert "合同价款" not in to_html(kind, KINDS[kind].sample())
