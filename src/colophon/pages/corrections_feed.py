"""corrections.atom: the newest corrections, confirmations and refusals of the whole registry."""

from collections.abc import Iterator

from colophon.model import Artifact
from colophon.pages import Output, _atom, _log, _log_feed, registry_page
from colophon.views import RegistryView


@registry_page("corrections_feed")
def corrections_feed(view: RegistryView) -> Iterator[Output]:
    """Yield corrections.atom; what happened to a withheld paper stands in it, too."""
    body = _log_feed.registry_feed(view.settings, _log.happened(view.everything))
    yield Artifact("corrections.atom", _atom.MEDIA_TYPE, body)
