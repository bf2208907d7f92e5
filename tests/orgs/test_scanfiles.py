"""What a scan is, told by its bytes, whatever it is called."""

import pytest

from orgs.scanfiles import (
    ACTIVE,
    EMPTY,
    INCOMPLETE,
    MAX_BYTES,
    TOO_LARGE,
    WRONG_TYPE,
    ScanRefused,
    ScanType,
    name_of,
    type_of,
)
from tests.scans import JPEG, PDF, PNG, WEB_PAGE

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (PDF, ScanType.PDF),
        (JPEG, ScanType.JPEG),
        (PNG, ScanType.PNG),
        (PDF + b"\n" * 100, ScanType.PDF),
    ],
)
def test_whole_files_of_the_three_types_are_taken(data, kind):
    assert type_of(data) is kind


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", EMPTY),
        (b"\0\n ", EMPTY),
        (WEB_PAGE, WRONG_TYPE),
        (b"GIF89a" + b"\0" * 20, WRONG_TYPE),
        (b"PK\x03\x04", WRONG_TYPE),
        (b"<html>" + PDF, WRONG_TYPE),
        (PDF[:-8], INCOMPLETE),
        (JPEG[:-2], INCOMPLETE),
        (PNG[:-4], INCOMPLETE),
        (PDF.replace(b"/Type/Catalog", b"/OpenAction<</S/JavaScript>>"), ACTIVE),
        (PDF.replace(b"/Type/Catalog", b"/OpenAction<</S/Launch>>"), ACTIVE),
        (b"%PDF-" + b"0" * MAX_BYTES + b"%%EOF", TOO_LARGE),
    ],
)
def test_anything_else_is_refused_with_its_own_sentence(data, sentence):
    with pytest.raises(ScanRefused, match="^" + sentence[:6]) as refused:
        type_of(data)
    assert str(refused.value) == sentence


@pytest.mark.parametrize(
    ("sent", "kind", "name"),
    [
        ("批复.pdf", ScanType.PDF, "批复.pdf"),
        ("批复.html", ScanType.PDF, "批复.pdf"),
        ("批复", ScanType.PNG, "批复.png"),
        ("C:\\文件\\2026.批复.JPEG", ScanType.JPEG, "2026.批复.jpg"),
        ("../../etc/passwd", ScanType.PDF, "passwd.pdf"),
        ('a"\r\nSet-Cookie: x.pdf', ScanType.PDF, "aSet-Cookie x.pdf"),
        ("\u202efdp.批复.exe", ScanType.PDF, "fdp.批复.pdf"),
        ("...", ScanType.PDF, "扫描件.pdf"),
        ("长" * 300 + ".pdf", ScanType.PDF, "长" * 100 + ".pdf"),
    ],
)
def test_a_name_keeps_no_folder_no_control_character_and_no_false_ending(sent, kind, name):
    assert name_of(sent, kind) == name
