"""The key ring: made at the first start in a file that only the service can read, never in the database."""

import json
import os
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from services.errors import Refused, ServiceError
from services.settings import settings

KEY_BYTES = 32
FILE = "keys.json"


class KeysUnreadable(ServiceError):
    """A sealed value cannot be opened: the key is missing, or the value is not the one sealed for that place."""

    http_status = 503


@dataclass(frozen=True, slots=True)
class Ring:
    """The keys by their names; `current` is the one that seals, the others only open what was sealed before."""

    current: str
    keys: dict[str, bytes]

    def key(self, name: str) -> bytes:
        """That key; KeysUnreadable("protection.key_missing") when the ring has none of that name."""
        if name not in self.keys:
            raise KeysUnreadable("protection.key_missing", key=name)
        return self.keys[name]

    @property
    def newest_first(self) -> tuple[str, ...]:
        """Every name, the current key's first."""
        return (self.current, *(name for name in self.keys if name != self.current))


def ring_file() -> Path:
    """Where the key ring is kept: CHUKE_KEYS, else `keys.json` under the home folder."""
    present = settings()
    return (present.keys or present.home / FILE).resolve()


def ring() -> Ring:
    """The key ring as its file stands now; the file is made when there is none.

    A rotation by another process is seen at once. Refuses (KeysUnreadable) a file that others can read or that holds
    no key ring.
    """
    path = ring_file()
    try:
        found = path.stat()
    except FileNotFoundError:
        _make(path)
        found = path.stat()
    if found.st_mode & 0o077:
        raise KeysUnreadable("protection.keys_open")
    return _read(path, found.st_mtime_ns, found.st_ino)


@lru_cache(maxsize=4)
def _read(path: Path, _changed: int, _inode: int) -> Ring:
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        keys = {str(name): urlsafe_b64decode(text) for name, text in said["keys"].items()}
        current = said["current"]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise KeysUnreadable("protection.keys_malformed") from error
    if current not in keys or any(len(key) != KEY_BYTES for key in keys.values()):
        raise KeysUnreadable("protection.keys_malformed")
    return Ring(current, keys)


def _make(path: Path) -> None:
    """Two processes may start together: the first one's file stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    written = _written(path, _with_new_key(Ring("", {})))
    try:
        os.link(written, path)
    except FileExistsError:
        pass
    finally:
        written.unlink()
    _settle(path)


def add_key() -> str:
    """Put a new key on the ring, which seals from now on; the older ones stay to open what they sealed. Its name."""
    path, present = ring_file(), ring()
    added = _with_new_key(present)
    _written(path, added).replace(path)
    _settle(path)
    return added.current


def drop_key(name: str) -> None:
    """Take a key off the ring for good. Refused for the key in use; whoever calls has seen that nothing needs it."""
    path, present = ring_file(), ring()
    present.key(name)
    if name == present.current:
        raise Refused("protection.key_in_use", key=name)
    kept = {one: key for one, key in present.keys.items() if one != name}
    _written(path, Ring(present.current, kept)).replace(path)
    _settle(path)


def _with_new_key(present: Ring) -> Ring:
    name = f"k{len(present.keys) + 1}-{secrets.token_hex(3)}"
    return Ring(name, {name: secrets.token_bytes(KEY_BYTES), **present.keys})


def _written(path: Path, content: Ring) -> Path:
    """The ring in a file of its own beside `path`, safely on the disk and closed to everybody else."""
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    keys = {name: urlsafe_b64encode(key).decode() for name, key in content.keys.items()}
    text = json.dumps({"current": content.current, "keys": keys}, indent=1)
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return beside


def _settle(path: Path) -> None:
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@lru_cache(maxsize=64)
def derived(key: bytes, purpose: bytes) -> bytes:
    """A key for one purpose only (sealing, index), so that what leaks of one tells nothing of the other."""
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=purpose).derive(key)
