"""``colophon source fetch`` files what the services said, with the day and everyone who was asked."""

import json
from pathlib import Path

import pytest

from colophon.cli import main
from colophon.cli import source as command
from colophon.lookup.settings import Settings

from .conftest import Services


def test_what_services_say_is_filed_with_its_day(
    services: Services,
    settings: Settings,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A retraction that one service knows is stored as such; of the others it is said what they answered."""
    services.answer("crossref", "crossref/retracted.json")
    monkeypatch.setattr(command, "_lookup_settings", lambda _: settings)
    registry = str(tmp_path / "mine")
    for words in (["init", registry], ["source", "fetch", "10.5555/meadow.2024.17", "--registry", registry]):
        monkeypatch.setattr("sys.argv", ["colophon", *words])
        with pytest.raises(SystemExit) as stopped:
            main()
        assert stopped.value.code == 0, capsys.readouterr().err
    (file,) = Path(registry).glob("sources/doi/*/*.json")
    status = json.loads(file.read_text())["status"]
    assert (status["retraction"], status["publication"]) == ("retracted", "published")
    assert {one["service"] for one in status["reports"]} >= {"crossref", "openalex"}
    assert "openalex: not found" in capsys.readouterr().err
