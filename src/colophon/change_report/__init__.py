"""What a change does to records, for the people who decide about it."""

from colophon.change_report._markdown import markdown
from colophon.change_report._terminal import text_summary
from colophon.change_report._values import ChangeReport, FieldChange, RecordChange

__all__ = ["ChangeReport", "FieldChange", "RecordChange", "markdown", "text_summary"]
