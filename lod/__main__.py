"""`python -m lod`: the same as the command `lod`."""

from lod.cli import main

main()
