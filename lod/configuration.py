"""What a build is told: where the seeds and the ontology are, where releases go, and the base IRI."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lod.iris import DEFAULT_BASE, Iris, check_base

ONTOLOGY = Path(__file__).resolve().parent.parent / "ontology"


@dataclass(frozen=True)
class Configuration:
    """Made at the edge (the command line, a test) and passed in."""

    seeds: Path = Path("seeds")
    out: Path = Path("releases")
    base: str = DEFAULT_BASE
    ontology: Path = ONTOLOGY

    @property
    def iris(self) -> Iris:
        return Iris(check_base(self.base))

    @property
    def vocabulary_file(self) -> Path:
        return self.ontology / "vocabulary.ttl"

    @property
    def shapes_file(self) -> Path:
        return self.ontology / "shapes.ttl"
