"""What people meet on the forge: the issue form, the pull request's template, the owners of files."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from colophon import issue_form

from .forge_files import OURS, PAPER, ROOT, STARTER, read

FORM = OURS / "ISSUE_TEMPLATE" / "correction.yml"
# The one heading that no command reads: it is for the person who files.
PUBLIC = "It stays public"
NEEDED = {"Paper", "Type", "What is wrong", "Your name or handle", "Filed by"}
# These need a value that the form does not ask for.
NOT_BY_FORM = {"SUPERSESSION", "REMOVAL"}


def _fields() -> dict[str, dict[str, Any]]:
    return {item["attributes"]["label"]: item for item in read(FORM)["body"] if item["type"] != "markdown"}


def _options(label: str) -> list[str]:
    options: list[str] = _fields()[label]["attributes"]["options"]
    return options


def test_the_headings_are_what_the_command_reads() -> None:
    """The form's labels become the headings of the issue, in this order and these words."""
    assert list(_fields()) == [*issue_form.HEADINGS, PUBLIC]


def test_a_filled_form_is_read() -> None:
    """What the forge makes of the form, with optional answers left out, reads as the draft that was meant."""
    given = {"Paper": PAPER, "Type": "DISPUTE", "Reason": "counts-disagree", "What is wrong": "There are 21.",
             "Field": "/claims/3/text", "Value now": "28 claims", "Value it should have": "21 claims",
             "Your name or handle": "Ada Example", "Filed by": "person",
             PUBLIC: f"- [x] {_fields()[PUBLIC]['attributes']['options'][0]['label']}"}  # fmt: skip
    body = "\n\n".join(f"### {name}\n\n{given.get(name, issue_form.NO_ANSWER)}" for name in _fields())
    draft = issue_form.from_issue(body.replace("\n", "\r\n"))
    assert (draft.paper, draft.type, draft.reason) == (PAPER, "DISPUTE", "counts-disagree")
    assert (draft.note, draft.reporter, draft.kind) == ("There are 21.", "Ada Example", "person")
    assert (draft.orcid, draft.evidence, draft.changes) == (None, (), ())
    (change,) = draft.proposed
    assert (change.pointer, change.old, change.new) == ("/claims/3/text", "28 claims", "21 claims")
    assert issue_form.from_issue(body.replace("\nperson", "\nagent")).kind == "agent"


def test_what_must_be_said_must_be_filled_in() -> None:
    """The paper, the type, what is wrong, who says so; and that it stays public."""
    needed = {label for label, item in _fields().items() if item.get("validations", {}).get("required")}
    assert needed == NEEDED
    (box,) = _fields()[PUBLIC]["attributes"]["options"]
    assert box["required"] is True


def test_the_form_has_the_documented_shape() -> None:
    """Ids are unique, each kind of field has its attributes, and no dropdown has an option twice."""
    form = read(FORM)
    assert {"name", "description", "title", "labels", "body"} == set(form)
    ids = [item["id"] for item in form["body"] if item["type"] != "markdown"]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-z-]+", name) for name in ids)
    for item in form["body"]:
        if item["type"] == "dropdown":
            options = item["attributes"]["options"]
            assert len(set(options)) == len(options)
            assert item["attributes"].get("default", 0) == 0
        assert item["type"] in ("markdown", "input", "textarea", "dropdown", "checkboxes")


def test_nobody_accepts_their_own_correction() -> None:
    """The form sets the label that says what it is, not the one that accepts it."""
    assert read(FORM)["labels"] == ["correction"]


def test_the_types_are_those_of_the_contract() -> None:
    """Every type can be filed with the form, but for two that need more than it asks."""
    contract = json.loads((ROOT / "schemas" / "correction-event" / "v1.json").read_text(encoding="utf-8"))
    assert {*_options("Type"), *NOT_BY_FORM} == set(contract["properties"]["type"]["enum"])
    assert _options("Type")[0] == "DISPUTE"


def test_the_reasons_are_those_of_the_vocabulary() -> None:
    """The dropdown has the codes of the released vocabulary, in its order, that fit a type of the form."""
    vocabulary = read(ROOT / "vocabularies" / "correction-reasons-v1.yaml")
    fitting = [item["name"] for item in vocabulary["reasons"] if set(item["types"]) & set(_options("Type"))]
    assert _options("Reason") == fitting


def test_publishers_get_the_same_form() -> None:
    """The form of a new registry is ours, byte for byte."""
    for file in sorted((OURS / "ISSUE_TEMPLATE").iterdir()):
        assert (STARTER / "ISSUE_TEMPLATE" / file.name).read_bytes() == file.read_bytes()


@pytest.mark.parametrize("folder", [OURS, STARTER])
def test_the_pull_request_template_is_short(folder: Path) -> None:
    """It fits on one screen, and names the one file that a correction adds where it belongs."""
    text = (folder / "pull_request_template.md").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 25
    prefix = "registry/" if folder == OURS else ""
    assert f"`{prefix}papers/<2 hex>/<id>/corrections/<slug>.yaml`" in text


def _owned(folder: Path) -> dict[str, str]:
    lines = (folder / "CODEOWNERS").read_text(encoding="utf-8").splitlines()
    return dict(line.split() for line in lines if line and not line.startswith("#"))


def test_maintainers_own_what_judges() -> None:
    """Reviews, refusals, settings, contracts, the program and the workflows need a maintainer."""
    registry = {"reviews/", "refusals/", "registry.yaml", "vocabularies/"}
    ours = {"vocabularies/", "schemas/", ".github/", ".ci/", "src/", "action.yml", "pyproject.toml"}
    theirs = {"requirements.txt", ".github/", ".gitlab-ci.yml"}
    assert {f"/registry/{path}" for path in registry} | {f"/{path}" for path in ours} <= set(_owned(OURS))
    assert {f"/{path}" for path in registry | theirs} <= set(_owned(STARTER))


@pytest.mark.parametrize("folder", [OURS, STARTER])
def test_corrections_need_no_owner(folder: Path) -> None:
    """Records and corrections are owned by nobody, and the one placeholder says that it is one."""
    owned = _owned(folder)
    assert not any("papers" in path or path in ("*", "/registry/", "/") for path in owned)
    assert len(set(owned.values())) == 1
    (team,) = set(owned.values())
    assert f"{team} is a placeholder" in (folder / "CODEOWNERS").read_text(encoding="utf-8")
