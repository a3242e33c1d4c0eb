"""The static twin: the site of a release as plain files, for any web server or object store."""
