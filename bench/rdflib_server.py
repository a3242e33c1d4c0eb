"""rdflib-endpoint over a file whose graphs stay apart, which its own command would merge; runs in the environment of the peers.

Arguments: the port, and the file of N-Quads.
"""

from __future__ import annotations

import sys

import uvicorn
from rdflib import Dataset
from rdflib_endpoint import SparqlEndpoint


def main() -> None:
    """Loads the file, then serves it until it is told to end."""
    dataset = Dataset()
    dataset.parse(sys.argv[2], format="nquads")
    uvicorn.run(SparqlEndpoint(path="/sparql", graph=dataset), port=int(sys.argv[1]), log_level="error")


if __name__ == "__main__":
    main()
