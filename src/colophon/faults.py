"""Rules of files: what makes a registry damaged, which nothing excuses, and what keeps an event from folding."""

from collections.abc import Mapping
from types import MappingProxyType

from colophon.faults_events import EVENT_RULES
from colophon.faults_history import HISTORY_RULES
from colophon.faults_runs import RUN_RULES
from colophon.model import Fault, Finding, FindingClass, Rule, Severity


def _rule(code: str, slug: str, what: str, why: str, example: str, mend: str) -> Rule:
    return Rule(code, slug, Severity.ERROR, FindingClass.INTEGRITY, what, why, example, mend)


_LIST = (
    _rule(
        "S101", "json-malformed",
        "A JSON file cannot be parsed: it is empty, cut off, or holds something that is no JSON.",
        "What cannot be parsed cannot be judged; two readers might repair it differently.",
        '`{"title": "A report` where the file ends inside the string.',
        "Restore the file from version control, or run `colophon ingest` on the report again.",
    ),
    _rule(
        "S102", "key-duplicated",
        "One object or mapping holds the same key twice.",
        "Readers keep the first, the last or neither, so two people see two records.",
        '`{"title": "A", "title": "B"}`',
        "Keep the one line that the report states and delete the other.",
    ),
    _rule(
        "S103", "number-not-storable",
        "A number is NaN, infinite, beyond 2^53 as an integer, or too long to be held exactly.",
        "Such a number changes its value from one program to the next without a warning.",
        "`NaN`, `1e999`, or an integer of 300 digits.",
        "Write the number as the report prints it, as text, where the contract has a text field for it.",
    ),
    _rule(
        "S104", "nesting-too-deep",
        "Objects and lists are nested deeper than 32.",
        "No contract needs that depth; deep nesting is a known way to crash readers.",
        "Ten thousand opening brackets.",
        "Write the document in the shape of its contract; `colophon explain S110` says where to find it.",
    ),
    _rule(
        "S105", "character-refused",
        "Text holds a control, bidirectional, zero-width or private character, or is not in Unicode Normalization "
        "Form C.",
        "Such characters are invisible on a page and in a diff, and can make text read differently from what is stored.",
        "A right-to-left override (U+202E) inside a title.",
        "Delete the character. Text with accents is stored composed (NFC).",
    ),
    _rule(
        "S106", "encoding-refused",
        "A file begins with a byte order mark or is not UTF-8; or a document of the program has CR line ends.",
        "A digest is taken over the stored bytes, so there is exactly one allowed spelling of what a program writes. "
        "YAML that people write may have the line ends of Windows; its bytes stay as they are.",
        "A manifest that an editor saved with Windows line ends.",
        "Save the file as UTF-8 without a mark and with LF line ends.",
    ),
    _rule(
        "S107", "file-too-large",
        "A file is larger than its kind may be: 5 MB for reports and documents, 256 KB for files that people write.",
        "The registry is read whole on every check; one oversized file would slow or stop it for everyone.",
        "A manifest of 200 MB.",
        "Split or shorten the document; a report of more than 5 MB cannot be a record.",
    ),
    _rule(
        "S108", "file-not-plain",
        "Something in the registry is a symbolic link, a device or a socket, or a name that is not lower-case ASCII.",
        "A link can point outside the registry, and names that differ only in case or encoding collide on other machines.",
        "`report.txt` as a link to `/etc/passwd`.",
        "Replace it by a regular file whose name uses a-z, 0-9, dot, hyphen and underscore.",
    ),
    _rule(
        "S109", "contract-unknown",
        "A document names a contract that does not exist, that does not belong in this file, or none at all.",
        "A document is judged by the contract it names; without one nothing can be said about it.",
        '`"contract_version": "paper-manifest-v9"`',
        "Write one of the contracts that the message lists.",
    ),
    _rule(
        "S110", "schema-violated",
        "A document does not fit the JSON Schema of the contract it names.",
        "Programs that rely on the contract would read it wrongly or not at all.",
        "`claims_extracted` is the text \"28\" where the contract asks for an integer.",
        "Compare the field with the contract's page under Contracts; every field is described there.",
    ),
    _rule(
        "S111", "form-not-stored",
        "A JSON file is correct but not in the one stored form: UTF-8, LF, final newline, two-space indent, keys in "
        "schema order.",
        "With one form only, `sha256sum` is enough to compare two copies, and a diff shows only what changed.",
        "A manifest on one single line.",
        "Write the file again in stored form; the message names the first line that differs. `colophon ingest` "
        "does it for papers; for another file, with its keys in the order of the schema's example, "
        "`python -m json.tool --indent 2 --no-ensure-ascii FILE` prints it.",
    ),
    _rule(
        "S112", "identity-disagrees",
        "The id in a document, its display id and the folder it lies in do not agree.",
        "Links, events and citations use the id; a record must not be reachable under another record's address.",
        "A manifest with id 633d4d8a-... in the folder of c157b341-...",
        "Move the folder to `papers/<first 2 hex>/<id>/`, or correct the id.",
    ),
    _rule(
        "S113", "link-dangling",
        "A document points to something that is not there: a claim to a source, `truncated` to a field, the provenance "
        "to a report with another digest.",
        "A reader who follows the link finds nothing, or not what was promised.",
        "A claim that names source s009 in a record with three sources.",
        "Correct the pointer, or restore what it points to.",
    ),
    _rule(
        "S114", "file-unexpected",
        "A folder of the registry holds a file or folder that has no place there.",
        "Nothing would check it or show it, so it could say anything.",
        "`papers/63/633d4d8a-.../notes.docx`",
        "Remove it, or move it to the folder that the layout gives it.",
    ),
    _rule(
        "S115", "vocabulary-altered",
        "A vocabulary bears a released name but its bytes differ from the release.",
        "Two registries would give one badge name two meanings.",
        "quality-tiers-v2 with another threshold for GROUNDED.",
        "Restore the released file, or give the changed vocabulary another file name and id.",
    ),
    _rule(
        "S116", "yaml-refused",
        "A YAML file cannot be parsed, or uses aliases, anchors, tags, directives or merge keys.",
        "Those features let a small file expand without bound or change the meaning of plain text.",
        "`title: &t A report`",
        "Write plain keys and values. Only a text with a space and a # needs lines of its own below its key: `note: |`, "
        "then the text, each line of it indented by two spaces.",
    ),
    _rule(
        "S117", "record-incomplete",
        "A record's folder lacks its report, its manifest or its provenance.",
        "A record without its report cannot be traced, one without its manifest cannot be read.",
        "A folder with manifest.json only.",
        "Run `colophon ingest` on the report again and keep all three files.",
    ),
    _rule(
        "S118", "engines-disagree",
        "The two schema engines give different verdicts on one document.",
        "The contract is then ambiguous, and other people's validators will split in the same way.",
        "A pattern that one engine reads with Unicode digits.",
        "Report it with the document: the schema has to be made exact.",
    ),
    _rule(
        "S119", "item-struck-as-filed",
        "A manifest as filed strikes out one of its own claims, sources or files.",
        "Only a correction strikes an item, so that a reader sees who did it and why.",
        "`\"struck\": true` in manifest.json.",
        "Delete the key; file a correction that strikes the item.",
    ),
    _rule(
        "S120", "grounding-differs",
        "A stored grounding names today's method and texts that are held, and the method finds something else in them.",
        "A verdict counts because anyone can make it again. One that was written by hand would count for nothing.",
        "A grounding calls a claim `quoted` whose words stand nowhere in the held text.",
        "Delete the new file and run `colophon ground ID`, which writes what the method finds.",
    ),
    _rule(
        "H101", "date-in-future",
        "A date that a record states lies after the time of the check.",
        "What has not happened yet cannot have been published; such a date would also sort the record first for ever.",
        "`submitted` 2031-01-01.",
        "Remove the new record, correct the date if it was printed wrongly, and ingest the report again, or wait.",
    ),
)  # fmt: skip

RULES: Mapping[str, Rule] = MappingProxyType(
    {rule.code: rule for rule in (*_LIST, *EVENT_RULES, *HISTORY_RULES, *RUN_RULES)}
)


def finding(fault: Fault, path: str, record: str = "") -> Finding:
    """Return the finding for a fault in one file."""
    rule = RULES[fault.code]
    return Finding(
        path, fault.line, fault.pointer, rule.code, fault.message,
        rule.slug, rule.severity, rule.finding_class, record, patch=fault.patch,
    )  # fmt: skip
