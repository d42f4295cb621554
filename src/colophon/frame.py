"""The frame: one rendered page with tokens, and the prose around it.  The only module that knows mkdocs."""

import logging
import os
import re
import shutil
from dataclasses import dataclass
from html import escape
from importlib.util import find_spec
from pathlib import Path

from colophon import atomic, bundle, canon
from colophon.errors import EnvironmentFault
from colophon.model import Page
from colophon.settings import Settings

SECTIONS = ("papers", "tiers", "findings", "experiments", "sources", "rules", "guide", "about")
_TOKENS = (
    "root",
    "title",
    "description",
    "head",
    "body_class",
    "content",
    *(f"current_{s}" for s in SECTIONS),
)
_TOKEN = re.compile(f"@@({'|'.join(_TOKENS)})@@")
# Of Material's assets only its main stylesheet is used; the frame carries its own scripts and icons.
_PUBLISHED = re.compile(
    r"(?!frame(?:-slim)?\.html|404\.html)[^/]+\.html|rules/[^/]+\.html"
    r"|assets/[^/]+\.(?:css|js|svg|wasm)|assets/stylesheets/main\.[^/]+\.css"
)


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame split at its tokens: literal text at even places, token names at odd ones."""

    parts: tuple[str, ...]

    def pour(self, page: Page, site_name: str) -> bytes:
        """Return the whole HTML of a page.

        The frame is filled in one pass, so a token inside record text stays what it is: text.
        """
        values = {f"current_{name}": "" for name in SECTIONS}
        values |= {
            "root": "../" * page.path.count("/"),
            "title": escape(f"{page.title} · {site_name}" if page.path != "index.html" else page.title),
            "description": escape(page.description),
            "head": page.head,
            "body_class": escape(page.body_class),
            "content": page.body,
        }
        if page.section:
            values[f"current_{page.section}"] = ' aria-current="page"'
        filled = [values[part] if place % 2 else part for place, part in enumerate(self.parts)]
        return "".join(filled).encode()


@dataclass(frozen=True, slots=True)
class Prose:
    """The rendered prose: the frame, that of a slim site, and the folder with pages and assets."""

    frame: Frame
    slim: Frame
    folder: Path
    digest: str

    def files(self) -> list[tuple[str, Path]]:
        """Return what is published as it is: (site-relative path, file), sorted."""
        found = [(file.relative_to(self.folder).as_posix(), file) for file in self.folder.rglob("*")]
        files = [(path, file) for path, file in found if file.is_file() and _published(path)]
        return sorted([*files, ("assets/lunr.js", lunr())])


def _published(path: str) -> bool:
    return _PUBLISHED.fullmatch(path) is not None


def render(work: Path, settings: Settings, *, use_cache: bool) -> Prose:
    """Render prose and frame into ``work/frame/<key>``, once per content where the cache may be used."""
    key = _key(settings)
    folder = work / "frame" / key[7:23]
    if not use_cache or not (folder / "frame.html").is_file():
        with atomic.refusals_in_one_line(work):
            shutil.rmtree(work / "frame", ignore_errors=True)
            fresh = work / f"frame.{key[7:15]}.new"
            shutil.rmtree(fresh, ignore_errors=True)
            try:
                fresh.mkdir(parents=True)
                _mkdocs(fresh, settings)
                folder.parent.mkdir(parents=True, exist_ok=True)
                fresh.rename(folder)
            finally:
                shutil.rmtree(fresh, ignore_errors=True)
    return Prose(_frame(folder / "frame.html"), _frame(folder / "frame-slim.html"), folder, key)


def _frame(file: Path) -> Frame:
    return Frame(tuple(_TOKEN.split(file.read_text(encoding="utf-8"))))


def lunr() -> Path:
    """Return the search library as the pinned mkdocs carries it."""
    spec = find_spec("mkdocs")
    if spec is None or spec.origin is None:
        raise EnvironmentFault("mkdocs is not installed", "pip install mkdocs")
    return Path(spec.origin).parent / "contrib" / "search" / "templates" / "search" / "lunr.js"


def _key(settings: Settings) -> str:
    root = bundle.root()
    files = [root / "mkdocs.yml", *sorted((root / "docs").rglob("*")), *sorted((root / "theme").rglob("*"))]
    parts = [f"{f.relative_to(root)}\0{canon.digest(f.read_bytes())}" for f in files if f.is_file()]
    return canon.digest("\n".join([settings.name, settings.description, *parts]).encode())


def _mkdocs(target: Path, settings: Settings) -> None:
    """Run mkdocs over the prose, strictly."""
    from mkdocs.commands.build import build  # noqa: PLC0415  slow to import, needed only here
    from mkdocs.config import load_config  # noqa: PLC0415
    from mkdocs.exceptions import MkDocsException  # noqa: PLC0415

    logging.getLogger("mkdocs").setLevel(logging.WARNING)
    # The theme prints an advertisement for its successor otherwise.
    os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")
    try:
        config = load_config(
            str(bundle.root() / "mkdocs.yml"),
            site_dir=str(target.resolve()),
            # A token in the registry's own words must not become a place that is filled.
            site_name=settings.name.replace("@@", "@ @"),
            site_description=settings.description.replace("@@", "@ @"),
            strict=True,
        )
        build(config)
    except MkDocsException as error:
        raise EnvironmentFault(f"the prose cannot be rendered: {error}", "mkdocs build --strict") from error
