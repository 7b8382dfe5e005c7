"""Fills score sheets up to a wanted total: half points spread over the items, comments wherever the form wants one."""

from decimal import Decimal
from typing import Any

HALF = Decimal("0.5")


def sheet(form_copy: dict[str, Any], total: str) -> tuple[dict[str, str], dict[str, str]]:
    """Scores by criterion that add up to exactly `total`, and the comments a low item or an extreme total needs.

    Every item gets its share rounded down to half a point; what remains goes to the items with most room.
    """
    criteria = [(str(one["id"]), str(one["label_zh"]), Decimal(str(one["maximum"]))) for one in form_copy["criteria"]]
    wanted = Decimal(total)
    scores = {code: maximum * wanted / 100 // HALF * HALF for code, _, maximum in criteria}
    if wanted % HALF:
        raise ValueError(f"{total} cannot be spread over the items in half points")
    missing = wanted - sum(scores.values())
    for code, _, maximum in sorted(criteria, key=lambda one: scores[one[0]] - one[2]):
        if missing <= 0:
            break
        step = min(HALF * (1 + (missing > len(criteria) * HALF)), maximum - scores[code], missing)
        scores[code] += step
        missing -= step
    if missing:
        raise ValueError(f"{total} cannot be spread over the items")
    comments = {
        code: f"{label}：依据不充分，请补充后改进。"
        for code, label, maximum in criteria
        if scores[code] * 100 < maximum * 60
    }
    if wanted < 60 or wanted > 95:
        comments["total"] = "总体情况与评分一致，理由见各项评语。"
    return {code: format(score, "f") for code, score in scores.items()}, comments
