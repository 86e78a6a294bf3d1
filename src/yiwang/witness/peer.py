"""HTTP requests with hard limits: on time in all, on length, no redirects, one kept-alive connection per peer."""

from __future__ import annotations

import http.client
import socket
import threading
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

from yiwang.kernel.text import Text
from yiwang.tlog.errors import PolicyError


class PeerError(Exception):
    """No answer could be had: unreachable, too slow, too long, or not HTTP."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer: status, content type as sent, body."""

    status: int
    kind: str
    body: bytes


class Peer:
    """One URL prefix; requests to it go one after the other. Proxies of the environment are not used.

    Raises:
        PolicyError: not an http or https URL.
    """

    def __init__(self, url: str) -> None:
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port
        except ValueError:
            host, port = None, None
        if not host or parts.scheme not in ("http", "https") or parts.query or parts.fragment:
            form = Text("http://… 或 https://…", "http://... or https://...")
            raise PolicyError(f"网址不合规：{url}", f"not a usable URL: {url}", field="url", passes=form)
        self.url = url
        self._prefix = parts.path.rstrip("/")
        self._host, self._port, self._secure = host, port, parts.scheme == "https"
        self._connection: http.client.HTTPConnection | None = None
        self._turn = threading.Lock()

    def exchange(self, method: str, path: str, body: bytes | None = None, *, seconds: float, limit: int) -> Answer:
        """One request.

        Args:
            method: GET or POST.
            path: below the prefix, without a leading slash.
            body: what is sent.
            seconds: for everything: waiting for the requests before, connecting, sending, receiving.
            limit: longest body that is read, in bytes.

        Raises:
            PeerError: no answer within the limits.
        """
        end = time.monotonic() + seconds
        if not self._turn.acquire(timeout=max(0.0, seconds)):
            raise PeerError("an earlier request is still under way")
        try:
            return self._exchange(method, f"{self._prefix}/{path}", body, end, limit)
        except (OSError, http.client.HTTPException, ValueError) as error:
            self._drop()
            raise PeerError(_shown(f"{type(error).__name__}: {error}")) from error
        except PeerError:
            self._drop()
            raise
        finally:
            self._turn.release()

    def __del__(self) -> None:
        if getattr(self, "_connection", None) is not None:  # the constructor may have refused the URL
            self._drop()

    def _exchange(self, method: str, target: str, body: bytes | None, end: float, limit: int) -> Answer:
        kept = self._connection is not None
        try:
            return self._once(method, target, body, end, limit)
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
            if not kept:  # a kept connection may have been closed by the other side in the meantime: once more
                raise
            self._drop()
            return self._once(method, target, body, end, limit)

    def _once(self, method: str, target: str, body: bytes | None, end: float, limit: int) -> Answer:
        connection = self._open(end)
        # Timeouts of sockets are for one packet each: a peer that sends a byte now and then is cut off by this one.
        guard = threading.Timer(_left(end), _cut, (connection.sock,))
        guard.daemon = True
        guard.start()
        try:
            headers = {"Content-Type": "text/plain; charset=utf-8"} if body is not None else {}
            connection.request(method, target, body, headers)
            with connection.getresponse() as response:
                data = response.read(limit + 1)
                if len(data) > limit:
                    raise PeerError(f"the answer is longer than {limit} bytes")
            _left(end)  # a connection that was cut off looks like one that ended
            if response.will_close:
                self._drop()
            return Answer(response.status, response.headers.get("Content-Type", ""), data)
        finally:
            guard.cancel()

    def _open(self, end: float) -> http.client.HTTPConnection:
        connection = self._connection
        if connection is None:
            kind = http.client.HTTPSConnection if self._secure else http.client.HTTPConnection
            connection = kind(self._host, self._port, timeout=_left(end))
            connection.connect()
            self._connection = connection
        if connection.sock is not None:
            connection.sock.settimeout(_left(end))
        return connection

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _shown(text: str) -> str:
    """In one printable line: the other side's bytes may be in it."""
    return "".join(c if c.isprintable() else " " for c in text).rstrip()[:200]


def _left(end: float) -> float:
    left = end - time.monotonic()
    if left <= 0:
        raise PeerError("out of time")
    return left


def _cut(sock: socket.socket | None) -> None:
    if sock is not None:
        try:
            sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            return  # closed already
