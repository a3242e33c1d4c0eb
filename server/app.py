"""The application: one release, loaded once, behind its routes."""

from __future__ import annotations

from flask import Flask

from lod.release import Release
from server.admission import register_admission
from server.assets import register_assets
from server.catalog import make_catalog_routes
from server.configuration import QueryLimits
from server.dataset import load_dataset
from server.discovery import make_discovery_routes
from server.documents import make_document_routes
from server.endpoint import make_endpoint
from server.entities import make_entity_routes
from server.errors import register_errors
from server.files import make_file_routes
from server.headers import register_headers
from server.languages import register_languages
from server.pages.changes_page import make_change_routes
from server.pages.home import make_home_routes
from server.pages.quality import make_quality_routes
from server.pages.search import make_search_routes
from server.pages.source_page import make_source_routes
from server.releases import make_release_routes
from server.shapes import make_shape_routes
from server.sparql import make_sparql_routes
from server.template_cache import TemplateCache
from server.template_filters import register_pages


def create_app(release: Release, limits: QueryLimits | None = None) -> Flask:
    """An application that serves that release."""
    limits = limits or QueryLimits()
    dataset = load_dataset(release)
    endpoint = make_endpoint(dataset, limits)
    app = Flask(__name__, static_folder=None)  # Flask's own route would use send_file
    app.config["MAX_CONTENT_LENGTH"] = 4 * limits.size  # a form triples what is not ASCII
    app.extensions["endpoint"] = endpoint  # for workers, which answer programs' queries below Flask
    app.url_map.merge_slashes = False
    app.jinja_env.bytecode_cache = TemplateCache()
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    for routes in (
        make_home_routes(dataset),
        make_entity_routes(dataset),
        make_document_routes(dataset),
        make_shape_routes(dataset),
        make_sparql_routes(endpoint),
        make_file_routes(dataset),
        make_search_routes(dataset),
        make_quality_routes(dataset),
        make_source_routes(dataset),
        make_change_routes(dataset),
        make_discovery_routes(dataset),
        make_release_routes(dataset),
        make_catalog_routes(endpoint),
    ):
        app.register_blueprint(routes)
    register_languages(app)
    register_pages(app, dataset)
    register_assets(app)
    register_admission(app)
    register_errors(app, dataset)
    register_headers(app, release)
    return app
