"""papers/<id>/feed.atom: what happened to one paper; only for one that something happened to."""

from collections.abc import Iterator

from colophon.model import Artifact
from colophon.pages import Output, _atom, _log, _log_feed, record_page
from colophon.views import RecordView


@record_page("record_feed")
def record_feed(view: RecordView) -> Iterator[Output]:
    """Yield the feed of one paper."""
    newest = _log.happened([view.judged])
    if newest:
        body = _log_feed.paper_feed(view.settings, view.record.id, view.judged.facts.title, newest)
        yield Artifact(f"papers/{view.record.id}/feed.atom", _atom.MEDIA_TYPE, body)
