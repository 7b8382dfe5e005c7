"""Named points around every commit and every call to the outside, where a test may stop the process."""

from collections.abc import Callable

Hook = Callable[[str], None]
_hooks: list[Hook] = []


def reach(name: str) -> None:
    """Tell whoever listens that execution reached the point `name`; does nothing outside of crash tests."""
    for hook in _hooks:
        hook(name)


def listen(hook: Hook) -> Callable[[], None]:
    """Install a listener and return the function that removes it."""
    _hooks.append(hook)
    return lambda: _hooks.remove(hook)
