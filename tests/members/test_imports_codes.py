"""What can be wrong with a file as a whole, and with a birth date: each its code and its sentence."""

import datetime

import pytest

from elections import imports
from orgs.enums import BatchState, RosterKind
from tests import factories, workbooks
from tests.members.rosters import HEADER, ON, codes, li, upload

pytestmark = pytest.mark.django_db

GOOD = workbooks.xlsx(("花名册", [HEADER, li()]))
FILES = {
    "FILE_EMPTY": b"",
    "FILE_CORRUPT": GOOD[:2000],
    "FILE_TYPE": b"\x89PNG\r\n\x1a\n" + b"\0" * 100,
    "FILE_PASSWORD": workbooks.compound("EncryptedPackage", "EncryptionInfo"),
    "FILE_TOO_LARGE": b"\x89PNG\r\n\x1a\n" + b"\0" * (20 * 1024 * 1024),
    "FILE_UNSAFE": workbooks.raw_xlsx("", before='<!DOCTYPE x [<!ENTITY a "b">]>'),
    "FILE_MACRO": workbooks.with_part(GOOD, "xl/vbaProject.bin", lambda _: b"x"),
    "SHEET_UNRECOGNISED": workbooks.xlsx(("会议记录", [["第一项议程", "第二项议程"], ["学习", "讨论"]])),
    "WRONG_KIND": workbooks.xlsx(
        ("台账", [["党组织名称", "上级党组织", "换届日期"], ["虚构支部", "YL", "2024-01-01"]])
    ),
}


@pytest.fixture
def root():
    return factories.RootFactory()


@pytest.mark.parametrize("code", FILES)
def test_a_file_that_cannot_be_used_has_one_code_and_one_sentence(root, code):
    batch = imports.upload(
        data=FILES[code],
        file_name="花名册.xlsx",
        kind=RosterKind.MEMBERS,
        organization=root,
        on=ON,
        by=factories.user_at(root),
    )

    issues = [each.code for each in imports.preview(batch).issues]
    assert (batch.state, issues, set(batch.counts.values())) == (BatchState.REJECTED, [code], {0})
    assert batch.message.endswith("。")


@pytest.mark.parametrize(
    ("birth", "expected"),
    [
        ("1980-05-06", []),
        (datetime.date(1980, 5, 6), []),
        ("1980.05", []),
        ("1980年", []),
        ("1980-05-07", [(2, 12, "ID_BIRTH_MISMATCH")]),
        ("1980.06", [(2, 12, "ID_BIRTH_MISMATCH")]),
        ("80.5.6", [(2, 12, "DATE_AMBIGUOUS")]),
    ],
)
def test_a_birth_date_is_held_against_the_number_as_exactly_as_it_is_stated(root, birth, expected):
    factories.OrganizationFactory(parent=root, code="YL01", name="虚构社区第一党支部")
    data = workbooks.xlsx(("花名册", [[*HEADER, "出生年月"], [*li(), birth]]))

    batch = imports.upload(
        data=data, file_name="花名册.xlsx", kind="", organization=root, on=ON, by=factories.user_at(root)
    )

    assert codes(batch) == expected


def test_a_good_file_has_none(root):
    factories.OrganizationFactory(parent=root, code="YL01", name="虚构社区第一党支部")

    assert codes(upload(factories.user_at(root), root, li())) == []
