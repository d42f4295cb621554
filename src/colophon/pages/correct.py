"""papers/<id>/correct.html: how to correct one paper, with a file begun for it, each claim and each finding.

Where the forge can, a link opens its form for a new file with the text in it; elsewhere the text stands here
to be copied.  What all files begin with stands once; a script puts it before each, with a button that copies
the whole, and fills in the date.  Without one the reader copies both and types the date.
"""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from colophon import forge, layout
from colophon.model import Page
from colophon.pages import Output, record_page, render
from colophon.pages._forms import page_name, safe_link
from colophon.pages._words import short
from colophon.views import Form, RecordView


@record_page("correct")
def correct(view: RecordView) -> Iterator[Output]:
    """Yield the pages with the forms of one paper."""
    pages = [list(held) for _, held in groupby(view.forms, key=lambda form: form.page)]
    for number, held in enumerate(pages, 1):
        yield _page(view, held, number, len(pages))


def _page(view: RecordView, held: list[Form], number: int, of: int) -> Page:
    record, settings = view.record, view.settings
    folder = layout.corrections_folder(record.id)
    where = "/".join(part for part in (settings.folder, folder) if part)
    context: dict[str, Any] = {
        "id": record.id,
        "display_id": record.manifest.display_id,
        "title": short(record.manifest.title, 600),
        "forms": held,
        "number": number,
        "of": of,
        "before": page_name(number - 1) if number > 1 else "",
        "after": page_name(number + 1) if number < of else "",
        "where": where,
        "prefill": forge.has_prefill(settings),
        "begin": "" if all(form.link for form in held) else held[0].begin,
        "new_file": safe_link(forge.folder_link(settings, held[0].path)),
        "last": record.steps[-1].date if record.steps else "",
    }
    title = f"Correct {record.manifest.display_id}" + (f", page {number}" if number > 1 else "")
    description = f"File a correction of {record.manifest.display_id}."
    body = render("correct.html", **context)
    return Page(
        f"papers/{record.id}/{page_name(number)}",
        title,
        description,
        "papers",
        body,
        body_class="page-correct",
    )
