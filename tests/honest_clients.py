"""Many honest clients at once, in a process of their own: prints what each request came to, as JSON."""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from urllib.parse import quote

GOVERNMENTS = ("011002", "122173", "141003", "271004", "341002", "401005")
LIST = "SELECT ?s ?n { ?s a schema:City ; schema:name ?n } LIMIT 50 #"
POINT = "SELECT ?n { <http://localhost:8000/id/gov/122173> schema:name ?n } #"


def choose_request(chance: random.Random) -> tuple[str, str]:
    """A path and what is accepted."""
    code = chance.choice(GOVERNMENTS)
    query = chance.choice((LIST, POINT)) + str(chance.randrange(10**9))
    return chance.choice(
        (
            (f"/doc/gov/{code}", "text/html"),
            (f"/doc/gov/{code}", "text/turtle"),
            (f"/id/gov/{code}", "application/ld+json"),
            ("/dumps/edition-000.ttl", "*/*"),
            (f"/sparql?query={quote(query)}", "application/sparql-results+json"),
            (f"/sparql?query={quote(query)}", "text/csv"),
        )
    )


async def fetch(port: int, address: str, path: str, accept: str) -> int:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(address, 0))
    try:
        writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\nAccept: {accept}\r\nConnection: close\r\n\r\n".encode())
        data = await reader.read()
        head, _, body = data.partition(b"\r\n\r\n")
        length = next(int(x.split(b":")[1]) for x in head.lower().split(b"\r\n") if x.startswith(b"content-length:"))
        return int(head[9:12]) if len(body) == length else 0
    finally:
        writer.close()


async def act(port: int, number: int, until: float, results: list[tuple[str, int, float]]) -> None:
    chance = random.Random(number)  # noqa: S311
    while time.monotonic() < until:
        await asyncio.sleep(chance.random())
        path, accept = choose_request(chance)
        start = time.monotonic()
        try:
            status = await fetch(port, f"127.0.3.{number + 1}", path, accept)
        except OSError as error:
            path, status = f"{path} {error}", 0
        results.append((path, status, time.monotonic() - start))


async def run(port: int, clients: int, seconds: float) -> list[tuple[str, int, float]]:
    results: list[tuple[str, int, float]] = []
    until = time.monotonic() + seconds
    await asyncio.gather(*(act(port, number, until, results) for number in range(clients)))
    return results


if __name__ == "__main__":
    print(json.dumps(asyncio.run(run(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])))))
