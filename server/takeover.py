"""Follows the current release: a new one is loaded beside the one that is served, and takes over when it is ready."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

from lod.errors import ReleaseError
from lod.release import PRUNED, open_release
from server.configuration import ServerConfiguration
from server.front import Front
from server.generation import start_generation

_LOG = logging.getLogger(__name__)


async def follow_releases(front: Front, configuration: ServerConfiguration) -> None:
    """Serves the current release for as long as the server runs; raises ReleaseError when there is none at the start.

    A release that cannot be served is told in the log once, and the one before goes on being served.
    """
    served: Path = open_release(configuration.releases).path
    generation = await start_generation(served, configuration)
    front.take_over(generation)
    refused: Path | None = None
    pruned = _read_time(configuration.releases / PRUNED)
    while True:
        await asyncio.sleep(configuration.poll_seconds)
        if (latest := _read_time(configuration.releases / PRUNED)) != pruned:  # what is kept may name files that are gone
            pruned = latest
            generation.cache.clear()
        try:
            current = open_release(configuration.releases).path
            if generation.is_alive and current in (served, refused):
                continue
            refused = current
            generation = await start_generation(current, configuration)
        except ReleaseError as error:
            _LOG.error("a new release is not served: %s", error)
            continue
        except OSError as error:  # no descriptor, memory or process is left: not the release's fault
            _LOG.error("a new release is not served yet: %s", error)
            refused = None
            continue
        front.take_over(generation)
        served, refused = current, None
        _LOG.warning("serves release %s from now on", generation.marks.release)


def _read_time(folder: Path) -> int:
    """When something was last put into a folder, in nanoseconds; 0 where there is none."""
    try:
        return folder.stat().st_mtime_ns
    except OSError:
        return 0
