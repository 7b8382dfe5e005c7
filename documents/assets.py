"""What a page may load while it is drawn: our own named assets and small inline images, nothing from disk or
network.
"""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from types import MappingProxyType
from typing import Any

from weasyprint.urls import URLFetcher, URLFetcherResponse

LARGEST_INLINE_IMAGE = 512 * 1024


class AssetRefused(ValueError):
    """A page asked for something it may not load."""


class Assets(URLFetcher):  # type: ignore[misc]
    """Serves `asset:name` from the given bytes and `data:image/…` up to 512 KB; refuses (AssetRefused)
    everything else.
    """

    def __init__(self, named: Mapping[str, tuple[bytes, str]] = MappingProxyType({})) -> None:
        super().__init__(allowed_protocols={"asset", "data"}, allow_redirects=False, fail_on_errors=True)
        self._named = dict(named)

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        """The bytes behind `url`; `named` maps a name to (bytes, media type)."""
        if url.startswith("asset:"):
            try:
                content, media_type = self._named[url.removeprefix("asset:")]
            except KeyError:
                raise AssetRefused(f"no asset of this name: {url}") from None
            return URLFetcherResponse(url, BytesIO(content), {"Content-Type": media_type})
        if not url.startswith("data:image/"):
            raise AssetRefused(f"pages may not load {url[:80]}")
        if len(url) > LARGEST_INLINE_IMAGE:
            raise AssetRefused(f"inline image of {len(url)} characters; at most {LARGEST_INLINE_IMAGE} are allowed")
        return super().fetch(url, headers)
