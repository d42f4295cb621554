"""Integrity rules of history: what a change may not do to a registry that only grows."""

from colophon.model import FindingClass, Rule, Severity


def _rule(code: str, slug: str, what: str, why: str, example: str, mend: str) -> Rule:
    return Rule(code, slug, Severity.ERROR, FindingClass.INTEGRITY, what, why, example, mend)


HISTORY_RULES = (
    _rule(
        "H401", "file-changed",
        "A change alters a file that the registry already holds: a report, a document, a released "
        "contract or vocabulary, or the note that stands for a removed file.",
        "People cite what they read here. A file that can be altered without a trace is no record.",
        "A pull request that corrects a typing error inside `manifest.json`.",
        "Take the alteration back with the command in the message. To correct a record, run `colophon "
        "correct ID`; a contract or vocabulary gets a new version in a new file.",
    ),
    _rule(
        "H402", "file-deleted",
        "A change deletes or moves a file that the registry already holds.",
        "A link or a citation must find for ever what it pointed to, a withdrawn record and a declined "
        "correction included.",
        "A pull request that deletes `refusals/63/633d4d8a-.../counts.yaml`.",
        "Take the deletion back with the command in the message. To withdraw a record, file an event of "
        "type WITHDRAWAL; to take a file away for legal reasons, one of type REMOVAL.",
    ),
    _rule(
        "H403", "mode-refused",
        "A file is executable, a symbolic link or a submodule, or changes from one kind into another.",
        "A link or a submodule shows on each machine what happens to lie there, and nothing here is to be "
        "run.",
        "`manifest.json` as a link to `/etc/passwd`.",
        "Commit a plain file. `git update-index --chmod=-x FILE` takes the executable bit away.",
    ),
    _rule(
        "H404", "path-collides",
        "Two names in one folder differ only in case, in the way an accent is written, or in what cannot "
        "be seen.",
        "On many machines they are one file: a clone there shows one of the two and loses the other.",
        "`corrections/Count.yaml` beside `corrections/count.yaml`.",
        "Give the new file another name, in lower case.",
    ),
    _rule(
        "H405", "path-misplaced",
        "A new file lies where the registry has no place for it, has a name with other characters than "
        "a-z, 0-9, dot, hyphen and underscore, is hidden, lies too deep or has more than 5 MB. Or a line of "
        "`.gitattributes` above the registry would change its files on checkout.",
        "Nothing would check such a file or show it, so it could say anything; and a path that does not "
        "follow from the record's id hides a record or doubles it.",
        "`papers/64/633d4d8a-.../manifest.json`, whose folder should be `papers/63`.",
        "Move the file to the place that the message names, or leave it out.",
    ),
    _rule(
        "H406", "event-changed",
        "A change edits a correction event, a review or a refusal that is already filed.",
        "An event is what somebody said on a day; its id is made from its bytes, and others may have "
        "confirmed exactly them.",
        "A pull request that rewords the `note` of an event of last month.",
        "Take the edit back with the command in the message and say the rest in a new event: `colophon "
        "correct ID`.",
    ),
    _rule(
        "H407", "event-late",
        "A new event would sort before one that the paper already has.",
        "The versions of a paper are counted along its events. An event in between would change a version "
        "that is published and perhaps cited.",
        "An event dated 2026-05-01, where the paper has one of 2026-06-12.",
        "Write the `date:` line that the message prints. When the fault was found can be said in the "
        "note.",
    ),
    _rule(
        "H408", "append-only-unset",
        "`registry.yaml` said `append_only: true` and does not say it any more, is missing or cannot be "
        "read.",
        "The promise that nothing is altered or deleted is worth something only if nobody can take it "
        "back.",
        "A pull request that sets `append_only: false`, deletes a record and sets it to true again.",
        "Keep the line `append_only: true`; all other lines of `registry.yaml` may change.",
    ),
    _rule(
        "H409", "two-pull-requests",
        "One change brings a contract and documents that are written in it.",
        "Documents are judged by the contracts that are already merged; a change may not bring its own "
        "judge.",
        "A pull request with `schemas/paper-manifest/v2.json` and a manifest that names "
        "paper-manifest-v2.",
        "Merge the contract first, then the records: two pull requests.",
    ),
    _rule(
        "H410", "removal-mismatch",
        "A file was replaced by the note of a removal, and no REMOVAL event in the same change fits it; "
        "or such an event comes without the replacement, or without a maintainer's review of it; or such a "
        "note is added where no file was, or has another form than the one line that is expected.",
        "A removal is the one exception to append-only: readers must see what went, on whose authority "
        "and why, and the digest must prove that it was this file. The note of a correction also says when "
        "it was filed and whether it waited for a review, so every version keeps its number and its address.",
        '`{"removed": "sha256:..."}` in place of a report, with an event that names another digest.',
        "File one REMOVAL event for each removed file, with the path and the digest that the message "
        "names, and a maintainer's review of each such event in the same change.",
    ),
    _rule(
        "H411", "reviewer-unknown",
        "A review or a refusal is signed by somebody who is not a maintainer in the `registry.yaml` of the "
        "branch that the change goes to.",
        "Otherwise whoever files a retraction could confirm it in the same pull request.",
        "A review by Ada Example, whom the same change adds to `maintainers`.",
        "Ask one of the maintainers that the message lists; or merge the new maintainer first.",
    ),
    _rule(
        "H412", "line-ends-only",
        "A change alters nothing in a file but its line ends or its final newline.",
        "The digest of a file is taken over its bytes; an editor or a setting of git changed them "
        "unasked.",
        "All files of a record, saved again with CR LF by an editor on Windows.",
        "Take the change back with the command in the message, and run `git config core.autocrlf false`.",
    ),
    _rule(
        "H413", "review-too-soon",
        "A review comes in the same change as the event that it confirms. The review of a REMOVAL is the "
        "exception: it must come together with it.",
        "A name in a file proves nobody. Who files a retraction could sign its review as well, and the "
        "maintainer who merges the event would confirm it unseen.",
        "A pull request with `corrections/flawed.yaml` and `reviews/63/633d4d8a-.../flawed-seen.yaml`.",
        "Two pull requests: merge the event, which is shown as waiting, then its review.",
    ),
    _rule(
        "H414", "merge-first",
        "A branch changes a file that its target moved or deleted since, deletes one that its target "
        "changed, or changes `registry.yaml` as its target did.",
        "Git joins the two without asking: an edit of a draft lands in the event that the draft became, and "
        "of two fine texts of `registry.yaml` it makes one that nobody has judged.",
        "A pull request that edits `drafts/counts.yaml`, which main moved into a record.",
        "Merge the target into the branch with the command in the message, and push again.",
    ),
)  # fmt: skip
