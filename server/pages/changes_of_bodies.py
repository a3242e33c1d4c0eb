"""Which bodies in charge two editions name otherwise for one government, and which of them stand side by side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode

from server.pages.stated import BODY, EMAIL, StatedValue

SAME_EMAIL, SAME_POSITION = "same-email", "same-position"


@dataclass(frozen=True)
class BodyChange:
    """A body in charge that has another name, or is named in one of the editions only; `basis` says why two are put together.

    That two bodies stand in the same position proves nothing: it is a guess.
    """

    before: StatedValue | None
    after: StatedValue | None
    basis: str = ""

    @property
    def name(self) -> str:
        return "named" if self.before is None else "gone" if self.after is None else "renamed"

    @property
    def is_guess(self) -> bool:
        return self.basis == SAME_POSITION


def compare_bodies(before: Iterable[StatedValue], after: Iterable[StatedValue]) -> tuple[BodyChange, ...]:
    """The bodies whose name the other edition does not have, from all values that each edition states.

    Two of them are put together by an e-mail address that both have, else by their position in the listing.
    """
    before, after = list(before), list(after)
    earlier, later = ([value for value in values if value.kind == BODY] for values in (before, after))
    old, new = _list_unknown(earlier, later), _list_unknown(later, earlier)
    emails = _group_emails(before), _group_emails(after)
    changes: list[BodyChange] = []
    for basis in (SAME_EMAIL, SAME_POSITION):
        for body in list(old):
            if basis == SAME_EMAIL:
                own = emails[0].get(body.thing, set())
                partner = next((b for b in new if own & emails[1].get(b.thing, set())), None)
            else:
                partner = next((b for b in new if later.index(b) == earlier.index(body)), None)
            if partner:
                changes.append(BodyChange(body, partner, basis))
                old.remove(body)
                new.remove(partner)
    changes += [BodyChange(body, None) for body in old] + [BodyChange(None, body) for body in new]
    return tuple(sorted(changes, key=lambda change: _order_change(change, earlier, later)))


def _list_unknown(bodies: Sequence[StatedValue], others: Sequence[StatedValue]) -> list[StatedValue]:
    """A name that gives the same IRI is the same name."""
    known = {other.thing for other in others}
    return list({body.thing: body for body in bodies if body.thing not in known}.values())


def _group_emails(values: Iterable[StatedValue]) -> dict[NamedNode, set[str]]:
    found: dict[NamedNode, set[str]] = {}
    for value in values:
        if value.kind == EMAIL and value.body:
            found.setdefault(value.body, set()).add(value.text.lower())
    return found


def _order_change(change: BodyChange, earlier: Sequence[StatedValue], later: Sequence[StatedValue]) -> tuple[int, int]:
    """As the later edition has them, then those that are gone."""
    if change.after:
        return (0, later.index(change.after))
    return (1, earlier.index(change.before) if change.before else 0)
