"""Every kind of case and every edition of its process, by name; a test proves that each kind has one."""

from typing import Any

from statemachines import award, incubation, instalment, offer, purchase, recovery, review, star, supplier
from statemachines.table import Process

EDITIONS: dict[str, dict[int, Process[Any]]] = {
    "award": dict(award.EDITIONS),
    "incubation": dict(incubation.EDITIONS),
    "instalment": dict(instalment.EDITIONS),
    "offer": dict(offer.EDITIONS),
    "recovery": dict(recovery.EDITIONS),
    "purchase": dict(purchase.EDITIONS),
    "review": dict(review.EDITIONS),
    "star": dict(star.EDITIONS),
    "supplier": dict(supplier.EDITIONS),
}
CURRENT: dict[str, Process[Any]] = {
    "award": award.CURRENT,
    "incubation": incubation.CURRENT,
    "instalment": instalment.CURRENT,
    "offer": offer.CURRENT,
    "recovery": recovery.CURRENT,
    "purchase": purchase.CURRENT,
    "review": review.CURRENT,
    "star": star.CURRENT,
    "supplier": supplier.CURRENT,
}


def process_of(kind: str, edition: int) -> Process[Any]:
    """The process of that kind and edition; KeyError when there is none."""
    return EDITIONS[kind][edition]
