"""Reading answers that anybody may have written: each value has its type, or nothing is used."""

import html
import re
from datetime import date
from typing import Any
from xml.etree import ElementTree

import orjson

from colophon.characters import tidy

_LONGEST_LINE, _LONGEST_TEXT, _MOST_AUTHORS = 2000, 20_000, 10_000
_DATE = re.compile(r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?")
# The elements that publishers put into titles and abstracts.  Any other sign < is mathematics.
_MARKUP = re.compile(
    r"</?(?:jats:[a-z-]{1,30}|mml:[a-z-]{1,30}|i|b|u|em|strong|sub|sup|p|scp|tt|italic|bold)(?:\s[^<>]{0,500})?/?>",
    re.IGNORECASE,
)
_HEADING = re.compile(
    r"<(?:jats:)?title\b[^<>]{0,200}>\s*(?:abstract|summary)\s*</(?:jats:)?title>", re.IGNORECASE
)


class Unusable(Exception):
    """An answer that cannot be used.  It is thrown away whole, and its text is the reason."""


class NotThere(Exception):
    """The service answered that it does not know the paper."""


def json_object(body: bytes) -> dict[str, Any]:
    """Read a JSON object."""
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise Unusable(f"the answer is no JSON{_looks_like(body)}") from None
    if not isinstance(value, dict):
        raise Unusable("the answer is JSON, but no object")
    return value


def xml_root(body: bytes) -> ElementTree.Element:
    """Read XML that declares nothing.

    Entities can only be declared after ``<!DOCTYPE``, which neither Atom nor OAI-PMH has, so an answer with
    these letters is refused before a parser sees it.  Text is read as UTF-8 whatever the answer says, so
    that no other encoding can hide them.
    """
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        raise Unusable("the answer is not UTF-8") from None
    if "<!DOCTYPE" in text:
        raise Unusable(f"the answer declares a document type{_looks_like(body)}")
    try:
        return ElementTree.fromstring(text)  # noqa: S314  no entity can be declared
    except (ElementTree.ParseError, ValueError):
        raise Unusable(f"the answer is no XML{_looks_like(body)}") from None


def _looks_like(body: bytes) -> str:
    start = body[:200].lstrip().lower()
    if not start:
        return ", it is empty"
    return ", it looks like a web page" if start.startswith((b"<!doctype html", b"<html")) else ""


def given(value: Any, kind: type, name: str) -> Any:
    """Return a value that must be there and of one type."""
    found = optional(value, kind, name)
    if found is None:
        raise Unusable(f"{name} is missing")
    return found


def optional(value: Any, kind: type, name: str) -> Any:
    """Return a value that may be missing, and otherwise is of one type."""
    if value is not None and type(value) is not kind:
        raise Unusable(f"{name} is no {_NAMES[kind]}")
    return value


_NAMES = {str: "text", list: "list", dict: "object", bool: "truth value", int: "whole number"}


def objects(value: Any, name: str) -> list[dict[str, Any]]:
    """Return a list of objects; an absent list is empty."""
    return [given(one, dict, f"an item of {name}") for one in optional(value, list, name) or ()]


def line(value: Any, name: str) -> str | None:
    """Return text in one line, or None when there is none."""
    text = _words(optional(value, str, name) or "")
    if len(text) > _LONGEST_LINE:
        raise Unusable(f"{name} has {len(text)} characters, at most {_LONGEST_LINE} are read")
    return text or None


def passage(value: Any, name: str) -> str | None:
    """Return a longer text with single spaces, or None when there is none."""
    text = _words(optional(value, str, name) or "")
    if len(text) > _LONGEST_TEXT:
        raise Unusable(f"{name} has {len(text)} characters, at most {_LONGEST_TEXT} are read")
    return text or None


def _words(text: str) -> str:
    return " ".join(tidy(text).split())


def authors(names: list[str | None]) -> tuple[str, ...]:
    """Return the names; a list with a hole in it is none."""
    if len(names) > _MOST_AUTHORS:
        raise Unusable(f"{len(names)} authors, at most {_MOST_AUTHORS} are read")
    return tuple(name for name in names if name) if all(names) else ()


def without_markup(text: str | None) -> str | None:
    """Return text without the elements that publishers put into it, and with its characters unescaped."""
    if text is None:
        return None
    return html.unescape(_MARKUP.sub(" ", _HEADING.sub(" ", text))) or None


def day(value: Any, name: str) -> str | None:
    """Return the date that a text begins with: a year, a month or a day."""
    text = optional(value, str, name)
    if not text:
        return None
    match = _DATE.match(text)
    if match is None or not _exists(match[0]):
        raise Unusable(f"{name} begins with no date")
    return match[0]


def date_of_parts(value: Any, name: str) -> str | None:
    """Return the date of an object of Crossref's: ``{"date-parts": [[2018, 2, 13]]}``; null is no date."""
    parts = optional((optional(value, dict, name) or {}).get("date-parts"), list, name)
    first = optional(parts[0], list, name) if parts else None
    if not first or first == [None]:
        return None
    if len(first) > 3 or not all(type(one) is int and 0 < one < 10_000 for one in first):
        raise Unusable(f"{name} is no date")
    text = "-".join(f"{one:0{4 if place == 0 else 2}d}" for place, one in enumerate(first))
    if not _exists(text):
        raise Unusable(f"{name} is no date")
    return text


def _exists(text: str) -> bool:
    try:
        date.fromisoformat(text + "-01" * ((10 - len(text)) // 3))
    except ValueError:
        return False
    return True
