"""The Merkle tree against the vectors published with RFC 6962 and against a tree computed by the definition."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.audit import merkle
from services.audit.merkle import (
    EMPTY_ROOT,
    Frontier,
    MerkleRefused,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    verify_consistency,
    verify_inclusion,
)

# The eight entries, roots and proofs that certificate-transparency logs publish as their reference vectors.
ENTRIES = ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
LEAVES = [leaf_hash(bytes.fromhex(entry)) for entry in ENTRIES]
INCLUSION = {  # (leaf counted from 0, tree size)
    (0, 1): [],
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
    (1, 5): [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
CONSISTENCY = {  # (earlier size, later size)
    (1, 1): [],
    (1, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}


def reader(leaves: Sequence[bytes]) -> Callable[[int, int], Sequence[bytes]]:
    return lambda start, stop: leaves[start:stop]


def naive_root(leaves: Sequence[bytes]) -> bytes:
    """The tree hash word for word as RFC 6962 §2.1 defines it."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return sha256(b"\x01" + naive_root(leaves[:split]) + naive_root(leaves[split:])).digest()


def some_leaves(count: int) -> list[bytes]:
    return [leaf_hash(number.to_bytes(4, "big")) for number in range(count)]


def test_the_empty_tree_has_the_hash_of_nothing() -> None:
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert Frontier().root() == EMPTY_ROOT


@pytest.mark.parametrize("size", range(1, 9))
def test_published_roots(size: int) -> None:
    assert Frontier().extend(LEAVES[:size]).root().hex() == ROOTS[size - 1]


@pytest.mark.parametrize(("index", "size"), INCLUSION)
def test_published_inclusion_proofs(index: int, size: int) -> None:
    proof = inclusion_proof(index, size, reader(LEAVES))
    assert [sibling.hex() for sibling in proof] == INCLUSION[index, size]
    root = bytes.fromhex(ROOTS[size - 1])
    assert verify_inclusion(LEAVES[index], index=index, size=size, proof=proof, root=root)


@pytest.mark.parametrize(("first", "second"), CONSISTENCY)
def test_published_consistency_proofs(first: int, second: int) -> None:
    proof = consistency_proof(first, second, reader(LEAVES))
    assert [sibling.hex() for sibling in proof] == CONSISTENCY[first, second]
    first_root, second_root = bytes.fromhex(ROOTS[first - 1]), bytes.fromhex(ROOTS[second - 1])
    assert verify_consistency(first=first, second=second, first_root=first_root, second_root=second_root, proof=proof)


@pytest.mark.parametrize("prefix", ["_LEAF", "_NODE"])
def test_a_tree_that_drops_a_prefix_misses_the_published_roots(prefix: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merkle, prefix, b"")
    leaves = [leaf_hash(bytes.fromhex(entry)) for entry in ENTRIES]
    assert Frontier().extend(leaves).root().hex() != ROOTS[-1]


def test_without_prefixes_a_node_could_be_passed_off_as_an_entry() -> None:
    forged_entry = LEAVES[0] + LEAVES[1]
    assert sha256(forged_entry).digest() == sha256(LEAVES[0] + LEAVES[1]).digest()
    assert leaf_hash(forged_entry) != node_hash(LEAVES[0], LEAVES[1])


@given(st.integers(0, 300))
def test_the_frontier_has_the_root_of_the_definition_and_survives_storing(size: int) -> None:
    leaves = some_leaves(size)
    frontier = Frontier()
    for leaf in leaves:
        frontier = frontier.append(leaf)
    assert frontier == Frontier().extend(leaves)
    assert frontier.root() == naive_root(leaves)
    assert Frontier.from_hex(frontier.size, frontier.to_hex()) == frontier


