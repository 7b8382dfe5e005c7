"""What keeps an evaluator from assessing an organization: pure rules over people and organizations over time."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from services.calendar.rules import months_later

YEARS_APART = 2
"""Who left a post less than so many years ago steps aside (社会组织评估管理办法: recusal); other ties fade alike."""

KINDS: dict[str, tuple[str, str]] = {
    "post_now": ("现任职于该组织", "holds a post there"),
    "post_before": ("离职未满两年", "left a post there less than two years ago"),
    "founder": ("该组织的发起人", "founded it"),
    "donor": ("该组织的捐赠人", "donates to it"),
    "supplier": ("为该组织出资或供给", "supplies it with funds or goods"),
    "paid": ("领取过该组织的报酬", "was paid by it"),
    "family": ("亲属在该组织任职或出资", "family holds a post there or funds it"),
    "shared_phone": ("联系电话相同", "same telephone"),
    "shared_address": ("地址相同", "same address"),
    "shared_account": ("银行账户相同", "same bank account"),
    "rival": ("任职于有竞争关系的组织", "belongs to a rival body"),
    "declared": ("本人声明过利害关系", "declared an interest before"),
}
"""Every kind of conflict with its words: of the person ("现任职于该组织"), never the value that gave it away."""

SOURCES: dict[str, tuple[str, str]] = {
    "post": ("任职记录", "record of posts"),
    "grant": ("代表该组织办事", "acts for it in this system"),
    "tie": ("关系登记", "recorded tie"),
    "contact": ("密文索引比对", "equal sealed values"),
    "declaration": ("回避声明", "declaration of interest"),
}
"""Where a finding comes from."""

TO_ORGANIZATION = frozenset({"founder", "donor", "supplier", "paid", "declared"})
BETWEEN_BODIES = frozenset({"rival", "supplier", "donor"})
CONTACT_KINDS = ("phone", "address", "account")


@dataclass(frozen=True, slots=True)
class Post:
    """A post of a person in an organization; `source` says whether it was recorded or comes from a role held for it."""

    person: str
    organization: str
    post: str
    until: date | None = None
    source: str = "post"


@dataclass(frozen=True, slots=True)
class Tie:
    """Something recorded between two people, a person and an organization, or two organizations."""

    kind: str
    one: str
    other: str
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """The keyed index of a sealed value of a person or an organization: equal values have equal marks, no more."""

    party: str
    kind: str
    mark: str
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """All that is known on one day; nothing in it tells a telephone, an address or an account."""

    today: date
    posts: tuple[Post, ...] = ()
    ties: tuple[Tie, ...] = ()
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One reason to step aside; `through` is the person or organization that links the two, where there is one."""

    kind: str
    source: str
    through: str = ""
    until: date | None = field(default=None, compare=False)


def counts(until: date | None, today: date) -> bool:
    """Whether something that ended then still ties: up to, not on, the day two years later."""
    return until is None or months_later(until, 12 * YEARS_APART) > today


def _belongs(post: Post, today: date) -> bool:
    """Whether a post still ties; a founder stays one for good."""
    return post.post == "founder" or counts(post.until, today)


def _ties(known: Known, kinds: Iterable[str], *, one: str, other: str) -> list[Tie]:
    """Ties between the two that still count, whichever of them was written down first; a founder stays one."""
    wanted, pair = frozenset(kinds), {one, other}
    between = [tie for tie in known.ties if tie.kind in wanted and {tie.one, tie.other} == pair]
    return [tie for tie in between if tie.kind == "founder" or counts(tie.until, known.today)]


def _posts(known: Known, *, organization: str) -> list[Post]:
    """Who belongs to an organization for this purpose."""
    return [one for one in known.posts if one.organization == organization and _belongs(one, known.today)]


def own_bodies(known: Known, person: str) -> frozenset[str]:
    """The organizations a person belongs to, or left less than two years ago."""
    return frozenset(one.organization for one in known.posts if one.person == person and _belongs(one, known.today))


def relatives(known: Known, person: str) -> frozenset[str]:
    """The person's recorded family."""
    family = [tie for tie in known.ties if tie.kind == "family" and counts(tie.until, known.today)]
    return frozenset(
        tie.other if tie.one == person else tie.one for tie in family if person in (tie.one, tie.other)
    ) - {person}


def by_post(known: Known, person: str, organization: str) -> list[Finding]:
    """Posts there now, or left less than two years ago; founders and donors by their post."""
    found: list[Finding] = []
    for one in _posts(known, organization=organization):
        if one.person == person:
            ended = one.until is not None and one.until < known.today
            kind = one.post if one.post in ("founder", "donor") else "post_before" if ended else "post_now"
            found.append(Finding(kind, one.source, "", one.until))
    return found


def by_tie(known: Known, person: str, organization: str) -> list[Finding]:
    """Recorded as founder, donor, supplier, paid by it, or having declared an interest in it."""
    return [
        Finding(tie.kind, "declaration" if tie.kind == "declared" else "tie", "", tie.until)
        for tie in _ties(known, TO_ORGANIZATION, one=person, other=organization)
    ]


def by_family(known: Known, person: str, organization: str) -> list[Finding]:
    """A relative belongs to the organization, founded it, funds it or is paid by it."""
    near = relatives(known, person)
    inside = {one.person for one in _posts(known, organization=organization)}
    funding = {
        relative for relative in near if _ties(known, TO_ORGANIZATION - {"declared"}, one=relative, other=organization)
    }
    return [Finding("family", "tie", relative) for relative in sorted(near & (inside | funding))]


def by_contact(known: Known, person: str, organization: str) -> list[Finding]:
    """The same telephone, address or account as the organization, its people, or an own organization and it."""
    live = [one for one in known.marks if counts(one.until, known.today)]
    theirs = {organization} | {one.person for one in _posts(known, organization=organization)} - {person}
    ours = {person} | own_bodies(known, person) - {organization}
    found: set[Finding] = set()
    for mine in live:
        for other in live:
            same = (mine.kind, mine.mark) == (other.kind, other.mark) and mine.party != other.party
            direct = mine.party == person or other.party == organization
            if same and direct and mine.party in ours and other.party in theirs:
                through = mine.party if mine.party != person else other.party
                found.add(Finding(f"shared_{mine.kind}", "contact", "" if through == organization else through))
    return sorted(found)


def by_body(known: Known, person: str, organization: str) -> list[Finding]:
    """An own organization is its rival, or supplies or funds it."""
    return [
        Finding(tie.kind, "tie", body, tie.until)
        for body in sorted(own_bodies(known, person) - {organization})
        for tie in _ties(known, BETWEEN_BODIES, one=body, other=organization)
    ]


Detector = Callable[[Known, str, str], list[Finding]]
DETECTORS: tuple[Detector, ...] = (by_post, by_tie, by_family, by_contact, by_body)


def findings(
    known: Known, *, person: str, organization: str, detectors: Sequence[Detector] = DETECTORS
) -> tuple[Finding, ...]:
    """Every conflict between the person and the organization on that day, each once, in a fixed order."""
    return tuple(sorted({one for detector in detectors for one in detector(known, person, organization)}))


def told(found: Iterable[Finding]) -> tuple[str, str]:
    """The kinds of these findings as a sentence names them, in Chinese and in English."""
    kinds = sorted({one.kind for one in found}, key=tuple(KINDS).index)
    return "、".join(KINDS[one][0] for one in kinds), ", ".join(KINDS[one][1] for one in kinds)
