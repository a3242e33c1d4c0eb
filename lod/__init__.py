"""Reads the published documents and turns them into a validated release of linked data."""
