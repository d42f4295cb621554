"""The fields of a record by names that people use: ``title``, ``claim 4``, ``review score``, or a pointer."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from colophon import pointer as pointers
from colophon.amend import Refused, amend, shown
from colophon.contracts.correction_event import Change
from colophon.errors import UsageError
from colophon.fold import Documents
from colophon.likeness import by_words
from colophon.matching import did_you_mean, suggestion
from colophon.pointer import ABSENT

DOCUMENTS = ("manifest", "provenance")
_PLACE = re.compile(r"(?:(manifest|provenance):)?\s*(.*)", re.DOTALL)
_ITEM = re.compile(r"(?:(claim|source)\s*|(c|s)0*)?([0-9]{1,6})(?:[\s/]+(\S.*))?", re.IGNORECASE)
_LISTS = {"c": "claims", "claim": "claims", "s": "sources", "source": "sources"}
# The member that a list's item is known by.
_FOREMOST = {"claims": "text", "sources": "identifier"}
_MOST_NAMED = 6


@dataclass(frozen=True, slots=True)
class Field:
    """One place of a record with its readable name; ``value`` is ABSENT where nothing stands yet."""

    document: str
    pointer: str
    name: str
    value: Any


def fields(documents: Documents) -> list[Field]:
    """Return every single value of a record that a correction may touch, in the order of the documents."""
    found = [field for name in DOCUMENTS for field in _of_document(name, documents.named(name))]
    times = Counter(field.name for field in found)
    return [field if times[field.name] == 1 else replace(field, name=_whole(field)) for field in found]


def _of_document(name: str, document: dict[str, Any]) -> Iterator[Field]:
    for place in pointers.all_pointers(document):
        value = pointers.resolve(document, place)
        if not isinstance(value, dict | list) and not is_fixed(name, document, place):
            yield Field(name, place, readable(place), value)


def is_fixed(name: str, document: dict[str, Any], place: str) -> bool:
    """Whether a place identifies the record, so that no correction touches it."""
    refused = amend(document, Change(document=name, pointer=place, old=None, new=None))
    return isinstance(refused, Refused) and refused.code == "H307"


def readable(place: str) -> str:
    """Return a pointer in words: ``/claims/3/text`` is ``claim 4``."""
    words: list[str] = []
    parts = pointers.parts(place)
    for at, part in enumerate(parts):
        if pointers.is_index(part) and words:
            words[-1] = f"{_one(words[-1])} {int(part) + 1}"
        elif part == pointers.END and words:
            words[-1] = f"another {_one(words[-1])}"
        elif not (part == "stated" and len(parts) > at + 1) and not (part == "text" and at == len(parts) - 1):
            words.append(part.replace("_", " "))
    return " ".join(words) or "the whole document"


def _one(noun: str) -> str:
    return f"{noun[:-3]}y" if noun.endswith("ies") else noun.removesuffix("s")


def _whole(field: Field) -> str:
    return " ".join([field.document, *pointers.parts(field.pointer)]).replace("_", " ")


def find(documents: Documents, words: str, *, loosely: bool) -> list[Field]:
    """Return the fields that words may mean: a pointer, a claim's number, a field's name.

    ``manifest:`` or ``provenance:`` before them narrows the search; ``loosely`` takes also words of a claim
    and a name with a slip of the pen.  Raises UsageError, with what is near, when nothing fits.
    """
    match = _PLACE.fullmatch(words.strip())
    within, rest = (match[1], match[2].strip()) if match is not None else (None, words.strip())
    if rest.startswith("/"):
        return [_at(documents, within, rest)]
    item = _ITEM.fullmatch(rest)
    if item is not None and within != "provenance":
        return _of_item(documents, item)
    known = [field for field in fields(documents) if within in (None, field.document)]
    found = _by_name(known, rest) or (_by_text(known, rest) if loosely else [])
    if not found:
        raise UsageError(f"{rest!r} is no field of this record{_nearest(known, rest)}", _HINT)
    return found


_HINT = "give a claim such as c003, a field such as title, or a pointer such as /title"


def the_one(documents: Documents, words: str) -> Field:
    """Return the one field that words mean.  Raises UsageError when several or none fit."""
    found = find(documents, words, loosely=False)
    if len(found) == 1:
        return found[0]
    named = "; ".join(f"{one.document}:{one.pointer} {shown(one.value)}" for one in found[:_MOST_NAMED])
    more = f"; and {len(found) - _MOST_NAMED} more" if len(found) > _MOST_NAMED else ""
    raise UsageError(f"{words!r} fits {len(found)} fields: {named}{more}", "give one of these pointers")


def _at(documents: Documents, within: str | None, place: str) -> Field:
    """Return the field at a pointer; without a document that which has it, else the manifest."""
    having = [name for name in DOCUMENTS if pointers.resolve(documents.named(name), place) is not ABSENT]
    name = within or next(iter(having), "manifest")
    return Field(name, place, readable(place), pointers.resolve(documents.named(name), place))


def _of_item(documents: Documents, item: re.Match[str]) -> list[Field]:
    """Return a claim or source by its number, or a member of it."""
    kind = _LISTS[(item[1] or item[2] or "c").lower()]
    held, at = documents.manifest[kind], int(item[3]) - 1
    noun = kind.removesuffix("s")
    if held is None:
        raise UsageError(f"this record shows no list of {kind}", "colophon show ID prints what it shows")
    if not 0 <= at < len(held):
        count = f"{len(held)} {noun if len(held) == 1 else kind}"
        last = f", numbered 1 to {len(held)}" if held else ""
        raise UsageError(f"there is no {noun} {at + 1}: this record has {count}{last}", _HINT)
    member = (item[4] or _FOREMOST[kind]).strip("/")
    if not item[4] or "/" in member or pointers.resolve(held[at], f"/{member}") is not ABSENT:
        return [_at(documents, "manifest", f"/{kind}/{at}/{member}")]
    known = [one for one in fields(documents) if f"{one.pointer}/".startswith(f"/{kind}/{at}/")]
    found = _by_name(known, f"{noun} {at + 1} {member}")
    if not found:
        raise UsageError(f"{noun} {at + 1} has no {member}{_nearest(known, member)}", _HINT)
    return found


def _by_name(known: Iterable[Field], words: str) -> list[Field]:
    """Return the field of that name, or those whose names begin with it or end on it."""
    name = " ".join(words.replace("_", " ").casefold().split())
    whole = [field for field in known if field.name.casefold() == name]
    if whole or not name:
        return whole
    longer = [one for one in known if f"{one.name.casefold()} ".startswith(f"{name} ")]
    return longer or [one for one in known if f" {one.name.casefold()}".endswith(f" {name}")]


def _by_text(known: Iterable[Field], words: str) -> list[Field]:
    """Return the claims that hold the words, or the fields whose names are like them."""
    claims = {one.pointer: one for one in known if re.fullmatch(r"/claims/[0-9]+/text", one.pointer)}
    found = by_words(words, {place: str(one.value) for place, one in claims.items()})
    if found and len(words.split()) > 1:
        return [claims[place] for place in found]
    near = did_you_mean(words, [one.name for one in known])
    return [one for one in known if one.name == near] or [claims[place] for place in found]


def _nearest(known: Iterable[Field], words: str) -> str:
    names = {one.name: one.name for one in known}
    nearest = did_you_mean(words, names)
    near = [nearest] if nearest else by_words(words, names)[:3]
    return suggestion(" or ".join(near))
