"""Ways through the processes for invented cases: rows of the tables in order, how often, and how many days apart."""

from collections.abc import Iterator

_IN = "T01 T02 T07 T08 T10 T13 T15a T15b T15"
_HALF = f"{_IN} T17 T18"
_FILE = f"{_HALF} T27 T28d T28"

INCUBATIONS: tuple[tuple[int, str], ...] = (
    (20, ""), (40, "T01"), (20, "T01 T03"), (40, "T01 T02"), (30, "T01 T02 T07"), (35, "T01 T02 T07 T08"),
    (15, "T01 T02 T07 T08 T11"), (20, "T01 T02 T07 T08 T10"), (15, "T01 T02 T07 T08 T10 T13"),
    (10, "T01 T02 T07 T08 T10 T13 T15a T15b"), (110, _IN), (35, f"{_IN} T17"), (60, _HALF), (15, f"{_IN} T17 T19"),
    (10, f"{_IN} T17 T19 T20a T20"), (8, f"{_IN} T22"), (8, f"{_HALF} T25"), (12, f"{_HALF} T25 T26"),
    (20, f"{_HALF} T27"), (6, f"{_HALF} T27 T28a"), (20, _FILE), (12, f"{_FILE} T29a T29"), (6, f"{_HALF} T34"),
    (6, f"{_IN} T35"), (5, f"{_IN} T37a T37"),
    (220, f"{_FILE} T29a T29 T32"), (15, f"{_IN} T35 T36"), (6, f"{_IN} T37a T37 T39a T39"),
)  # fmt: skip
"""(weight, codes) of the rows T01 to T41; an empty way is a draft. Ended and graduated cases make up half."""

ENDED_EARLY: tuple[tuple[int, str], ...] = (
    (12, "T01 T06a T06"), (12, "T01 T03 T05"), (25, "T01 T02 T07 T08 T12"), (8, "T01 T02 T41"),
    (6, "T01 T02 T07 T08 T10 T13 T16"), (6, "T01 T02 T07 T08 T11 T11c"), (8, "T01 T02 T07 T09"),
)  # fmt: skip
"""Applications that ended before any term: an organization may have one of these behind it."""

AWARDS: tuple[tuple[int, str], ...] = (
    (10, ""), (30, "W01"), (25, "W01 W02"), (20, "W01 W02 W02a W03"), (15, "W01 W09"),
)  # fmt: skip
"""Awards up to the publicity: no money is booked for any of them."""

DAYS: dict[str, tuple[int, int]] = {
    "T01": (1, 20), "T02": (1, 5), "T03": (1, 5), "T04": (3, 14), "T05": (22, 30), "T06a": (1, 3), "T06": (1, 4),
    "T07": (4, 14), "T08": (3, 14), "T09": (2, 8), "T10": (10, 28), "T11": (10, 28), "T12": (10, 28), "T13": (8, 11),
    "T15a": (2, 6), "T15b": (1, 5), "T15": (1, 4), "T16": (15, 22), "T11c": (184, 190), "T17": (183, 190),
    "T18": (8, 20), "T19": (8, 20), "T20a": (15, 28), "T20": (1, 5), "T22": (30, 160), "T25": (60, 120),
    "T26": (4, 12), "T27": (30, 130), "T28a": (1, 5), "T28b": (3, 14), "T28d": (1, 5), "T28": (1, 6),
    "T29a": (8, 20), "T29": (1, 6), "T32": (8, 11), "T34": (183, 190), "T35": (20, 150), "T36": (5, 25),
    "T37a": (30, 150), "T37": (2, 6), "T39a": (8, 12), "T39": (2, 8), "T41": (1, 5),
    "W01": (1, 15), "W02": (3, 14), "W02a": (3, 14), "W03": (2, 8), "W09": (3, 12),
}  # fmt: skip
"""Days from the step before to this one, at least and at most."""

REST_AT_MOST: dict[str, int] = {
    "DRAFT": 60, "INCUBATING": 175, "GRADUATED": 620, "WAITLISTED": 170, "SUSPENDED": 85, "RECTIFYING": 34,
}  # fmt: skip
"""Days for which a case has rested in its last state at most; elsewhere a little more than its limit."""


