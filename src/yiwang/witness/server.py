"""HTTP for the witness, on the standard library, with hard limits on sizes, times and connections.

Meant to stand behind the usual HTTPS server of the house; see docs/security/witnesses.md.
"""

from __future__ import annotations

import socket
import socketserver
import sys
import threading
import time
import traceback
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

from yiwang.witness.request import MAX_BODY
from yiwang.witness.service import PLAIN, TILE, Answer, Witness

MAX_CONNECTIONS = 64
SECONDS_PER_PACKET = 15.0
"""A connection that says nothing for so long is closed (also a kept-alive one)."""
SECONDS_PER_BODY = 30.0
"""A body that takes longer than this in all is not read to its end."""


class WitnessServer(socketserver.ThreadingMixIn, HTTPServer):
    """A listening server. ``serve_forever`` runs it, ``shutdown`` from another thread ends it.

    Args:
        witness: what answers.
        host, port: where to listen; port 0 lets the system choose.

    Raises:
        OSError: the address cannot be had.
    """

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, witness: Witness, host: str, port: int) -> None:
        self.witness = witness
        self._places = threading.BoundedSemaphore(MAX_CONNECTIONS)
        self._live: set[socket.socket] = set()
        if ":" in host:
            self.address_family = socket.AF_INET6
        super().__init__((host, port), _Handler)

    def server_bind(self) -> None:
        """Bind without the look-up of the host's name, which may hang."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])

    @property
    def url(self) -> str:
        """The submission and monitoring prefix, as seen on this machine."""
        host = f"[{self.server_name}]" if ":" in self.server_name else self.server_name
        return f"http://{host}:{self.server_port}"

    def process_request(self, request: Any, client_address: Any) -> None:
        """Serve a connection in a thread of its own; close it at once when there are too many."""
        if not self._places.acquire(blocking=False):
            self.shutdown_request(request)
            return
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """The thread of one connection."""
        self._live.add(request)
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._live.discard(request)
            self._places.release()

    def server_close(self) -> None:
        """Stop listening, and end the connections that are kept alive."""
        super().server_close()
        for connection in list(self._live):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no fault of ours; anything else is reported."""
        if not isinstance(sys.exc_info()[1], OSError):
            traceback.print_exc()


class _BodyError(Exception):
    def __init__(self, status: int, text: str) -> None:
        self.status, self.text = status, text


class _Handler(BaseHTTPRequestHandler):
    server: WitnessServer
    protocol_version = "HTTP/1.1"
    server_version = "yiwang-witness"
    sys_version = ""
    timeout = SECONDS_PER_PACKET
    wbufsize = -1  # status, headers and body in one packet

    def do_POST(self) -> None:
        try:
            body = self._body()
        except _BodyError as error:
            self.close_connection = True
            self._send(Answer(error.status, f"{error.text}\n".encode()))
            return
        if self.path != "/add-checkpoint":
            self._send(_NOT_FOUND)
            return
        try:
            answer = self.server.witness.add_checkpoint(body)
        except Exception:
            traceback.print_exc()
            answer = _FAULT
        self._send(answer)

    def do_GET(self) -> None:
        try:
            answer, cache = self._found()
        except Exception:
            traceback.print_exc()
            answer, cache = _FAULT, "no-store"
        self._send(answer, cache)

    do_HEAD = do_GET

    def _found(self) -> tuple[Answer, str]:
        """What a GET asks for, and how long it may be cached."""
        witness = self.server.witness
        if self.path == "/":
            lines = [witness.keys.name, "https://c2sp.org/tlog-witness", *map(str, witness.keys.vkeys())]
            return Answer(200, "".join(f"{line}\n" for line in lines).encode()), "no-store"
        origin_hash, _, rest = self.path[1:].partition("/")
        if rest == "checkpoint":
            note = witness.checkpoint(origin_hash)
            return (Answer(200, note), "max-age=2") if note else (_NOT_FOUND, "no-store")
        tile = witness.tile(origin_hash, rest)
        if tile is None:
            return _NOT_FOUND, "no-store"
        return Answer(200, tile, TILE), "max-age=31536000, immutable"

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """What the base class says of requests that are not HTTP: in plain text, and the connection ends."""
        self.close_connection, self.request_version = True, self.protocol_version
        self._send(Answer(int(code), f"{message or 'not a request'} / 请求不合规\n".encode()))

    def _body(self) -> bytes:
        lengths = self.headers.get_all("Content-Length", [])
        if self.headers.get("Transfer-Encoding") is not None or len(lengths) != 1:
            raise _BodyError(411, "one Content-Length is needed / 须有 Content-Length")
        if not (lengths[0].isascii() and lengths[0].isdigit()):
            raise _BodyError(400, "Content-Length is not a number / Content-Length 不是数字")
        if len(lengths[0]) > 9 or int(lengths[0]) > MAX_BODY:
            raise _BodyError(413, f"the body is longer than {MAX_BODY} bytes / 请求过长")
        wanted, parts, end = int(lengths[0]), [], time.monotonic() + SECONDS_PER_BODY
        while wanted:
            part = self.rfile.read1(wanted)
            if not part or time.monotonic() > end:
                raise _BodyError(400, "the body ends early / 请求不完整")
            parts.append(part)
            wanted -= len(part)
        return b"".join(parts)

    def _send(self, answer: Answer, cache: str = "no-store") -> None:
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.kind)
        self.send_header("Content-Length", str(len(answer.body)))
        self.send_header("Cache-Control", cache)
        self.send_header("X-Content-Type-Options", "nosniff")
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)
        self.wfile.flush()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Say nothing about requests: the log of the HTTPS server in front has them."""


_NOT_FOUND = Answer(404, "not here\n没有这一页\n".encode(), PLAIN)
_FAULT = Answer(500, "a fault of the witness; it has cosigned nothing\n见证程序故障，没有签名\n".encode(), PLAIN)
