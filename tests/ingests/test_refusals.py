"""What is no known report is recognised by none; what cannot be stored is refused in one line."""

import pytest

from colophon import ingests
from colophon.errors import ReportError

BODY = (
    "Invented Press\n\n## Results\n\n2 papers retrieved. 1 claims extracted.\n\n## Limitations\n\nInvented.\n"
)
STRANGE = {
    "empty": "",
    "blank": " \n\t\n ",
    "readme": "# Tool\n\nInstall it.\n\n## Usage\n\n```\ntool run\n```\n\n## License\n\nMIT\n",
    "kernel readme": "# SOVEREIGN\n\nA kernel.\n\n## Install\n\npip\n\n## License\n\nMIT\n",
    "paper": "# A Study\n\nA. Author\n\n## Abstract\n\nWe study.\n\n## 1 Introduction\n\nText.\n\n"
    "## 2 Methods\n\nWe measured.\n\n## 3 Results\n\nIt works.\n\n## References\n\n- Someone 2020\n",
    "csv": "claim,verified,confidence\nA claim,yes,0.1\n",
    "json": '{"title": "Results", "claims": ["12 papers retrieved"]}',
    "json list": '[{"abstract": "claims extracted"}]',
    "html": "<!doctype html>\n<h1>R</h1>\n## Abstract\n## Results\n12 papers retrieved\n## Limitations\n",
    "letter": "Dear Reader,\n\nthe results are in.\n\nProvenance\n\nUnknown.\n",
}
HOSTILE = {
    "brackets": "(" * 500_000,
    "tabs": "\t" * 500_000,
    "pipes": "|" * 500_000,
    "spaces": "a" + " " * 500_000 + "b",
    "blank lines": "\n" * 500_000,
    "hashes": "#" * 500_000,
    "dashes": "-" * 500_000,
    "digits": "1" * 500_000,
    "separated digits": "1,111," * 80_000,
    "counts": "12 papers " * 50_000,
    "words": "papers retrieved " * 30_000,
    "stops": ". " * 250_000,
    "quotes": "'a \"b " * 80_000,
    "escapes": "\\" * 500_000,
    "letters": "a" * 500_000,
    "hyphens": "a-" * 250_000,
    "links": "[a](" * 120_000,
    "open links": "[" * 500_000,
    "asides": "(a). " * 100_000,
    "limits": "claims threshold " * 30_000,
    "wrapped entries": "a\nb\n" * 50_000,
    "heads": "Claim Verified\nVerified Claim\n" * 5_000,
    "subheadings": "### A\n" * 30_000,
    "addresses": "http://" * 70_000,
    "headings": "## Results\n" * 40_000,
    "labels": "Tier: " * 80_000,
    "emphasis": "*" * 500_000,
    "parentheses in address": "http://a" + ")" * 500_000,
    "dates": "January 1 " * 50_000,
    "roles": "panel (" + "Abc/" * 100_000,
}
PLACES = {
    "front": "# Title\n\n{}\n\n" + BODY,
    "abstract": "# Title\n\nInvented Press\n\n## Abstract\n\n{}\n\n## Results\n\n1 claims extracted.\n",
    "claims": "# Title\n\n" + BODY + "\n## Claims\n\nClaim Verified\n{}\n",
    "references": "# Title\n\n" + BODY + "\n## References\n\n- {}\n",
    "page": "A title\nInvented Press\nQuality Tier\n| Tier | Low |\n{}\nProvenance\n| Publisher | P |\n",
}


@pytest.mark.parametrize("name", STRANGE)
def test_other_texts_are_recognised_by_none(name: str) -> None:
    """A text that is no report of a known format is recognised by no format."""
    assert [form.name for form in ingests.FORMATS.all().values() if form.recognises(STRANGE[name])] == []


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_ends(name: str, place: str) -> None:
    """Half a megabyte of the same characters anywhere in a report is read to the end or refused."""
    text = PLACES[place].replace("{}", HOSTILE[name])
    for form in ingests.FORMATS.all().values():
        form.recognises(text)
    try:
        ingests.FORMATS.all()["assignee-report"].parse(text)
    except ReportError as error:
        assert "\n" not in error.message


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (BODY, "title"),
        ("# Title\n\n" + BODY.removeprefix("Invented Press"), "publisher"),
        ("# " + "T" * 2001 + "\n\n" + BODY, "/title"),
        ("# Title\n\n" + BODY + "\n## Abstract\n\n" + "word " * 5000, "/abstract"),
        (
            "# Title\n\n" + BODY + "\n## Claims\n\nClaim\tVerified\n" + "c" * 4001 + "\tyes\n",
            "/claims/0/text",
        ),
        ("# Title\n\n" + BODY + "\n## Claims\n\n| Claim | Verified |\n| | yes |\n", "row 1"),
        ("# Title\n\n" + BODY + "\n## Claims\n\nClaim\tVerified\n" + "claim\tyes\n" * 5001, "/claims"),
        ("# Title\n\n" + BODY + "\n## References\n\n- " + "r" * 501, "/sources/0/identifier"),
        ("# Title\n\n" + BODY.replace("2 papers", "12345678901 papers"), "/stated/papers_retrieved"),
    ],
)
def test_what_cannot_be_stored_is_refused_by_name(text: str, named: str) -> None:
    """A missing title or publisher and a value beyond its contract are refused by name, in one line."""
    with pytest.raises(ReportError) as caught:
        ingests.FORMATS.all()["assignee-report"].parse(text)
    assert named in caught.value.message
    assert "\n" not in caught.value.message
