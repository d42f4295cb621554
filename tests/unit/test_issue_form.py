"""An issue form's Markdown becomes a draft: what was typed arrives, and what is missing is named."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from colophon import characters, issue_form
from colophon.errors import UsageError
from colophon.filing import Draft, DraftChange

PAPER = "633d4d8a-aa2a-449c-8123-213191021a18"
DISPUTE = Draft(
    PAPER,
    "DISPUTE",
    "It lists 21 claims.\n\nIt states 28.",
    reason="counts-disagree",
    reporter="Ada Example",
    orcid="0000-0002-1825-0097",
    kind="agent",
    evidence=("https://arxiv.org/abs/2507.13374", "https://a.example/b"),
    proposed=(DraftChange("manifest", "/claims/3/text", "28 claims", "21\nclaims"),),
)
PLAIN = Draft(PAPER, "RETRACTION", "Unsound.", reporter="ada")


def body(draft: Draft, **given: str | None) -> str:
    """Return what a forge makes of the form's answers; None takes the heading away."""
    change = next(iter(draft.proposed + draft.changes), None)
    answers: dict[str, str | None] = {
        "Paper": draft.paper,
        "Type": draft.type,
        "Reason": draft.reason or "",
        "What is wrong": draft.note,
        "Field": f"{change.document}:{change.pointer}" if change else "",
        "Value now": "" if change is None or change.adds else _typed(change.old),
        "Value it should have": _typed(change.new) if change else "",
        "Evidence": "\n".join(draft.evidence),
        "Your name or handle": draft.reporter,
        "ORCID": draft.orcid or "",
        "Filed by": draft.kind,
    }
    answers |= {name.replace("_", " "): answer for name, answer in given.items()}
    parts = [f"### {name}\n\n{text or '_No response_'}" for name, text in answers.items() if text is not None]
    return "\n\n".join(parts)


def _typed(value: object) -> str:
    return "null" if value is None else str(value)


TEXTS = st.text("ab é:#`-*_<>\n~", min_size=1, max_size=30).map(lambda text: text.strip()).filter(
    lambda text: bool(text) and not any(line.lstrip().startswith(("```", "~~~")) for line in text.split("\n"))
)  # fmt: skip
WORDS = st.text("abé .'", min_size=1).map(lambda text: " ".join(text.split())).filter(bool)
CHANGES = st.builds(
    DraftChange,
    st.sampled_from(["manifest", "provenance"]),
    st.text("ab/~0", max_size=9).map("/a{}".format),
    st.none() | TEXTS,
    st.none() | TEXTS,
).map(lambda change: (change,)) | st.just(())
ADDED = st.builds(lambda new: (DraftChange("manifest", "/x", new=new, adds=True),), TEXTS)


@given(
    st.sampled_from(["DISPUTE", "EXPRESSION_OF_CONCERN", "CLAIM", "METADATA"]),
    TEXTS,
    CHANGES | ADDED,
    WORDS,
    st.none() | st.just("wrong-unit"),
    st.sampled_from(["person", "agent"]),
)
@settings(max_examples=200)
def test_any_draft_comes_back(
    kind: str, note: str, changes: tuple[DraftChange, ...], name: str, reason: str | None, by: str
) -> None:
    """A draft written as a form's Markdown is read as the same draft."""
    proposes = kind in ("DISPUTE", "EXPRESSION_OF_CONCERN")
    draft = Draft(
        PAPER, kind, note, reason=reason, reporter=name, kind=by, evidence=("https://a.example/b",),
        proposed=changes if proposes else (), changes=() if proposes else changes,
    )  # fmt: skip
    assert issue_form.from_issue(body(draft)) == draft


def test_a_full_form_is_read() -> None:
    """Answers of several lines stay so, in any line ends; a heading that nobody asked for is text."""
    for draft in (DISPUTE, PLAIN):
        assert issue_form.from_issue(body(draft)) == draft
        assert issue_form.from_issue(body(draft).replace("\n", "\r\n")) == draft
    note = "One.\n### Another heading\n#### Evidence\nTwo."
    assert issue_form.from_issue(body(DISPUTE, What_is_wrong=note)).note == note
    public = "\n\n### It stays public\n\n- [X] I know that the agent\n"
    assert issue_form.from_issue(body(PLAIN) + public) == PLAIN


@pytest.mark.parametrize(
    "answer",
    [
        PAPER,
        PAPER.upper(),
        f"<https://a.example/r/papers/{PAPER}.html>",
        f"https://a.example/papers/{PAPER}.html#claims",
        f"https://a.example/papers/{PAPER}.html?x=1",
        f"  {PAPER}  ",
    ],
)
def test_a_paper_is_an_id_or_an_address(answer: str) -> None:
    """What stands in the address bar of a paper's page will do."""
    assert issue_form.from_issue(body(PLAIN, Paper=answer)).paper == PAPER


@pytest.mark.parametrize("answer", ["SRCH:633d4d8a", f"{PAPER} and more", f"https://a.example/{PAPER}", "x"])
def test_another_paper_is_refused(answer: str) -> None:
    """A short id may fit two papers; the full one is asked for."""
    with pytest.raises(UsageError, match="heading Paper has"):
        issue_form.from_issue(body(PLAIN, Paper=answer))


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ("Expression of concern", "EXPRESSION_OF_CONCERN"),
        ("dispute: you say that it is wrong", "DISPUTE"),
        ("CLAIM (the list of claims)", "CLAIM"),
        ("quality-assessment", "QUALITY_ASSESSMENT"),
    ],
)
def test_a_type_is_read_in_any_spelling(answer: str, kind: str) -> None:
    """A choice of a form may explain itself behind the type."""
    assert issue_form.from_issue(body(PLAIN, Type=answer)).type == kind