SAID: dict[str, dict[str, object]] = {
    "T01": {"privacy_notice_accepted": True, "commitments_accepted": True},
    "T03": {"items": [{"field": "章程草案", "problem": "缺少议事规则", "how_to_fix": "补充会员大会议事规则"}]},
    "T04": {"answers": [{"answer": "已补充并重新提交"}]},
    "T06a": {"reason": "活动地域不在本中心服务范围"},
    "T06": {"reason_code": "territory", "reason": "活动地域不在本中心服务范围", "proper_body": "所在区孵化中心"},
    "T07": {"lists_checked": True, "visitors": 2, "eligible": True, "report": "走访核实，符合入驻条件"},
    "T09": {"reason": "成员人数不足，暂不符合入驻条件"},
    "T10": {"mode": "resident", "room": "二楼共享工位"},
    "T12": {"reason": "评审平均分低于入驻分数线"},
    "T15a": {
        "needs": [{"area": "内部治理", "level": 2}, {"area": "项目设计", "level": 3}],
        "goals": [{"metric": "年度活动场次", "base": "4", "target": "12", "due_on": "2027-06-30"}],
        "service_plan": "每月一次督导，每季度一次能力建设培训", "mentor": "驻点社工",
    },
    "T15b": {"signed_by": "组织负责人"},
    "T20a": {"rechecks": [{"finding": "财务未公开", "closed": True, "evidence": "公示栏照片"}]},
    "T19": {"findings": [{"fact": "财务收支未按季公开", "rule": "孵化协议第八条", "measure": "补公开并建立制度"}]},
    "T22": {"cause": "负责人因病住院，活动暂停", "expected_to": "2027-01-31"},
    "T25": {"reason": "两项培育目标尚未完成", "gaps": "增加两场培训并完善财务制度"},
    "T26": {"months": 3},
    "T27": {"summary": "完成年度培育计划，服务居民一千余人次"},
    "T28a": {"items": [{"field": "孵化总结", "problem": "缺少财务说明", "how_to_fix": "补充收支表"}]},
    "T29a": {"gates": [{"gate": f"G{number}", "passed": True, "evidence": "见材料"} for number in range(1, 12)]},
    "T35": {"reason": "组织骨干迁居外地，无法继续开展活动"},
    "T36": {"assets_returned": True, "assets": [{"name": "桌椅", "quantity": 4, "unit": "套"}], "keys": 1},
    "T37a": {"facts": "连续三个月未开展活动", "evidence": "走访记录", "basis": "孵化协议第十二条"},
    "T37": {"facts": "连续三个月未开展活动", "evidence": "走访记录", "basis": "孵化协议第十二条"},
    "T39a": {"reason": "事实清楚，同意清退"},
    "T39": {"reason": "连续三个月未开展活动，经告知未改正"},
    "T41": {"reason": "发起人暂缓筹备"},
    "W02a": {
        "sheets": [{"evaluator": f"专家{one}", "score": "82", "amount_fen": 1_000_000} for one in "一二三"],
        "minutes": "评审档案",
    },
    "W03": {"amount_fen": 1_000_000},
    "W09": {"reason": "项目内容与资金用途不符"},
}  # fmt: skip
"""What is said with a row, as its form asks; the day a term starts is put in where it is known."""

MEETING = {"meets_at": "9:30", "place": "中心二楼会议室"}
FORMS = {"T08": "admission", "T17": "midterm", "T28": "graduation"}
RESULTS = {"T10": (74, 92), "T11": (74, 88), "T12": (45, 57), "T18": (74, 92), "T19": (60, 68), "T29": (76, 95)}
"""Between which marks the mean lies that leads to a row."""


def codes_of(way: str, *, corrected: bool) -> Iterator[str]:
    """The codes of a way; with a round of correction in it when there was one."""
    codes = way.split()
    for place, code in enumerate(codes):
        yield code
        if corrected and code == "T01" and codes[place + 1 : place + 2] == ["T02"]:
            yield from ("T03", "T04")
