"""Rules about correction events, reviews and refusals as they fold into a record.

On a whole registry they are notes: the event stays in the history and changes nothing.  On a change that adds
the event they refuse it, while it can still be mended.
"""

from colophon.model import FindingClass, Rule, Severity


def _rule(code: str, slug: str, what: str, why: str, example: str, mend: str) -> Rule:
    return Rule(code, slug, Severity.NOTE, FindingClass.EDITORIAL, what, why, example, mend)


EVENT_RULES = (
    _rule(
        "H301", "event-stale",
        "The old value that an event gives is not the value that stands there when it is its turn.",
        "Whoever wrote it looked at another version, so nobody knows whether they would still change it.",
        "`old: 27` where the record says 28.",
        "Write the value as it stands now, or drop the change; the message shows it and who set it.",
    ),
    _rule(
        "H302", "events-conflict",
        "Two events change the same value from the same old value; the later one is not applied.",
        "Each author did not know of the other, and only people can say which of them is right.",
        "One event changes a date from 1 to 2 May, a second changes it from 1 to 3 May.",
        "Read the earlier event; if yours is right all the same, start from the value that it set.",
    ),
    _rule(
        "H303", "pointer-unknown",
        "The pointer of a change leads to no value of the document, and to no place where one may be added.",
        "A change without a place changes nothing.",
        "`/claim/3/text` in place of `/claims/3/text`.",
        "Take the pointer that the message suggests; the paper's JSON shows every field.",
    ),
    _rule(
        "H304", "publisher-words",
        "An event changes what the publisher said without being the publisher or naming a slip in our copy.",
        "A registry that edits other people's words cannot be trusted to have kept them.",
        "A METADATA event that changes the abstract.",
        "File a DISPUTE and list the wording under `proposed`. The reason `transcription` is for our own "
        "slips, and a review confirms it.",
    ),
    _rule(
        "H305", "change-void",
        "The new value of a change is the value that stands there already.",
        "A version that differs in nothing hides those that do.",
        "`old: 28`, `new: 28`.",
        "Drop the change, or write the value that should stand there.",
    ),
    _rule(
        "H306", "value-refused",
        "With the change the document would not fit its contract, or an item would lose its place.",
        "Every published version is valid, so that programs can read it.",
        "A date such as `soon`, or a list of claims with one claim less.",
        "Write a value of the form that the message names; strike an item with `struck: true`.",
    ),
    _rule(
        "H307", "field-fixed",
        "An event changes what identifies a record or says how it was read here.",
        "If these could change, links, citations and digests would point at something else.",
        "A change of `/id`.",
        "Leave the field; a wrong record is taken back by its publisher or disputed.",
    ),
    _rule(
        "H308", "event-before-paper",
        "An event is dated before the paper that it is about.",
        "Nothing can be corrected before it exists, and events are applied in the order of their dates.",
        "An event of 1 May about a paper of 2 May.",
        "Write the day on which you file it.",
    ),
    _rule(
        "H309", "event-duplicated",
        "Two events of one paper say the same: type, changes, proposals and note.",
        "The second one adds a version in which nothing happened.",
        "One file committed twice under two names.",
        "Keep the first one.",
    ),
    _rule(
        "H310", "transcription-absent",
        "An event says that a text was copied wrongly here, and its new text does not stand in the report in "
        "whole words and numbers.",
        "The reason lets a change touch the publisher's words, so it must be one that anyone can check.",
        "A new abstract with a sentence that `report.txt` does not have.",
        "Copy the text from report.txt, or file a DISPUTE with the wording under `proposed`.",
    ),
    _rule(
        "H311", "review-dangling",
        "A review confirms no file of the registry, a file with another digest, or an event of a later time.",
        "A confirmation of something else than what is published confirms nothing.",
        "A review whose digest is that of a draft.",
        "Run `sha256sum` on the file and file a new review with that digest.",
    ),
    _rule(
        "H312", "reason-unfit",
        "The reason of an event is no code of the vocabulary, or not for events of this type.",
        "Exports turn the code into the terms of Crossref and DataCite; a free word cannot be turned.",
        "`reason: wrong` or a DISPUTE with the reason `transcription`.",
        "Take one of the codes that the message lists.",
    ),
    _rule(
        "H313", "form-unfilled",
        "An event still holds words with which a form on a page begins it, or a key of the form in its name.",
        "Nobody can answer a correction that does not say what is wrong, or one that nobody has signed.",
        "`name: Your name or handle`",
        "Write your name or handle, and what is wrong and how you know it, in the place of these words.",
    ),
)  # fmt: skip
