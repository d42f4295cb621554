"""papers/<id>/<event id>.html: one correction or notice, citable by itself, with what it changes."""

from collections.abc import Iterator

from colophon.fold import Step
from colophon.model import Page
from colophon.pages import Output, record_page, render
from colophon.pages._steps import in_full, last_steps
from colophon.pages._words import short
from colophon.rules.state import states
from colophon.views import RecordView

_TITLE = 600


@record_page("event")
def event(view: RecordView) -> Iterator[Output]:
    """Yield one page per event of a record; a review may have given it effect in a later step."""
    after = states(view.judged.facts.history)
    for last in last_steps(view):
        yield _page(view, last, after[last.version - 1].value)


def _page(view: RecordView, last: Step, state: str) -> Page:
    record, item = view.record, in_full(view, last)
    title = short(record.manifest.title, _TITLE)
    body = render(
        "event.html",
        item=item,
        title=title,
        id=record.id,
        display_id=record.manifest.display_id,
        json=f"../{record.id}.json",
        before=last.filed_as - 1,
        after=last.version,
        newest=len(record.steps) + 1,
        state=state,
    )
    return Page(
        f"papers/{record.id}/{item['id']}.html",
        f"{item['label']}: {title}",
        f"{item['label']}, {item['day']}: a correction of {record.manifest.display_id}.",
        "papers",
        body,
        body_class="page-event",
    )
