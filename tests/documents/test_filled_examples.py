"""The filled examples of the catalogue, D01 to D22: what the reference prints of each paper stands on ours."""

from __future__ import annotations

from typing import Any

import pytest

from documents.registry import KINDS

from .conftest import drawn
from .reading import Example, missing_from, text_of

EXAMPLES = (
    Example(
        "D01",
        "receipt_slip",
        """收〔2026〕44号 | 铁东里社区秧歌队：2026年11月16日9时40分收到入驻申请表等6件 | 经办 沈小满
        | 预计2026年11月23日前答复""",
    ),
    Example(
        "D02",
        "acceptance_notice",
        """受〔2026〕19号 | 石桥镇社区社会组织服务中心： | 自2026年11月9日起受理
        | 20个工作日即2026年12月7日前办结，评审时间另计""",
    ),
    Example(
        "D03",
        "correction_notice",
        """补〔2026〕11号 | 铁东里社区秧歌队： | 缺成员名册 | 场地证明无签章
        | 请于2026年12月9日前一次补齐，逾期视为撤回""",
    ),
    Example(
        "D04",
        "non_acceptance_notice",
        """不受〔2026〕2号 | 某建材公司业余队： | 系企业内部团体 | 不属社区社会组织 | 可向单位工会咨询 | 不服
        | 10个工作日内申请复核""",
    ),
    Example(
        "D05",
        "review_notice",
        """评告〔2026〕8号 | 评审组 | 顾南乔 | 陆时雨 | 温如许 | 季北辰 | 邵听澜 | 2026年11月20日14:00 | 203室
        | 申请回避截止2026年11月18日""",
    ),
    Example(
        "D06",
        "assessment_form",
        """评审意见表（汇总） | 78 82.5 75 80 71 | 去掉一个最高总分82.5分和一个最低总分71分
        | 均分 77.67分 极差 11.5分 | 同意入驻""",
    ),
    Example(
        "D07",
        "publicity_notice",
        """公示〔2026〕6号 | 桦苑社区书画社 拟入驻 | 期限 | 5个工作日 | 异议须署名 | 电话0000-1234567""",
    ),
    Example(
        "D08",
        "admission_notice",
        """入驻通知书 | 青河孵入〔2026〕7号
        | 桦苑社区书画社： 你单位2026年11月2日提交的入驻申请（案号QYFH-2026-0031），经评审和公示无异议，
        同意入驻。 一、方式：实体入驻，望河街道综合服务中心二层203室。
        二、孵化期：2026年12月1日至2027年11月30日。
        三、请于2026年12月4日前签订孵化协议，逾期视为放弃。
        | 青檐市河湾区社区社会组织孵化中心 2026年11月20日 | 联系人：沈小满""",
    ),
    Example(
        "D09",
        "refusal_decision",
        """不入〔2026〕3号 | 北甸镇志愿者协会（筹）： | 均分53.67分，低于60分 | 可于送达之日起10个工作日内申请复核
        | 3个月后可再申请""",
    ),
    Example(
        "D10",
        "incubation_agreement",
        """协〔2026〕6号 | 甲方（孵化机构） 青檐市河湾区社区社会组织孵化中心 | 乙方（入驻组织） 桦苑社区书画社
        | 期限12个月 | 203室（面积12㎡） | 甲方在孵化期内为乙方提供下列五项服务 | 一式三份""",
    ),
    Example(
        "D11",
        "cultivation_plan",
        "计〔2026〕6号 | 治理 2级 4级 | 活动 每月1次 每月2次 | 培训 0学时 24学时 | 导师 唐亦安",
    ),
    Example(
        "D12",
        "midterm_report",
        """中评〔2026〕5号 | 石桥村农技服务队 | 活动 7次 | 受益 312人次 | 支出 ¥8,640.00 | 67.67分 | 限期整改
        | 第2期暂缓""",
    ),
    Example(
        "D13",
        "rectification_notice",
        """整〔2026〕2号 | 培训记录缺4次 | 3张凭证无明细 | 2026年12月9日前改正
        | 暂缓拨付¥5,400.00（人民币伍仟肆佰元整）""",
    ),
    Example("D14", "recheck_opinion", "整复〔2026〕2号 | 两项均已改正 | 恢复拨付"),
    Example(
        "D15",
        "suspension_notice",
        """止〔2026〕1号 | 前屯村爱心超市： | 供水管破裂 | 自2026年10月19日中止，不超过2027年1月19日
        | 恢复后期限顺延""",
    ),
    Example(
        "D15a",
        "resumption_notice",
        """复〔2026〕1号 | 前屯村爱心超市： | ¥3,000.00（人民币叁仟元整）
        | 中止43日，孵化期相应顺延，由2027年5月10日止改为2027年6月22日止""",
    ),
    Example("D16", "extension_decision", "延〔2026〕1号 | 准予延期至2027年5月31日 | 须补足活动4次"),
    Example("D17", "graduation_report", "出评〔2026〕4号 | 门槛11项全过 | 83.75分 | 良好 | 建议备案出壳 | 附仲裁记录"),
    Example(
        "D18",
        "graduation_certificate",
        """出壳证书 | 证书编号 QYFH-CQ-2026-0003
        | 兹证明 河湾区向阳里社区银龄日间照料中心（统一社会信用代码 52229902MJ9000014X）
        于2025年6月16日至2026年6月15日在本中心孵化期满，经出壳评估，成绩为良好（86.50分），
        准予出壳（登记出壳）。
        | 发证 2026年6月29日 | 验证码 7K3M-Q9TV-2XHD-84PW""",
    ),
    Example(
        "D19",
        "prior_notice",
        "告〔2026〕3号 | 拟清退桦林街道青少年托管中心 | 挪用资助款 | 5个工作日内可陈述申辩",
    ),
    Example(
        "D20",
        "expulsion_decision",
        """清〔2026〕1号 | 决定清退 | 2026年11月6日前腾退 | 追回¥12,000.00（人民币壹万贰仟元整）
        | 2029年10月16日前不受理再申请""",
    ),
    Example(
        "D21",
        "exit_confirmation",
        """退〔2026〕2号 | 柳泉村戏曲表演队
        | 音响1套、钥匙2把已交还，结余¥1,200.00（人民币壹仟贰佰元整）已退回""",
    ),
    Example(
        "D22",
        "review_decision",
        """复核〔2026〕1号 | 3名委员记名表决3:0 | 一名专家应回避未回避 | 撤销不予入驻决定 | 重新评审""",
    ),
)


