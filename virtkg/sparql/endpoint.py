"""A SPARQL service elsewhere: a query → its rows (SPARQL 1.1 Protocol, by POST).

Knows: HTTP, and how a service can fail. Must not know: what is asked, or how
rows are spelled. Imports http only when a connection is opened.

A service is not trusted: its answer is read up to a size, its words are shown
escaped, and no redirection is followed, since the query would go to somebody else.
"""

from __future__ import annotations

import re
import threading
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode, urlsplit

from virtkg.diagnostics import LimitReached, QueryError, SurroundingsError
from virtkg.record import record
from virtkg.sparql.guard import QueryForm, outline_of

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterator
    from http.client import HTTPConnection, HTTPResponse

    from virtkg.sparql.results import QueryResult

_JSON: Final = "application/sparql-results+json"
_READABLE: Final = (_JSON, "application/json")
_PIECE: Final = 1 << 16
_SAID: Final = 200
"""How many characters of a service's message are quoted."""

_HINTS: Final = {
    400: "the service does not read this query; ask --format sparql prints it",
    401: "virtkg sends no name and no password",
    403: "virtkg sends no name and no password",
    404: "check the path: it often ends in /sparql or /query",
    405: "check the path: it often ends in /sparql or /query",
    408: "allow more time there, or ask for less",
    429: "wait, and ask again",
    503: "wait, and ask again",
    504: "allow more time there, or ask for less",
}


