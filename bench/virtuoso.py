"""Virtuoso 7: its configuration, its bulk loader, and the graph that stands for the default graph, which it has none of."""

from __future__ import annotations

import time
from collections.abc import Sequence
from urllib.parse import quote

from bench.processes import Process, ProcessFailed, read_end, run_program
from bench.servers import STARTING, Server, find_port

_DEFAULT_GRAPH = "urn:x-bench:default"
# The buffers are pages of 8 KB: 340,000 are what its own configuration advises for 4 GB.
_INI = """[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
FileExtend = 200
MaxCheckpointRemap = 2000
[TempDatabase]
DatabaseFile = virtuoso-temp.db
TransactionFile = virtuoso-temp.trx
MaxCheckpointRemap = 2000
[Parameters]
ServerPort = 127.0.0.1:{sql_port}
DisableUnixSocket = 1
MaxClientConnections = 20
CheckpointInterval = 0
CaseMode = 2
DirsAllowed = ., {data}
NumberOfBuffers = 340000
MaxDirtyBuffers = 250000
ThreadsPerQuery = 2
AsyncQueueMaxThreads = 4
MaxQueryMem = 2G
[HTTPServer]
ServerPort = 127.0.0.1:{http_port}
ServerRoot = .
ServerThreads = 20
MaxKeepAlives = 20
KeepAliveTimeout = 600
Charset = UTF-8
[SPARQL]
ResultSetMaxRows = 10000000
DefaultQuery = SELECT * {{ ?s ?p ?o }} LIMIT 1
"""


class Virtuoso(Server):
    """Virtuoso with its data on disk and buffers in memory."""

    name = "virtuoso"

    def load(self) -> float:
        start = time.monotonic()
        self._sql_port = find_port()
        ini = _INI.format(sql_port=self._sql_port, http_port=self.port, data=self.dataset.file.parent)
        (self.folder / "virtuoso.ini").write_text(ini, encoding="ascii")
        server = Process(self.make_command(), self.log, self.folder)
        try:
            self._wait_for_sql(server)
            folder, file = self.dataset.file.parent.resolve(), self.dataset.file.name
            self._run_sql(f"ld_dir('{folder}', '{file}', '{_DEFAULT_GRAPH}'); rdf_loader_run(); checkpoint;")
            self._run_sql(
                "select concat('LOADED ', cast(count(*) as varchar)) from load_list where ll_state = 2 and ll_error is null;"
            )
            if "LOADED 1" not in self.log.read_text(encoding="utf-8", errors="replace"):
                raise ProcessFailed(f"the file was not loaded: {read_end(self.log)}")
        finally:
            server.stop()
        return time.monotonic() - start

    def make_command(self) -> Sequence[str]:
        return ["virtuoso-t", "-f", "-c", str(self.folder / "virtuoso.ini")]

    def make_path(self, query: str, *, names_graphs: bool) -> str:
        graph = "" if names_graphs else f"default-graph-uri={quote(_DEFAULT_GRAPH, safe='')}&"
        return f"/sparql?{graph}query={quote(query, safe='')}"

    def _wait_for_sql(self, server: Process) -> None:
        deadline = time.monotonic() + 120
        while True:
            server.check_running()
            try:
                self._run_sql("status();")
            except ProcessFailed:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)
            else:
                return

    def _run_sql(self, statements: str) -> None:
        run_program(
            ["isql-vt", f"127.0.0.1:{self._sql_port}", "dba", "dba", f"exec={statements}"], self.log, self.folder, STARTING
        )
