"""SPARQL services for tests: one in this process, which can misbehave, and real ones where they are installed."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.error import URLError
from urllib.parse import parse_qs
from urllib.request import urlopen

import pyoxigraph as ox

Behaviour = Callable[[BaseHTTPRequestHandler, dict[str, list[str]]], None]
JSON = "application/sparql-results+json"


def send(handler: BaseHTTPRequestHandler, body: bytes, *, status: int = 200, kind: str = JSON, **headers: str) -> None:
    handler.send_response(status)
    handler.send_header("Content-Type", kind)
    for name, value in {"Content-Length": str(len(body)), **headers}.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body)


@contextmanager
def served(behaviour: Behaviour, tls: ssl.SSLContext | None = None) -> Iterator[str]:
    """Serve what a behaviour sends for each POST; the address is given."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            form = self.rfile.read(int(self.headers["Content-Length"])).decode()
            with suppress(OSError):  # the client has left, as it should
                behaviour(self, parse_qs(form))

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http{'s' if tls else ''}://localhost:{server.server_address[1]}/query"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def answering(store: ox.Store, *, union: bool = True, asked: list[dict[str, list[str]]] | None = None) -> Behaviour:
    """Answer from a store, as SPARQL 1.1 Protocol says."""

    def behave(handler: BaseHTTPRequestHandler, form: dict[str, list[str]]) -> None:
        assert handler.headers["Accept"] == JSON
        if asked is not None:
            asked.append(form)
        default = [ox.NamedNode(graph) for graph in form.get("default-graph-uri", [])]
        named = [ox.NamedNode(graph) for graph in form.get("named-graph-uri", [])]
        try:
            found = store.query(
                form["query"][0],
                use_default_graph_as_union=union and not default,
                default_graph=default or None,
                named_graphs=named or None,
            )
        except SyntaxError as error:
            send(handler, str(error).encode(), status=400, kind="text/plain")
            return
        assert isinstance(found, ox.QuerySolutions | ox.QueryBoolean)
        send(handler, found.serialize(format=ox.QueryResultsFormat.JSON) or b"")

    return behave


def free_port() -> int:
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        port: int = opened.getsockname()[1]
        return port


def oxigraph_binary() -> str | None:
    return shutil.which("oxigraph") or shutil.which("oxigraph", path=str(Path(sys.executable).parent))


@contextmanager
def oxigraph(export: Path, folder: Path, *options: str) -> Iterator[str]:
    """Run the server of Oxigraph with an export; the address is given."""
    binary = oxigraph_binary()
    assert binary is not None
    subprocess.run(
        [binary, "load", "--location", str(folder), "--file", str(export)], check=True, capture_output=True, timeout=60
    )
    port = free_port()
    command = [binary, "serve-read-only", "--location", str(folder), "--bind", f"127.0.0.1:{port}", *options]
    with started(command, f"http://127.0.0.1:{port}/"):
        yield f"http://127.0.0.1:{port}/query"


@contextmanager
def virtuoso(export: Path, folder: Path) -> Iterator[str]:
    """Run Virtuoso with an export; the address is given."""
    folder.mkdir()
    sql, web = free_port(), free_port()
    settings = folder / "virtuoso.ini"
    settings.write_text(VIRTUOSO.format(folder=folder, sql=sql, web=web, data=export.parent), encoding="utf-8")
    command = ["virtuoso-t", "+configfile", str(settings), "+foreground"]
    with started(command, f"http://127.0.0.1:{web}/", cwd=folder):
        load = f"DB.DBA.TTLP_MT(file_to_string_output('{export}'), '', 'urn:x', 512); checkpoint;"
        client = ["isql-vt", f"127.0.0.1:{sql}", "dba", "dba", f"exec={load}"]
        subprocess.run(client, check=True, capture_output=True, timeout=120)
        yield f"http://127.0.0.1:{web}/sparql"


@contextmanager
def started(command: list[str], address: str, cwd: Path | None = None) -> Iterator[None]:
    """Run a server until the end of the block, which begins when it answers."""
    null = subprocess.DEVNULL
    with subprocess.Popen(command, stdin=null, stdout=null, stderr=null, cwd=cwd) as process:
        try:
            _wait(address, process)
            yield
        finally:
            process.terminate()
            try:
                process.wait(20)
            finally:
                process.kill()


def _wait(address: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        assert process.poll() is None, f"{process.args!r} ended"
        try:
            urlopen(address, timeout=5).close()
        except URLError as error:
            if not hasattr(error, "code"):  # an HTTP error is an answer
                time.sleep(0.1)
                continue
            error.close()  # type: ignore[attr-defined]
        except OSError:
            time.sleep(0.1)
            continue
        return
    raise AssertionError(f"{address} does not answer")


VIRTUOSO = """
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
[TempDatabase]
DatabaseFile = {folder}/temporary.db
TransactionFile = {folder}/temporary.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
ServerThreads = 5
DirsAllowed = {data}
NumberOfBuffers = 10000
[HTTPServer]
ServerPort = 127.0.0.1:{web}
ServerThreads = 3
ServerRoot = {folder}
[SPARQL]
ResultSetMaxRows = 100000
"""
