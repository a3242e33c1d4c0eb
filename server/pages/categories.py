"""The categories of listings in the order in which pages have them: of several that a place has, the first is its own."""

from __future__ import annotations

from collections.abc import Mapping

from server.dataset import Dataset
from server.pages.labels import Label, label_term

CATEGORIES = ("Prefecture", "DesignatedCity", "CoreCity", "CouncilMember")  # local names


def label_categories(dataset: Dataset) -> Mapping[str, Label]:
    """What they are called, in their order."""
    return {name: label_term(dataset, dataset.term(f"jle:{name}")) for name in CATEGORIES}
