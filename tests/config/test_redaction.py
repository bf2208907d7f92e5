"""No ID number and no phone reaches the log."""

import io
import logging

import pytest

from orgs.redaction import RedactionFilter, redact


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("身份证号119901199001011233重复", "身份证号[证件号]重复"),
        ("11990119900101123X", "[证件号]"),
        ("11990119900101123x，15400001234", "[证件号]，[手机号]"),
        ("(11990119900101123X)=(exists)", "([证件号])=(exists)"),
        ("+8615400001234", "+86[手机号]"),
        ("１１９９０１１９９００１０１１２３３", "[证件号]"),
        ("member_119901199001011233_x", "member_[证件号]_x"),
        ("统一编码 1199010000123", "统一编码 1199010000123"),
        ("1199011990010112331", "1199011990010112331"),
        ("12500001234", "12500001234"),
        ("2026-03-02 09:00:00", "2026-03-02 09:00:00"),
    ],
)
def test_numbers_of_persons_are_replaced(text, expected):
    assert redact(text) == expected


@pytest.fixture
def written():
    """A logger with the filter on its handler; returns the logger and what it wrote."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(RedactionFilter())
    logger = logging.Logger("tests")
    logger.addHandler(handler)
    return logger, stream


def test_arguments_of_a_message_are_redacted(written):
    logger, stream = written

    logger.info("member %s, phone %s", "119901199001011233", 15400001234)

    assert stream.getvalue() == "member [证件号], phone [手机号]\n"


def test_traceback_is_redacted(written):
    logger, stream = written

    try:
        raise ValueError("Key (id_number)=(119901199001011233) already exists.")
    except ValueError:
        logger.exception("import failed")

    assert stream.getvalue().splitlines()[0] == "import failed"
    assert stream.getvalue().splitlines()[-1] == "ValueError: Key (id_number)=([证件号]) already exists."
    assert "119901199001011233" not in stream.getvalue()


def test_every_handler_of_the_settings_redacts(settings):
    handlers = settings.LOGGING["handlers"]

    assert [name for name, handler in handlers.items() if "redact" not in handler["filters"]] == []
