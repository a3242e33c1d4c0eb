"""The server: a release as web pages, linked data and a SPARQL endpoint."""
