"""What follows from the evidence of the editions' order: which comes before which, as far as it singles one out."""

from __future__ import annotations

from lod.catalogue import Catalogue


def find_previous(catalogue: Catalogue, number: str) -> str | None:
    """The edition before this one, None where the evidence does not single one out.

    Of each of its categories, that is the latest of the older editions that have it, if no other one is of unknown order; all
    its categories that an older edition has must lead to the same one.
    """
    categories = {e.number: set(e.categories) for e in catalogue.editions}
    older = {n: catalogue.find_older_editions(n) for n in categories}
    found: set[str | None] = set()
    for category in categories[number]:
        others = {n for n in categories if category in categories[n] and n != number and number not in older[n]}
        if others:
            latest = [n for n in others & older[number] if others - {n} <= older[n]]
            found.add(latest[0] if latest else None)
    return found.pop() if len(found) == 1 else None


def find_first(catalogue: Catalogue) -> str | None:
    """The edition that all others are known to be later than, if there is one."""
    numbers = {e.number for e in catalogue.editions}
    return next((n for n in sorted(numbers) if all(n in catalogue.find_older_editions(o) for o in numbers - {n})), None)


def find_last(catalogue: Catalogue) -> str | None:
    """The edition that is known to be later than all others, if there is one."""
    numbers = {e.number for e in catalogue.editions}
    return next((n for n in sorted(numbers) if numbers - {n} <= catalogue.find_older_editions(n)), None)
