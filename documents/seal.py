"""The red sample seal: a round drawing that carries 样章 and is no real seal."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class SealCharacter:
    """One character on the arc: its place in millimetres from the centre, and its turn in degrees."""

    text: str
    x: float
    y: float
    turn: float
    size: float


def seal_characters(issuer_name: str) -> tuple[SealCharacter, ...]:
    """Places the issuer's name left to right along the upper arc of a seal of 42 mm, feet towards the centre."""
    radius, widest, count = 15.8, 250.0, len(issuer_name)
    size = 4.6 if count <= 12 else max(2.6, 4.6 * 12 / count + 0.4)
    step = min(24.0, widest / max(count - 1, 1))
    characters = []
    for position, text in enumerate(issuer_name):
        turn = step * (position - (count - 1) / 2)
        angle = math.radians(turn)
        characters.append(
            SealCharacter(
                text,
                round(radius * math.sin(angle), 3),
                round(-radius * math.cos(angle), 3),
                round(turn, 2),
                round(size, 2),
            )
        )
    return tuple(characters)


def star_path(radius: float = 6.2) -> str:
    """SVG path of the upright five-pointed star in the middle of a seal; radius in millimetres."""
    points = []
    for corner in range(10):
        reach = radius if corner % 2 == 0 else radius * 0.381966
        angle = math.radians(36 * corner)
        points.append(f"{reach * math.sin(angle):.3f} {-reach * math.cos(angle):.3f}")
    return "M" + "L".join(points) + "Z"