def test_an_unknown_type_is_answered_with_the_types() -> None:
    """The message lists what may be written."""
    with pytest.raises(UsageError, match=r"heading Type has 'CLAIMS', expected one of METADATA, ARTIFACT"):
        issue_form.from_issue(body(PLAIN, Type="CLAIMS"))


@pytest.mark.parametrize("heading", ["Paper", "Type", "What is wrong", "Your name or handle"])
@pytest.mark.parametrize("answer", [None, "", "  \n "])
def test_what_is_needed_is_named(heading: str, answer: str | None) -> None:
    """A heading that is not there and one without an answer are the same lack."""
    with pytest.raises(UsageError, match=f"heading {heading} is missing") as caught:
        issue_form.from_issue(body(DISPUTE, **{heading: answer}))
    assert heading in (caught.value.hint or "")


def test_other_headings_may_be_left_out() -> None:
    """A form that does not ask for them makes a draft without."""
    left_out = ("Reason", "Field", "Value_now", "Value_it_should_have", "Evidence", "ORCID", "Filed_by")
    assert issue_form.from_issue(body(PLAIN, **dict.fromkeys(left_out))) == PLAIN


def test_half_a_change_is_refused() -> None:
    """A place without its new value, or the reverse, says which one is missing."""
    for heading in ("Field", "Value it should have"):
        with pytest.raises(UsageError, match=f"heading {heading} is missing"):
            issue_form.from_issue(body(DISPUTE, **{heading: ""}))
    with pytest.raises(UsageError, match="heading Field has 'the text'"):
        issue_form.from_issue(body(DISPUTE, Field="the text"))
    with pytest.raises(UsageError, match="heading Evidence stands twice"):
        issue_form.from_issue(body(DISPUTE, What_is_wrong="a\n### Evidence\nb"))


@pytest.mark.parametrize(
    ("field", "document", "pointer"),
    [
        ("/title", "manifest", "/title"),
        ("`/title`", "manifest", "/title"),
        ("Provenance: /generator", "provenance", "/generator"),
        ("provenance /generator", "provenance", "/generator"),
    ],
)
def test_a_field_is_of_the_manifest_unless_it_says_so(field: str, document: str, pointer: str) -> None:
    """Provenance is named before its place."""
    (change,) = issue_form.from_issue(body(DISPUTE, Field=field)).proposed
    assert (change.document, change.pointer) == (document, pointer)


def test_a_type_that_corrects_has_changes() -> None:
    """Only a dispute and a concern propose; without a value now the field is added."""
    draft = issue_form.from_issue(body(DISPUTE, Type="CLAIM", Value_now=""))
    assert draft.proposed == ()
    assert draft.changes == (DraftChange("manifest", "/claims/3/text", new="21\nclaims", adds=True),)


@pytest.mark.parametrize(
    ("answer", "value"),
    [
        ("```text\n### Evidence\n  a\n```", "### Evidence\n  a"),
        ("a\n```\n### Evidence\n```\nb", "a\n```\n### Evidence\n```\nb"),
        ("~~~~\n```\n### Evidence\n~~~\n~~~~", "~~~~\n```\n### Evidence\n~~~\n~~~~"),
        ("``` a\nb", "``` a\nb"),
        ("`a`", "`a`"),
        ("null", None),
    ],
)
def test_code_in_fences_is_text(answer: str, value: str | None) -> None:
    """Nothing in a fence is a heading; fences around a whole answer are the form's own and go."""
    (change,) = issue_form.from_issue(body(DISPUTE, Value_now=answer)).proposed
    assert change.old == value
    assert change.new == "21\nclaims"


def test_evidence_is_a_list_however_it_is_typed() -> None:
    """One address a line, with dashes, stars, angle brackets or empty lines."""
    answer = "- https://a.example/1\n* <https://a.example/2>\n\nhttps://a.example/3-4  \n"
    evidence = issue_form.from_issue(body(DISPUTE, Evidence=answer)).evidence
    assert evidence == ("https://a.example/1", "https://a.example/2", "https://a.example/3-4")


def test_an_orcid_may_be_an_address() -> None:
    """The number is kept."""
    draft = issue_form.from_issue(body(DISPUTE, ORCID="https://orcid.org/0000-0002-1825-0097"))
    assert draft.orcid == "0000-0002-1825-0097"


def test_hidden_characters_do_not_arrive() -> None:
    """What a stored text may not hold is dropped from what was typed, tabs become spaces."""
    draft = issue_form.from_issue(body(DISPUTE, What_is_wrong="a\u202eb\tc\ufeff e\u0301"))
    assert draft.note == "ab c é"


@given(st.text(max_size=200))
@settings(max_examples=100)
def test_any_body_is_read_or_refused(text: str) -> None:
    """No text makes it fail otherwise; what is refused says how to go on, without hidden characters."""
    for given_body in (text, body(DISPUTE, What_is_wrong=text or "x"), body(DISPUTE, Paper=text or "x")):
        try:
            draft = issue_form.from_issue(given_body)
        except UsageError as error:
            assert error.hint
            assert characters.visible(error.message) == error.message
        else:
            assert characters.refused(draft.note) is None
