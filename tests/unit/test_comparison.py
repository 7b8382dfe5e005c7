"""Two versions side by side: only what changed, whole clauses folded, nothing lost and nothing made up."""

from hypothesis import given
from hypothesis import strategies as st

from services.cases.comparison import Piece, compare_rows, compare_text

OLD = "本社成立于2024年。现有成员二十四人，其中居民二十人。每月活动两次。经费由成员自筹。场地借用社区活动室。"
TEXTS = st.text(alphabet="本社每月活动两次成员。，；\n", max_size=60)


def joined(pieces: tuple[Piece, ...], *kinds: str) -> str:
    """The text of the pieces of these kinds."""
    return "".join(one.text for one in pieces if one.kind in kinds)


def test_one_changed_number_is_the_only_thing_marked() -> None:
    pieces = compare_text(OLD, OLD.replace("每月活动两次", "每月活动四次"))
    assert [one for one in pieces if one.kind in ("gone", "new")] == [Piece("gone", "两"), Piece("new", "四")]


def test_unchanged_clauses_are_folded_but_for_the_ones_beside_a_change() -> None:
    pieces = compare_text(OLD, OLD.replace("每月活动两次", "每月活动四次"))
    assert pieces[0] == Piece("folded", "本社成立于2024年。现有成员二十四人，", 2)
    assert pieces[1] == Piece("same", "其中居民二十人。")
    assert pieces[-1].kind == "same"


def test_a_clause_written_anew_is_shown_whole() -> None:
    pieces = compare_text("经费由成员自筹。", "争取街道购买服务。")
    assert pieces == (Piece("gone", "经费由成员自筹。"), Piece("new", "争取街道购买服务。"))


def test_what_did_not_change_is_one_fold() -> None:
    assert [one.kind for one in compare_text(OLD, OLD)] == ["folded"]
    assert compare_text("", "") == ()


@given(TEXTS, TEXTS)
def test_both_texts_can_be_read_back_from_the_pieces(old: str, new: str) -> None:
    pieces = compare_text(old, new)
    assert joined(pieces, "same", "gone", "folded") == old
    assert joined(pieces, "same", "new", "folded") == new


def test_rows_are_paired_counted_added_and_taken_away() -> None:
    old = [("一月", "义诊"), ("三月", "讲座"), ("五月", "游园")]
    new = [("一月", "义诊"), ("四月", "讲座"), ("五月", "游园"), ("六月", "演出")]
    rows = compare_rows(old, new)
    assert [(one.kind, one.count) for one in rows] == [("folded", 1), ("changed", 0), ("folded", 1), ("new", 0)]
    assert rows[1].cells[0] == (Piece("gone", "三"), Piece("new", "四"), Piece("same", "月"))
    assert compare_rows(new, old)[-1].kind == "gone"


@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=6), st.lists(st.tuples(TEXTS, TEXTS), max_size=6))
def test_no_row_is_lost_and_none_is_made_up(old: list[tuple[str, str]], new: list[tuple[str, str]]) -> None:
    rows = compare_rows(old, new)
    count = {
        kind: sum(one.count or 1 for one in rows if one.kind == kind) for kind in ("folded", "changed", "gone", "new")
    }
    assert count["folded"] + count["changed"] + count["gone"] == len(old)
    assert count["folded"] + count["changed"] + count["new"] == len(new)
