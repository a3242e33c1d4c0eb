"""The process that runs users' queries: it can open no connection, has bounded time and memory, and a large stack.

What the engine does not bound itself, the kernel does: RLIMIT_NOFILE of 0 leaves no descriptor for a socket, RLIMIT_AS ends
the process when a query takes too much memory, and an interval timer with its default action (SIGALRM) ends it when a query
takes too long. The web process sees the end of the pipe and starts another.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
import threading
from pathlib import Path
from typing import Any

from pyoxigraph import NamedNode, QueryBoolean, QueryTriples, Store

from lod.release import Release, open_release
from server.query_messages import Answer, Ask, read_message, write_message
from server.results import Unwritable, write_result

_WATCH = 0.2  # seconds between looks at whether the web process is still there
_STACK = 512 * 1024 * 1024  # bytes; the engine parses and plans by recursion


def run_worker(release_folder: str, seconds: float, memory: int) -> None:
    """Answers the queries that come on standard input until it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C reaches the whole group; the web process ends this one
    release = open_release(Path(release_folder))
    store = release.load_store()
    prefixes, context = release.prefixes, release.context
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    used = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + _STACK + memory,) * 2)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
    threading.stack_size(_STACK)
    parent = os.getppid()
    loop = threading.Thread(target=_answer_all, args=(release, store, prefixes, context, seconds), daemon=True)
    loop.start()
    while loop.is_alive() and os.getppid() == parent:  # a query must not outlive the web process that asked it
        loop.join(_WATCH)
    os._exit(0)


def _answer_all(release: Release, store: Store, prefixes: dict[str, str], context: dict[str, Any], seconds: float) -> None:
    while (ask := read_message(sys.stdin.buffer)) is not None:
        signal.setitimer(signal.ITIMER_REAL, seconds)
        answer = _answer(release, store, prefixes, context, ask)
        signal.setitimer(signal.ITIMER_REAL, 0)
        write_message(sys.stdout.buffer, answer)


def _answer(release: Release, store: Store, prefixes: dict[str, str], context: dict[str, Any], ask: Ask) -> Answer:
    # As soon as the request names graphs, they are the whole data set (SPARQL 1.1 Protocol, section 2.1.4).
    is_given = bool(ask.default_graphs or ask.named_graphs)
    try:
        result = store.query(
            ask.text,
            base_iri=release.iris.base,
            prefixes=prefixes,
            default_graph=[NamedNode(g) for g in ask.default_graphs] if is_given else None,
            named_graphs=[NamedNode(g) for g in ask.named_graphs] if is_given else None,
        )
        if isinstance(result, QueryTriples):
            return Answer("graph", write_result(result, ask.graph_as, prefixes, context))
        kind = "boolean" if isinstance(result, QueryBoolean) else "rows"
        return Answer(kind, write_result(result, ask.rows_as, prefixes, context))
    except SyntaxError as error:
        return Answer("syntax", sentence=str(error))
    except Unwritable as error:
        return Answer("unwritable", sentence=str(error))
    except (RuntimeError, OSError) as error:  # how pyoxigraph says that evaluation failed
        return Answer("failure", sentence=str(error))


if __name__ == "__main__":
    run_worker(sys.argv[1], float(sys.argv[2]), int(sys.argv[3]))
