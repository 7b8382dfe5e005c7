"""Where copies of a database are made and thrown away: files beside each other, or databases of one server."""

import itertools
import shutil
from pathlib import Path
from typing import Protocol

from sqlalchemy.engine import make_url

from tests.database_fixtures import PostgresServer, text_of


class Place(Protocol):
    """Copies databases; addresses are as `open_database` takes them."""

    def copy(self, address: str) -> str:
        """A copy of a database nobody has open; its address."""

    def again(self, address: str) -> str:
        """A copy that always has the same address, `again_address`; the one before is thrown away."""

    def again_address(self) -> str:
        """Where `again` copies to."""

    def drop(self, address: str) -> None:
        """Throw a copy away."""


class FilePlace:
    """SQLite: a copy is a copied file (its owner has closed it, so that there is no log beside it)."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._numbers = itertools.count(1)

    def copy(self, address: str) -> str:
        target = self.folder / f"copy{next(self._numbers)}.sqlite"
        shutil.copyfile(str(make_url(address).database), target)
        return f"sqlite:///{target}"

    def again(self, address: str) -> str:
        target = self.again_address()
        self.drop(target)
        shutil.copyfile(str(make_url(address).database), str(make_url(target).database))
        return target

    def again_address(self) -> str:
        return f"sqlite:///{self.folder / 'again.sqlite'}"

    def drop(self, address: str) -> None:
        for suffix in ("", "-wal", "-shm"):
            Path(str(make_url(address).database) + suffix).unlink(missing_ok=True)


_copies = itertools.count(1)
"""Counts through all places of a process, which share one server."""


class ServerPlace:
    """PostgreSQL: a copy is a database made from another as its template."""

    def __init__(self, server: PostgresServer) -> None:
        self.server = server

    def copy(self, address: str) -> str:
        name = f"{self.server.prefix}_copy{next(_copies)}"
        return text_of(self.server.create(name, template=str(make_url(address).database)))

    def again(self, address: str) -> str:
        name = str(make_url(self.again_address()).database)
        self.server.drop(name)
        return text_of(self.server.create(name, template=str(make_url(address).database)))

    def again_address(self) -> str:
        return text_of(self.server.url.set(database=f"{self.server.prefix}_again"))

    def drop(self, address: str) -> None:
        self.server.drop(str(make_url(address).database))
