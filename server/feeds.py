"""The feed of releases, and of what changed of governments with the latest one (Atom, RFC 4287)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from xml.etree import ElementTree as ET

from pyoxigraph import NamedNode

from lod.diff_directory import DirectoryDiff, GovernmentChange
from lod.rdf_patch import MEDIA_TYPE, SUFFIX
from lod.release import Release
from server.addresses import make_link_path
from server.dataset import Dataset
from server.languages import get_language
from server.languages import gettext as _
from server.pages.release_diff_page import label_entity
from server.pages.release_words import describe_government, describe_step

ATOM = "application/atom+xml"
PATH = "releases/feed.atom"
_NAMESPACE = "http://www.w3.org/2005/Atom"
_NO_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, section 2.2: in no form
_RELEASES, _GOVERNMENTS = 50, 200  # entries at most


def write_feed(dataset: Dataset, history: Sequence[Release], latest: DirectoryDiff | None) -> bytes:
    """An entry for each kept release, and one for each government of which the latest says something else about today.

    Identifiers follow from the releases, so an entry is the same in every reader, on every host and in both languages. A
    release that became current again is an entry that was updated (section 4.2.15).
    """
    base, language = dataset.iris.base, get_language()
    feed = ET.Element("feed", {"xmlns": _NAMESPACE, "xml:lang": language})
    _add(feed, "id", f"{base}releases/")
    _add(feed, "title", _("Madoguchi: releases and what changed"))
    _add(feed, "subtitle", _("Local-government contact points for Japanese-language education: new releases of the data."))
    _add(feed, "updated", _write_time(max(release.published for release in history)))
    ET.SubElement(_add(feed, "author"), "name").text = "Madoguchi"
    _add(feed, "link", rel="self", type=ATOM, href=f"{base}{PATH}?lang={language}")
    for other in ("en", "ja"):
        if other != language:
            _add(feed, "link", rel="alternate", type=ATOM, hreflang=other, href=f"{base}{PATH}?lang={other}")
    _add(feed, "link", rel="alternate", type="text/html", href=f"{base}releases/")
    for place, release in enumerate(history[:_RELEASES]):
        if not release.is_pruned:
            _add_release(feed, dataset, release, history[place + 1] if place + 1 < len(history) else None)
    if latest:
        for change in latest.governments[:_GOVERNMENTS]:
            _add_government(feed, dataset, latest, change)
    return f"{ET.tostring(feed, encoding='unicode', xml_declaration=True)}\n".encode()


def _add_release(feed: ET.Element, dataset: Dataset, release: Release, before: Release | None) -> None:
    base, own = dataset.iris.base, release.iris.release(release.id).value
    entry = _add(feed, "entry")
    _add(entry, "id", own)
    _add(entry, "title", _("Release %(id)s of %(date)s") % {"id": release.id, "date": f"{release.published:%Y-%m-%d}"})
    _add(entry, "updated", _write_time(release.published))
    _add(entry, "link", rel="alternate", type="text/html", href=f"{base}releases/{release.id}/")
    if before is None:
        _add(entry, "summary", _("The first release."))
        return
    _add(
        entry, "summary", _("Compared to the release before: %(changes)s.") % {"changes": _join(describe_step(before, release))}
    )
    if not before.is_pruned:
        step = f"{base}releases/{before.id}/diff/{release.id}"
        _add(entry, "link", rel="related", type="text/html", title=_("What changed"), href=step)
        _add(entry, "link", rel="related", type=MEDIA_TYPE, title="RDF Patch", href=f"{step}.{SUFFIX}")


def _add_government(feed: ET.Element, dataset: Dataset, latest: DirectoryDiff, change: GovernmentChange) -> None:
    base, diff = dataset.iris.base, latest.diff
    step = f"{base}releases/{diff.before.id}/diff/{diff.after.id}"
    code = change.iri.rpartition("/")[2]
    name = label_entity(latest, change.iri).choose(get_language())[0]
    titles = {
        "joined": _("%(name)s is newly listed"),
        "left": _("%(name)s is listed no longer"),
        "changed": _("%(name)s: changed"),
    }
    entry = _add(feed, "entry")
    _add(entry, "id", f"{step}#{code}")
    _add(entry, "title", titles[change.change] % {"name": name})
    _add(entry, "updated", _write_time(diff.after.published))
    _add(entry, "link", rel="alternate", type="text/html", href=f"{step}#gov-{code}")
    _add(entry, "link", rel="related", href=f"{base}{make_link_path(dataset.iris, NamedNode(change.iri).value)}")
    _add(entry, "summary", "\n".join(describe_government(change)))


def _join(parts: Sequence[str]) -> str:
    return ("、" if get_language() == "ja" else ", ").join(parts)


def _add(parent: ET.Element, name: str, text: str = "", **attributes: str) -> ET.Element:
    child = ET.SubElement(parent, name, attributes)
    child.text = _NO_XML.sub("\ufffd", text) or None
    return child


def _write_time(moment: datetime) -> str:
    """As RFC 3339 has it, in UTC."""
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