@record
class Endpoint:
    """The address of a SPARQL service, and what one query to it may take.

    `default_graphs` and `named_graphs` are the dataset of each query; without
    them it is the one of the service.
    """

    url: str
    seconds: float = 30.0
    rows: int = 100_000
    output_bytes: int = 20_000_000
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Raise QueryError Q310 unless the address is one of HTTP or HTTPS."""
        why = _refused(self.url)
        if why:
            raise QueryError("Q310", f"“{_quoted(self.url)}” {why}", hint="for example http://localhost:7878/query")

    def query(self, text: str) -> QueryResult:
        """Return the answer to a SELECT or ASK query; its rows come as ORDER BY says, otherwise sorted by their text.

        Raises QueryError for a query that is no SPARQL or asks for a graph (Q302);
        LimitReached E501 when time, rows or bytes run out, here or there; SurroundingsError
        S610 if there is no connection, S611 if the service refuses, S612 if
        its answer is no SPARQL result, S613 if it breaks off.
        """
        from virtkg.sparql.json_results import read

        outline = outline_of(text)
        form = outline.form
        if form not in (QueryForm.SELECT, QueryForm.ASK):
            said = f"an endpoint is asked for rows, not for the graph of a {form.value} query"
            raise QueryError("Q302", said, hint="use SELECT or ASK, or leave out --endpoint")
        result = read(self._answer(text), form, self._not_results)
        if len(result.rows) > self.rows:
            hint = "add LIMIT to the query, or raise --limit"
            raise LimitReached("E501", f"the answer has more than {self.rows:,} rows", hint=hint)
        return result if outline.ordered else replace(result, rows=tuple(sorted(result.rows, key=_text)))

    def _answer(self, text: str) -> bytes:
        import http.client

        try:
            with self._watched() as connection:
                connection.request("POST", _target(self.url), self._form(text).encode(), _HEADERS)
                with connection.getresponse() as response:
                    body = self._read(response, whole=response.status == http.HTTPStatus.OK)
                    self._check(response, body)
                    return body
        except TimeoutError:
            raise self._too_late() from None
        except http.client.HTTPException as error:
            raise self._broken_off(type(error).__name__) from error
        except OSError as error:
            raise self._broken_off(error.strerror or str(error)) from error

    def _form(self, text: str) -> str:
        fields = [("query", text)]
        fields += [("default-graph-uri", graph) for graph in self.default_graphs]
        fields += [("named-graph-uri", graph) for graph in self.named_graphs]
        return urlencode(fields)

    @contextmanager
    def _watched(self) -> Iterator[HTTPConnection]:
        """Open a connection that is shut when the time is over, whatever the service does with it."""
        connection = self._connected()
        late = threading.Event()
        # The connection forgets its socket as soon as an answer begins that ends with it.
        open_socket: socket.socket = connection.sock

        def shut() -> None:
            import socket

            late.set()
            with suppress(OSError):
                open_socket.shutdown(socket.SHUT_RDWR)

        timer = threading.Timer(min(self.seconds, threading.TIMEOUT_MAX), shut)
        timer.daemon = True
        timer.start()
        try:
            yield connection
        except Exception:
            if late.is_set():
                raise self._too_late() from None
            raise
        else:
            # An answer without a length that was shut looks like a whole one.
            if late.is_set():
                raise self._too_late()
        finally:
            timer.cancel()
            connection.close()

    def _connected(self) -> HTTPConnection:
        import http.client
        import ssl

        parts = urlsplit(self.url)
        assert parts.hostname is not None
        connection: HTTPConnection
        if parts.scheme.lower() == "https":
            context = ssl.create_default_context()
            connection = http.client.HTTPSConnection(parts.hostname, parts.port, timeout=self.seconds, context=context)
        else:
            connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=self.seconds)
        try:
            connection.connect()
        except (OSError, UnicodeError) as error:
            connection.close()
            if isinstance(error, TimeoutError):
                raise self._too_late() from None
            if isinstance(error, ssl.SSLCertVerificationError):
                raise self._no_connection(f"its certificate is not valid: {error.verify_message}") from error
            raise self._no_connection(getattr(error, "strerror", None) or str(error)) from error
        return connection

    def _read(self, response: HTTPResponse, *, whole: bool) -> bytes:
        """Return the body, or of a refusal only its beginning."""
        parts: list[bytes] = []
        size = 0
        while part := response.read1(_PIECE):
            parts.append(part)
            size += len(part)
            if not whole and size >= _PIECE:
                break
            if size > self.output_bytes:
                hint = "ask for less: add LIMIT to the query, or select fewer variables"
                raise LimitReached("E501", f"the answer has more than {self.output_bytes:,} bytes", hint=hint)
        promised = response.getheader("Content-Length", "")
        if whole and promised.isascii() and promised.isdigit() and size < int(promised[:18]):
            raise self._broken_off(f"{size:,} of {int(promised[:18]):,} bytes came")
        return b"".join(parts)

    def _check(self, response: HTTPResponse, body: bytes) -> None:
        """Raise an error unless a response is a whole answer."""
        status = response.status
        if 300 <= status < 400:
            place = _quoted(response.getheader("Location", "another address"))
            hint = "virtkg follows no redirection: give the new address with --endpoint if you trust it"
            raise SurroundingsError("S611", f"{self._named()} has moved to {place}", hint=hint)
        if status != 200:
            said = _first_line(body)
            what = f"{self._named()} refuses the query: HTTP {status}" + (f", {said}" if said else "")
            raise SurroundingsError("S611", what, hint=_HINTS.get(status, "the message is the service's own"))
        kind = response.getheader("Content-Type", "").partition(";")[0].strip().lower()
        if kind not in _READABLE:
            raise self._not_results(f"it sends {_quoted(kind) or 'an unnamed format'}")
        if response.getheader("Content-Encoding", "identity").lower() != "identity":
            raise self._not_results("it is compressed, which virtkg did not ask for")
        # Virtuoso ends an answer early without an error, and says so only here.
        if response.getheader("X-SPARQL-MaxRows") or response.getheader("X-SQL-State", "").startswith("S1TAT"):
            said = f"{self._named()} sends only a part of the rows, by a limit of its own"
            raise LimitReached("E501", said, hint="ask for less, or raise the limit there")

    def _named(self) -> str:
        return f"the endpoint {_quoted(self.url)}"

    def _no_connection(self, why: str) -> SurroundingsError:
        said = f"no connection to {self._named()}: {_quoted(why)}"
        return SurroundingsError("S610", said, hint="check the address, and that the service runs")

    def _too_late(self) -> LimitReached:
        said = f"{self._named()} did not answer within {self.seconds:g} s"
        return LimitReached("E501", said, hint="allow more with --timeout, or ask for less")

    def _broken_off(self, why: str) -> SurroundingsError:
        said = f"the answer of {self._named()} broke off: {_quoted(why)}"
        return SurroundingsError("S613", said, hint="ask again; the log of the service may say why")

    def _not_results(self, why: str) -> SurroundingsError:
        said = f"the answer of {self._named()} is no SPARQL result in JSON: {_quoted(why)}"
        return SurroundingsError("S612", said, hint="check the path: it often ends in /sparql or /query")


_HEADERS: Final = {
    "Accept": _JSON,
    "Accept-Encoding": "identity",
    "Content-Type": "application/x-www-form-urlencoded",
    "User-Agent": "virtkg",
    "Connection": "close",
}


def _text(row: tuple[object, ...]) -> list[str]:
    return ["" if term is None else str(term) for term in row]


def _refused(url: str) -> str:
    """Return why a text is not the address of a service, "" if it is."""
    if re.search(r"[\x00-\x20\x7f-\x9f\ud800-\udfff\\]", url):
        return "is no address: it has a blank or a control character"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        return f"is no address: {error}"
    if parts.scheme.lower() not in ("http", "https") or not parts.hostname or port == 0:
        return "is no address of HTTP or HTTPS"
    if "@" in parts.netloc:
        return "has a user name, which virtkg does not send"
    if not url.isascii():
        return "has characters that an address must encode"
    return ""


def _target(url: str) -> str:
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _first_line(body: bytes) -> str:
    """Return the first line of a message with something in it; of a page, the first that is no markup."""
    text = re.sub(r"(?s)<(script|style)\b.*?</\1>|<[^>]*>", "\n", body[:_PIECE].decode(errors="replace"))
    line = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return _quoted(line)


def _quoted(text: str) -> str:
    """Return what a stranger said as a message may repeat it: short, no control characters."""
    clean = "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in text[:_SAID])
    return clean + ("…" if len(text) > _SAID else "")
