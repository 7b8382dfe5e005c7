"""The city of the console's tests, for programs."""

from tests.web.conftest import app, scene, staged

__all__ = ["app", "scene", "staged"]
