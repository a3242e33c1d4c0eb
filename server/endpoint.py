"""What answers the queries of one data set: the engine, what it may cost, and what is told of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from server.configuration import QueryLimits
from server.dataset import Dataset
from server.evaluation import QueryEngine
from server.files import Dump, list_dumps
from server.pages.examples import Example, get_examples
from server.statistics import Statistics


@dataclass(frozen=True)
class Endpoint:
    """One endpoint; it may be made before a process forks."""

    dataset: Dataset
    limits: QueryLimits
    engine: QueryEngine
    statistics: Statistics
    examples: Sequence[Example]
    dumps: Sequence[Dump]


def make_endpoint(dataset: Dataset, limits: QueryLimits) -> Endpoint:
    """The endpoint of a data set; its statistics are computed when they are first asked for."""
    examples, dumps = get_examples(dataset), list_dumps(dataset)
    return Endpoint(dataset, limits, QueryEngine(dataset, limits), Statistics(dataset), examples, dumps)
