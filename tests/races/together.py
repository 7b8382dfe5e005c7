"""Runs the same act in many threads that start at the same moment, and collects how each of them ended."""

import threading
from collections.abc import Callable
from typing import Any

THREADS = 16


def together(act: Callable[[int], Any], *, threads: int = THREADS) -> list[Any]:
    """What each thread answered or raised, in the order of their numbers (0 to threads - 1)."""
    barrier = threading.Barrier(threads)
    ended: list[Any] = [None] * threads

    def one(number: int) -> None:
        barrier.wait(timeout=60)
        try:
            ended[number] = act(number)
        except Exception as error:
            ended[number] = error

    running = [threading.Thread(target=one, args=(number,)) for number in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join(timeout=100)
    return ended
