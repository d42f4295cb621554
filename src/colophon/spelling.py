"""What people write in YAML, in the one spelling of the contract.

The first thing that a person would write is understood: ``type: dispute``, a reporter by name alone, one
address without a list, an ORCID as an address, a time without seconds.  What is not understood stays as it
is, so that validation names it.
"""

import re
from collections.abc import Callable
from functools import partial
from typing import Any

PEOPLES = frozenset({"correction-event-v1", "review-v1", "refusal-v1"})
_ORCID = re.compile(r"(?i)(?:https?://)?orcid\.org/")
_TIME = re.compile(
    r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})[ T]+(?P<time>[0-9]{2}:[0-9]{2})(?P<seconds>:[0-9]{2})?"
    r"\s*(?:Z|UTC|GMT)",
    re.IGNORECASE,
)


def canonical(contract: str, tree: Any) -> Any:
    """Return a tree of text scalars in the contract's spelling; the argument is not changed."""
    if contract not in PEOPLES or not isinstance(tree, dict):
        return tree
    event = {name: _SPELLINGS.get(name, _same)(value) for name, value in tree.items()}
    if isinstance(event.get("correction"), dict):
        event["correction"] = canonical("correction-event-v1", event["correction"])
    # An empty list under a key and no key at all are the same to who writes; so is an empty optional value.
    return {name: value for name, value in event.items() if value is not None or name not in _OPTIONAL}


def _same(value: Any) -> Any:
    return value


def type_name(words: str) -> str:
    """Return words in the spelling of an event type, such as EXPRESSION_OF_CONCERN."""
    return re.sub(r"[\s-]+", "_", words.strip()).upper()


def code(words: str) -> str:
    """Return words in the spelling of a reason code, such as wrong-value."""
    return re.sub(r"[\s_]+", "-", words.strip()).lower()


def orcid(words: str) -> str:
    """Return an ORCID iD without its address."""
    return _ORCID.sub("", words).strip("<> \t\n").upper()


def _lower(words: str) -> str:
    return words.strip().lower()


def _if_text(spell: Callable[[str], str], value: Any) -> Any:
    return spell(value) if isinstance(value, str) else value


def _date(value: Any) -> Any:
    found = _TIME.fullmatch(value.strip()) if isinstance(value, str) else None
    return f"{found['day']}T{found['time']}{found['seconds'] or ':00'}Z" if found else value


def _reporter(value: Any) -> Any:
    """A name alone is a person's."""
    if isinstance(value, str):
        return {"name": value, "kind": "person"}
    if not isinstance(value, dict):
        return value
    reporter = {"kind": "person", **value}
    reporter["kind"] = _if_text(_lower, reporter["kind"] or "person")
    if "orcid" in reporter:
        reporter["orcid"] = _if_text(orcid, reporter["orcid"])
    return reporter


def _listed(value: Any) -> Any:
    """One item without a list is a list of one; no item at all is an empty one."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _changes(value: Any) -> Any:
    listed = _listed(value)
    return [_change(item) for item in listed] if isinstance(listed, list) else listed


def _change(item: Any) -> Any:
    """Most corrections are of the manifest, so a change that names no document is of that one."""
    if not isinstance(item, dict):
        return item
    return {
        "document": "manifest",
        **item,
        **({"document": _if_text(_lower, item["document"])} if item.get("document") else {}),
    }


_SPELLINGS: dict[str, Callable[[Any], Any]] = {
    "type": partial(_if_text, type_name), "reason": partial(_if_text, code),
    "paper": partial(_if_text, _lower), "date": _date, "reporter": _reporter, "evidence": _listed,
    "changes": _changes, "proposed": _changes,
}  # fmt: skip
_OPTIONAL = {"reason", "successor", "removal", "url"}
