"""What is said of releases and of their differences, in the language of the page."""

from __future__ import annotations

from collections.abc import Iterator

from lod.diff_directory import DirectoryDiff, GovernmentChange
from lod.diff_report import compare_editions, count_facts, has_same_graphs
from lod.release import Release
from server.languages import get_language, ngettext
from server.languages import gettext as _


def label_kinds() -> dict[str, str]:
    """The kinds of things of `lod.iris.KINDS`, and the kinds of values of `lod.diff_directory.VALUES`."""
    return {
        "government": _("Governments"),
        "body": _("Departments and associations"),
        "edition": _("Editions"),
        "listing": _("Listings"),
        "contact": _("Contacts"),
        "class information": _("Class information"),
        "irregularity": _("Irregularities"),
        "source line": _("Lines of documents"),
        "area": _("Areas"),
        "term": _("Terms of the vocabulary"),
        "part of the catalogue": _("Parts of the catalogue"),
        "other thing": _("Other things"),
        "email": _("E-mail addresses"),
        "url": _("Web pages"),
        "class link": _("Class links"),
    }


def describe_step(before: Release, after: Release) -> list[str]:
    """What changed from one release to the next, by what both count of themselves."""
    gone, new = compare_editions(before, after)
    parts = [_("edition %(number)s is new") % {"number": number} for number in new]
    parts += [_("edition %(number)s is gone") % {"number": number} for number in gone]
    changes = {name: count_facts(after, name) - count_facts(before, name) for name in ("listings", "issues", "triples")}
    words = {
        "listings": lambda n: ngettext("%(num)s listing", "%(num)s listings", n),
        "issues": lambda n: ngettext("%(num)s irregularity", "%(num)s irregularities", n),
        "triples": lambda n: ngettext("%(num)s statement", "%(num)s statements", n),
    }
    for name, change in changes.items():
        if change:
            sign = "+" if change > 0 else "−"
            parts.append(sign + words[name](abs(change)) % {"num": f"{abs(change):,}"})
    if before.iris.base != after.iris.base:
        parts.append(_("another base IRI"))
    return parts or [_("the same statements") if has_same_graphs(before, after) else _("the same counts")]


def describe_diff(directory: DirectoryDiff) -> list[str]:
    """What changed between two releases, in sentences."""
    diff, counts = directory.diff, directory.counts
    if diff.is_empty:
        return [_("Both releases state the same.")]
    gone, new = compare_editions(diff.before, diff.after)
    sentences = [_("Edition %(number)s is new.") % {"number": number} for number in new]
    sentences += [_("Edition %(number)s is gone.") % {"number": number} for number in gone]
    if not diff.has_same_base:
        sentences.append(_("The base IRI is another one, so nearly every statement differs."))
    if counts["joined"] or counts["left"]:
        text = _("Today %(after)s governments are listed, %(before)s before: %(joined)s joined, %(left)s left.")
        sentences.append(text % counts)
    if counts["changed"]:
        text = ngettext(
            "The listing of %(num)s government changed.",
            "The listings of %(num)s governments changed.",
            counts["changed"],
        )
        sentences.append(text % {"num": counts["changed"]})
    text = _("%(removed)s statements were removed and %(added)s added.")
    sentences.append(text % {"removed": f"{len(diff.removed):,}", "added": f"{len(diff.added):,}"})
    return sentences


def describe_government(change: GovernmentChange) -> Iterator[str]:
    """What changed of a government, line by line."""
    if change.change == "joined":
        yield _("It is newly listed today.")
    elif change.change == "left":
        yield _("It is listed today no longer.")
    kinds = label_kinds()
    colon = "：" if get_language() == "ja" else ": "
    for value in change.values:
        before, after = (" · ".join(values) or "–" for values in (value.before, value.after))
        yield f"{kinds[value.kind]}{colon}{before} → {after}"