@given(st.data())
@settings(deadline=None)
def test_every_inclusion_proof_holds_and_fits_nothing_else(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 200))
    index = data.draw(st.integers(0, size - 1))
    leaves = some_leaves(size)
    root, proof = naive_root(leaves), inclusion_proof(index, size, reader(leaves))
    assert len(proof) <= (size - 1).bit_length()
    assert verify_inclusion(leaves[index], index=index, size=size, proof=proof, root=root)
    other = data.draw(st.integers(-1, size + 1).filter(lambda number: number != index))
    assert not verify_inclusion(leaves[index], index=other, size=size, proof=proof, root=root)
    assert not verify_inclusion(leaf_hash(b"forged"), index=index, size=size, proof=proof, root=root)
    assert not verify_inclusion(leaves[index], index=index, size=size, proof=[*proof, root], root=root)
    for place in range(len(proof)):
        damaged = [*proof[:place], leaf_hash(b"damage"), *proof[place + 1 :]]
        assert not verify_inclusion(leaves[index], index=index, size=size, proof=damaged, root=root)
        shorter = proof[:place] + proof[place + 1 :]
        assert not verify_inclusion(leaves[index], index=index, size=size, proof=shorter, root=root)


@given(st.data())
@settings(deadline=None)
def test_every_consistency_proof_holds_and_a_changed_history_never_does(data: st.DataObject) -> None:
    second = data.draw(st.integers(1, 200))
    first = data.draw(st.integers(1, second))
    leaves = some_leaves(second)
    old, new = naive_root(leaves[:first]), naive_root(leaves)
    proof = consistency_proof(first, second, reader(leaves))
    assert verify_consistency(first=first, second=second, first_root=old, second_root=new, proof=proof)
    edited = leaves.copy()
    edited[data.draw(st.integers(0, first - 1))] = leaf_hash(b"edited")
    lying, forged = consistency_proof(first, second, reader(edited)), naive_root(edited)
    assert not verify_consistency(first=first, second=second, first_root=old, second_root=forged, proof=lying)
    longer = [*proof, new]
    assert not verify_consistency(first=first, second=second, first_root=old, second_root=new, proof=longer)
    for place in range(len(proof)):
        damaged = [*proof[:place], leaf_hash(b"damage"), *proof[place + 1 :]]
        assert not verify_consistency(first=first, second=second, first_root=old, second_root=new, proof=damaged)


def test_the_empty_tree_is_the_beginning_of_every_tree() -> None:
    root = naive_root(LEAVES)
    assert verify_consistency(first=0, second=8, first_root=EMPTY_ROOT, second_root=root, proof=[])
    assert not verify_consistency(first=0, second=8, first_root=root, second_root=root, proof=[])
    assert not verify_consistency(first=0, second=8, first_root=EMPTY_ROOT, second_root=root, proof=[root])


def test_proofs_of_the_wrong_shape_are_not_believed() -> None:
    root = naive_root(LEAVES)
    assert not verify_consistency(first=6, second=8, first_root=root, second_root=root, proof=[])
    assert not verify_consistency(first=6, second=8, first_root=root, second_root=root, proof=[b"short"])
    assert not verify_consistency(first=8, second=6, first_root=root, second_root=root, proof=[root])
    assert not verify_inclusion(LEAVES[0], index=0, size=2, proof=[b"short"], root=root)


def test_proofs_of_a_large_tree_stay_short() -> None:
    leaves = some_leaves(5000)
    proof = inclusion_proof(4097, 5000, reader(leaves))
    assert len(proof) <= 13
    assert verify_inclusion(leaves[4097], index=4097, size=5000, proof=proof, root=Frontier().extend(leaves).root())


@pytest.mark.parametrize(("index", "size"), [(0, 0), (3, 3), (-1, 3)])
def test_a_leaf_outside_the_tree_has_no_proof(index: int, size: int) -> None:
    with pytest.raises(MerkleRefused):
        inclusion_proof(index, size, reader(LEAVES))


@pytest.mark.parametrize(("first", "second"), [(0, 3), (4, 3)])
def test_no_consistency_proof_from_nothing_or_backwards(first: int, second: int) -> None:
    with pytest.raises(MerkleRefused):
        consistency_proof(first, second, reader(LEAVES))


def test_a_log_that_gives_too_few_leaves_and_a_damaged_frontier_are_refused() -> None:
    with pytest.raises(MerkleRefused, match="gave 2 leaves"):
        inclusion_proof(0, 8, reader(LEAVES[:6]))
    with pytest.raises(MerkleRefused, match="full subtrees"):
        Frontier.from_hex(3, [ROOTS[0]])
    with pytest.raises(MerkleRefused, match="32 bytes"):
        Frontier.from_hex(1, ["00"])
    with pytest.raises(ValueError, match="hexadecimal"):
        Frontier.from_hex(1, ["zz"])
