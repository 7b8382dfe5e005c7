"""The Merkle tree of the audit log (RFC 6962 §2.1): roots, proofs that an entry is in it and that it only grew."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

LeavesReader = Callable[[int, int], Sequence[bytes]]
"""Reads the leaf hashes number start (counted from 0) up to, but without, stop."""

EMPTY_ROOT = sha256(b"").digest()

_LEAF, _NODE = b"\x00", b"\x01"
_HASH_SIZE = 32
_BATCH = 1024


class MerkleRefused(ValueError):
    """A tree or a proof was asked for that cannot exist."""


def leaf_hash(data: bytes) -> bytes:
    """The hash of one log entry. Its prefix keeps a leaf from ever being passed off as an inner node."""
    return sha256(_LEAF + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node over its two children."""
    return sha256(_NODE + left + right).digest()


@dataclass(frozen=True, slots=True)
class Frontier:
    """All a growing tree must remember: its size and the roots of its full subtrees, the largest first."""

    size: int = 0
    subtrees: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        """Refuse (MerkleRefused) subtrees that do not fit the size: one per binary one of it, 32 bytes each."""
        if self.size < 0 or len(self.subtrees) != self.size.bit_count():
            raise MerkleRefused(f"a tree of {self.size} leaves does not have {len(self.subtrees)} full subtrees")
        if any(len(subtree) != _HASH_SIZE for subtree in self.subtrees):
            raise MerkleRefused("a subtree root is 32 bytes long")

    def append(self, leaf: bytes) -> Frontier:
        """The frontier after one more leaf hash."""
        return self.extend((leaf,))

    def extend(self, leaves: Iterable[bytes]) -> Frontier:
        """The frontier after some more leaf hashes, in their order."""
        size, subtrees = self.size, list(self.subtrees)
        for leaf in leaves:
            carried, remaining = leaf, size
            while remaining & 1:
                carried = node_hash(subtrees.pop(), carried)
                remaining >>= 1
            subtrees.append(carried)
            size += 1
        return Frontier(size, tuple(subtrees))

    def root(self) -> bytes:
        """The Merkle tree hash of all leaves so far, 32 bytes."""
        if not self.subtrees:
            return EMPTY_ROOT
        *larger, root = self.subtrees
        for subtree in reversed(larger):
            root = node_hash(subtree, root)
        return root

    def to_hex(self) -> list[str]:
        """The subtree roots as hexadecimal text, the largest first; with `size` it is all there is to store."""
        return [subtree.hex() for subtree in self.subtrees]

    @classmethod
    def from_hex(cls, size: int, subtrees: Iterable[str]) -> Frontier:
        """The frontier stored as `size` and `to_hex`. Refuses (ValueError) what does not fit."""
        return cls(size, tuple(bytes.fromhex(subtree) for subtree in subtrees))


def inclusion_proof(index: int, size: int, read: LeavesReader) -> list[bytes]:
    """The audit path of leaf `index` (from 0) in the tree of the first `size` leaves, nearest the leaf first.

    Reads every leaf once, in batches. Refuses (MerkleRefused) an index outside the tree. Source: RFC 6962 §2.1.1.
    """
    if not 0 <= index < size:
        raise MerkleRefused(f"there is no leaf {index} in a tree of {size}")
    return [_range_root(start, stop, read) for start, stop in _path_ranges(index, 0, size)]


def consistency_proof(first: int, second: int, read: LeavesReader) -> list[bytes]:
    """Shows that the tree of the first `second` leaves begins with the tree of the first `first` ones.

    Empty when both are the same tree. Refuses (MerkleRefused) unless 0 < first <= second. Source: RFC 6962 §2.1.2.
    """
    if not 0 < first <= second:
        raise MerkleRefused(f"no consistency proof leads from {first} to {second} leaves")
    return [_range_root(start, stop, read) for start, stop in _consistency_ranges(first, second)]


def verify_inclusion(leaf: bytes, *, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """True when `proof` shows leaf hash `leaf` to be number `index` of the tree with `size` leaves and this `root`."""
    if not 0 <= index < size or any(len(sibling) != _HASH_SIZE for sibling in proof):
        return False
    node, last, computed = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if node & 1 or node == last:
            computed = node_hash(sibling, computed)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            computed = node_hash(computed, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and computed == root


def verify_consistency(
    *, first: int, second: int, first_root: bytes, second_root: bytes, proof: Sequence[bytes]
) -> bool:
    """True when `proof` shows that the later tree begins with all leaves of the earlier one, unchanged.

    The empty tree is the beginning of every tree, with an empty proof.
    """
    if first == 0:
        return second >= 0 and not proof and first_root == EMPTY_ROOT
    if first == second:
        return not proof and first_root == second_root
    if not 0 < first < second or any(len(sibling) != _HASH_SIZE for sibling in proof):
        return False
    hashes = list(proof)
    if first & (first - 1) == 0:
        hashes.insert(0, first_root)
    return bool(hashes) and _fold_consistency(first, second, hashes) == (first_root, second_root)


def _fold_consistency(first: int, second: int, hashes: list[bytes]) -> tuple[bytes, bytes] | None:
    node, last = first - 1, second - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    old = new = hashes[0]
    for sibling in hashes[1:]:
        if last == 0:
            return None
        if node & 1 or node == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        node, last = node >> 1, last >> 1
    return (old, new) if last == 0 else None


def _path_ranges(index: int, start: int, stop: int) -> Iterator[tuple[int, int]]:
    """The sibling ranges on the way from leaf `index` up to the root over start..stop."""
    if stop - start == 1:
        return
    middle = start + _split(stop - start)
    if index < middle:
        yield from _path_ranges(index, start, middle)
        yield middle, stop
    else:
        yield from _path_ranges(index, middle, stop)
        yield start, middle


def _consistency_ranges(first: int, second: int) -> list[tuple[int, int]]:
    ranges: list[tuple[int, int]] = []
    start, stop, whole = 0, second, True
    while first != stop:
        middle = start + _split(stop - start)
        if first <= middle:
            ranges.append((middle, stop))
            stop = middle
        else:
            ranges.append((start, middle))
            start, whole = middle, False
    if not whole:
        ranges.append((start, stop))
    return ranges[::-1]


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << ((size - 1).bit_length() - 1)


def _range_root(start: int, stop: int, read: LeavesReader) -> bytes:
    frontier = Frontier()
    for first in range(start, stop, _BATCH):
        last = min(stop, first + _BATCH)
        leaves = read(first, last)
        if len(leaves) != last - first:
            raise MerkleRefused(f"the log gave {len(leaves)} leaves for {first} up to {last}")
        frontier = frontier.extend(leaves)
    return frontier.root()
