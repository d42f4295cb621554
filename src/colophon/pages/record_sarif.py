"""What the rules found in one paper as SARIF, for the programs that read such logs."""

from collections.abc import Iterator

from colophon.model import Artifact
from colophon.pages import Output, record_page
from colophon.report import sarif
from colophon.views import RecordView

NAME = "findings.sarif"


@record_page("record_sarif")
def record_sarif(view: RecordView) -> Iterator[Output]:
    """Yield the log; its paths begin at the top of the repository."""
    settings = view.settings
    root = f"{settings.folder}/" if settings.folder else ""
    log = sarif(view.judged.findings, view.rules, root, site_url=settings.site_url, on_one_line=True)
    yield Artifact(f"papers/{view.record.id}/{NAME}", "application/sarif+json", log.encode())
