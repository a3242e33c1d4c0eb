"""Pictures of every kind of page, to be looked at: python -m bench.screenshots FOLDER --base http://localhost:8000"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import click

ROOT = Path(__file__).resolve().parent.parent
WIDTHS = (390, 1280, 1920)
LOCALES = {"en": "en-US", "ja": "ja-JP"}


@click.command(help=__doc__)
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--base", default="http://localhost:8000", help="where the site is served")
@click.option("--only", default="", help="a part of the names of the kinds that are wanted")
@click.option("--first-screen", is_flag=True, help="what is seen before anybody scrolls, in the place of the whole page")
def take_screenshots(folder: Path, base: str, only: str, first_screen: bool) -> None:
    """One picture for each kind of page, width, colour scheme and language."""
    from playwright.sync_api import ViewportSize, sync_playwright  # noqa: PLC0415  # of the tests, not of the bench

    sys.path.append(str(ROOT / "tests"))
    from page_kinds import PAGE_KINDS  # type: ignore[import-not-found]  # noqa: PLC0415  # where the kinds stand

    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        for language, locale in LOCALES.items():
            for width in WIDTHS:
                size = ViewportSize(width=width, height=844 if width < 1000 else 1000)
                context = browser.new_context(base_url=base, locale=locale, viewport=size, reduced_motion="reduce")
                page = context.new_page()
                for kind in PAGE_KINDS:
                    if only not in kind.name:
                        continue
                    page.goto(kind.path)
                    for scheme in ("light", "dark"):
                        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
                        name = f"{kind.name}-{width}-{scheme}-{language}.png".replace(" ", "-")
                        page.screenshot(path=folder / name, full_page=not first_screen)
                context.close()
        browser.close()
    click.echo(f"{len(list(folder.glob('*.png')))} pictures in {folder}")


if __name__ == "__main__":
    take_screenshots()
