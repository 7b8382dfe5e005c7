"""The signing process: the only one that can read the office's keys, and it signs only what was decided.

It listens on a socket that the worker may open, checks in the database what it is asked to sign, and writes one line
into its log for every act, refused ones too.
"""

import os
import socket
import socketserver
import struct
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf

from documents.press import SealPlace, left_to_sign
from documents.signed import examine
from flows.local_signer import LocalSigner
from flows.log import log
from flows.signer import SealOrder
from flows.signing_checks import demand_statement
from flows.signing_wire import PATIENCE_SECONDS, keys_to_wire, receive, send
from services.database.engine import Database
from services.database.work import reading
from services.errors import ServiceError
from services.issuance.signatures import Sealable, SealAway, SealRefused, demand_sealable

_log = log(__name__)
_PEER = struct.Struct("3i")


class SigningProcess:
    """Signs for whoever may open the socket, one act a connection."""

    def __init__(self, signer: LocalSigner, database: Database, *, clock: Callable[[], datetime]) -> None:
        self.signer, self.database, self.clock = signer, database, clock

    def answer(self, head: dict[str, Any], body: bytes) -> tuple[dict[str, Any], bytes]:
        """What is asked for. Refuses (SealRefused) every verb and every content it does not know to be decided."""
        verb = head.get("verb")
        if verb == "ready":
            self.signer.ready()
            return {}, b""
        if verb == "keys":
            return {"keys": keys_to_wire(self.signer.public_keys())}, b""
        if verb == "statement":
            return self._statement(body)
        if verb == "seal":
            return self._seal(head, body)
        raise SealRefused("seal.not_decided")

    def _statement(self, body: bytes) -> tuple[dict[str, Any], bytes]:
        with reading(self.database, self.clock()) as work:
            about = demand_statement(work, body, self.signer.public_keys())
        signature = self.signer.sign_statement(body)
        _log.info("signed", act="statement", about=about, sha256=sha256(body).hexdigest())
        return {}, signature

    def _seal(self, head: dict[str, Any], pdf: bytes) -> tuple[dict[str, Any], bytes]:
        asked, at = head["order"], self.clock()
        found = self._decided(asked, pdf)
        places = left_to_sign((SealPlace(**one) for one in asked["places"]), pressed=not found.room_for_seal)
        order = SealOrder(
            document_id=asked["document_id"], kind=found.kind, number=found.number, issuer_name=found.issuer_name,
            places=places,
        )  # fmt: skip
        sealed = self.signer.seal(pdf, order, at=at)
        _log.info(
            "signed", act="seal", document=order.document_id, number=found.number, sha256=sealed.sha256,
            unsigned=sha256(pdf).hexdigest(), level=sealed.level,
        )  # fmt: skip
        said = {"fingerprint": sealed.fingerprint, "level": sealed.level, "signed_at": at.isoformat()}
        return {"sealed": said}, sealed.pdf

    def _decided(self, asked: dict[str, Any], pdf: bytes) -> Sealable:
        """What the register says of the paper whose data the file carries."""
        if examine(pdf, ()).verdict != "unsigned":
            raise SealRefused("seal.other_contents", number=str(asked["number"]))
        with reading(self.database, self.clock()) as work:
            return demand_sealable(
                work, document_id=str(asked["document_id"]), number=str(asked["number"]), inputs_sha256=_data_hash(pdf)
            )


def _data_hash(pdf: bytes) -> str:
    """The hash of the data.json in the file: that of the decided inputs, when it is that paper's."""
    try:
        with pikepdf.open(BytesIO(pdf)) as document:
            return sha256(document.attachments["data.json"].get_file().read_bytes()).hexdigest()
    except (pikepdf.PdfError, KeyError, ValueError) as error:
        raise SealRefused("seal.not_decided") from error


class _Handler(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        """One frame in, one frame out."""
        line: socket.socket = self.request
        line.settimeout(PATIENCE_SECONDS)
        verb = "?"
        try:
            head, body = receive(line)
            verb = str(head.get("verb"))
            said, answer = _process_of(self.server).answer(head, body)
        except SealRefused as error:
            said, answer = {"refused": error.codes, "facts": error.facts}, b""
        except SealAway as error:
            said, answer = {"away": error.codes, "facts": error.facts}, b""
        except ServiceError as error:
            said, answer = {"away": ("seal.silent",), "facts": {"path": type(error).__name__}}, b""
        except Exception as error:
            # Whatever a caller sends must not end the process; what it was stands in the log.
            said, answer = {"refused": ("seal.not_decided",), "facts": dict[str, Any]()}, b""
            _log.warning("not_signed", verb=verb, peer=_peer_of(line), error=type(error).__name__)
        if "refused" in said:
            _log.warning("not_signed", verb=verb, peer=_peer_of(line), reason=said["refused"])
        with suppress(OSError):
            send(line, said, answer)


def _process_of(server: Any) -> SigningProcess:
    assert isinstance(server, _Server)
    return server.process


def _peer_of(line: socket.socket) -> str:
    """Process and user at the other end, as the kernel tells them."""
    if not hasattr(socket, "SO_PEERCRED"):
        return ""
    process, user, _ = _PEER.unpack(line.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _PEER.size))
    return f"pid {process} uid {user}"


class _Server(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True
    process: SigningProcess


def listening(process: SigningProcess, path: Path, *, mode: int = 0o660) -> _Server:
    """A server on that socket, not yet serving; the mode says who may ask. A socket left behind is replaced."""
    path.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
    if path.is_socket():
        path.unlink()
    # Nobody else may open it in the moment before its mode is set.
    before = os.umask(0o177)
    try:
        server = _Server(str(path), _Handler)
    finally:
        os.umask(before)
    path.chmod(mode)
    server.process = process
    return server


def serve_until(server: _Server, stop: threading.Event) -> None:
    """Serve until told to stop, then take the socket away, so that callers see at once that nobody is there."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.2}, name="signing", daemon=True)
    thread.start()
    stop.wait()
    server.shutdown()
    server.server_close()
    Path(str(server.server_address)).unlink(missing_ok=True)