def printed(kind: str) -> str:
    sample: Any = KINDS[kind].sample()
    return text_of(drawn(kind).pdf, sample.head)


@pytest.mark.parametrize("example", EXAMPLES, ids=[one.code for one in EXAMPLES])
def test_the_filled_example_stands_on_the_paper(example: Example) -> None:
    assert KINDS[example.kind].code == example.code
    assert missing_from(printed(example.kind), example) == []


def test_every_kind_up_to_the_review_has_an_example() -> None:
    codes = {kind.code for kind in KINDS.values() if kind.code[:3] <= "D22"}
    assert {one.code for one in EXAMPLES} == codes
    assert {code[:3] for code in codes} == {f"D{number:02d}" for number in range(1, 23)}


def test_an_example_that_says_something_else_is_noticed() -> None:
    """A figure, a name and a whole sentence that the paper does not print are each named."""
    wrong = Example("D20", "expulsion_decision", "追回¥12,000.01 | 柳泉村戏曲表演队 | 决定清退 | 可向法院起诉")
    assert missing_from(printed("expulsion_decision"), wrong) == ["追回¥12,000.01", "柳泉村戏曲表演队", "可向法院起诉"]


def test_a_blank_of_an_example_is_nothing_or_a_colon() -> None:
    example = Example("D18", "graduation_certificate", "验证码 7K3M | 发证 2026年")
    assert missing_from("验证码：7K3M发证2026年", example) == []
    assert missing_from("验证码，7K3M发证于2026年", example) == ["验证码 7K3M", "发证 2026年"]
