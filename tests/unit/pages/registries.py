"""Registries on disk as their pages see them, and what readers file from these pages."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, cast
from urllib.parse import parse_qs, unquote, urlsplit

from colophon import folder, pipeline
from colophon.event_faults import NO_NAME, NO_NOTE
from colophon.executor import Serial
from colophon.frame import Frame
from colophon.model import Finding
from colophon.rendering import Workshop, _record_view
from colophon.store import OverlayTree, Tree, WorkTree
from colophon.views import RecordView

ROOT = Path(__file__).resolve().parents[3]
REGISTRIES = tuple(WorkTree(str(ROOT / name)) for name in ("registry", "tests/registry", "tests/corrected"))
CORRECTED = "c23c1127-b3c9-8fb6-a0ca-a8b5b3365219"
UNDATED = "date: YYYY-MM-DD"
_NEW = re.compile(r"/(?:new|_new)/main/?")


def views(tree: Tree, **changes: Any) -> Iterator[RecordView]:
    """Yield the view of every record, as a build makes it; ``changes`` replace settings."""
    found = pipeline.survey(tree, Serial(), lambda *_: None)
    assert found.settings is not None
    settings = replace(found.settings, **changes)
    workshop = Workshop(tree, settings, pipeline.rules(), cast(Frame, None), Path())
    for judged in found.judged:
        yield _record_view(workshop, judged)


@dataclass(frozen=True, slots=True)
class Begun:
    """A file that a page begins: its path inside the repository, and its text."""

    path: str
    text: str

    def dated(self, date: str) -> "Begun":
        """Return the file with a date, and nothing else changed."""
        return self._with(UNDATED, f"date: {date}")

    def filled(self) -> "Begun":
        """Return the file with a name and a note, as the page asks for, and nothing else changed."""
        return self._with(NO_NAME, "Ada Example")._with(NO_NOTE, "The table: it says 21 # 28.")

    def _with(self, asked: str, given: str) -> "Begun":
        assert self.text.count(asked) == 1
        return replace(self, text=self.text.replace(asked, given))


def in_link(href: str) -> Begun:
    """Return the file that a link of a forge begins, as the forge reads it."""
    parts = urlsplit(href)
    said = {name: values[0] for name, values in parse_qs(parts.query, strict_parsing=True).items()}
    assert said.keys() == {"filename", "value"}
    above = _NEW.split(unquote(parts.path))[1].strip("/")
    return Begun("/".join(part for part in (above, said["filename"]) if part), said["value"])


class Forms(HTMLParser):
    """The files that a page of forms begins, in links and as text to be copied."""

    def __init__(self, body: str) -> None:
        super().__init__()
        self.found: list[Begun] = []
        self._codes: list[str] = []
        self._texts: list[str] | None = None
        self._begin, self._begins, self._is_form = "", False, False
        self._open = ""
        self.feed(body)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Read links, and begin to read a text."""
        values = dict(attrs)
        self._open = tag
        if tag == "a" and "data-event" in values:
            self.found.append(in_link(values["href"] or ""))
        if tag == "section":
            self._is_form = values.get("class") == "form"
        if tag == "pre" and self._is_form:
            self._texts = []
            self._begins = "data-event" in values

    def handle_endtag(self, tag: str) -> None:
        """End a text; before it stood the folder, what all files begin with, and last its file name."""
        self._open = ""
        if tag == "pre" and self._texts is not None and self._begins:
            self._begin, self._texts = "".join(self._texts), None
        elif tag == "pre" and self._texts is not None:
            where = next(code for code in self._codes if code.endswith("/corrections"))
            self.found.append(Begun(f"{where}/{self._codes[-1]}", self._begin + "".join(self._texts)))
            self._texts = None

    def handle_data(self, data: str) -> None:
        """Keep what is copied and typed."""
        if self._texts is not None:
            self._texts.append(data)
        elif self._open == "code":
            self._codes.append(data)


def findings_of(tree: Tree, record: str, begun: Begun, where: str = "registry/") -> list[Finding]:
    """Return what ``colophon check`` finds about the file, laid into a registry as it is."""
    assert begun.path.startswith(where)
    path = begun.path.removeprefix(where)
    assert path not in {
        f"{path.rpartition('/')[0]}/{one.name}" for one in tree.entries(path.rpartition("/")[0])
    }
    laid = OverlayTree(tree, ((path, begun.text.encode()),))
    loaded = folder.load(laid, record, f"papers/{record[:2]}/{record}", "SRCH", "both")
    assert loaded.record is not None
    assert path in {f"{loaded.folder}/corrections/{filed.slug}.yaml" for filed in loaded.record.events}
    return [finding for finding in loaded.findings if finding.path == path]
