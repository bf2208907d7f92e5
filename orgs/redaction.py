"""Keeps ID numbers and phones out of the logs, whatever put them into the message or the traceback."""

import logging
import re

# Neither may be part of a longer run of digits; `\d` also matches full-width digits, as typed in some rosters.
ID_NUMBER = re.compile(r"(?<!\d)\d{17}[\dXxＸｘ](?!\d)")
MOBILE = re.compile(r"(?<!\d)((?:86)?)[1１][3-9３-９]\d{9}(?!\d)")


def redact(text: str) -> str:
    """Return `text` with every 18-digit number and every mobile number replaced by a word."""
    return MOBILE.sub(r"\1[手机号]", ID_NUMBER.sub("[证件号]", text))


class RedactionFilter(logging.Filter):
    """Rewrites a record's message, traceback and stack before any handler formats them; lets every record pass."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = redact(record.getMessage()), None
        if record.exc_info and record.exc_info[0] and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = redact(record.exc_text)
        if record.stack_info:
            record.stack_info = redact(record.stack_info)
        return True
