"""The codes of the import contract, complete and each with its sentence."""

import string

import pytest

from orgs.enums import Severity
from orgs.importing.codes import Code, Issue, issue
from orgs.workbook import Reason

CONTRACT = {
    Severity.ERROR: """
        FILE_EMPTY FILE_CORRUPT FILE_TYPE FILE_PASSWORD FILE_TOO_LARGE FILE_UNSAFE FILE_MACRO
        SHEET_UNRECOGNISED WRONG_KIND
        NAME_EMPTY NAME_INVALID ID_EMPTY ID_LENGTH ID_LEGACY15 ID_CHECKSUM ID_BIRTH_INVALID ID_PRECISION_LOST
        ID_DUP_IN_FILE ID_DUP_CROSS_ORG ID_DUP_NAME_DIFF KIND_INCONSISTENT
        DATE_UNPARSABLE DATE_NOT_EXIST DATE_AMBIGUOUS DATE_ORDER DATE_FUTURE DATE_UNDERAGE DATE_YEAR_ONLY
        ORG_EMPTY ORG_UNKNOWN ORG_AMBIGUOUS ORG_OUT_OF_SCOPE ORG_CODE_EMPTY ORG_CODE_DUP ORG_NAME_DUP ORG_SELF_PARENT
        ORG_CYCLE ORG_PARENT_MISSING ORG_PARENT_BAD ORG_LEVEL_INVERSION ORG_MULTI_ROOT ORG_KIND_UNKNOWN
        TERM_YEARS_BAD TERM_ORDER COMMITTEE_PERSON_UNKNOWN COMMITTEE_PROBATIONARY COMMITTEE_TWO_SECRETARIES
        CELL_ERROR FORMULA_NO_VALUE
    """,
    Severity.WARNING: """
        SHEET_SKIPPED SHEET_TITLE_MISMATCH ID_SEX_MISMATCH ID_BIRTH_MISMATCH FORMAL_DATE_MISSING ENUM_UNKNOWN
        DATE_MONTH_ONLY DATE_YEAR_ONLY_MEMBER ORG_NOT_BRANCH TERM_MISMATCH TERM_MISSING EXT_TOO_LONG EXT_DAY_MISSING
        EXT_UNAPPROVED
    """,
    Severity.INFO: "ORG_FUZZY MERGED_FILL DITTO",
}


def test_the_list_is_the_contracts():
    expected = {code: severity for severity, codes in CONTRACT.items() for code in codes.split()}

    assert {str(code): code.severity for code in Code} == expected
    assert [code.name for code in Code] == [code.value for code in Code]


@pytest.mark.parametrize("code", Code)
def test_each_sentence_ends_as_a_sentence_and_can_be_filled(code):
    words = {name: "某" for _, name, _, _ in string.Formatter().parse(code.sentence) if name}

    message = code.message(**words)

    assert message[-1] == "。"
    assert "{" not in message


def test_no_sentence_about_an_id_number_repeats_it():
    shown = {code for code in Code if code.startswith("ID_") and "{value}" in code.sentence}

    assert shown == {Code.ID_SEX_MISMATCH, Code.ID_BIRTH_MISMATCH}  # these stand in the columns of sex and birth


def test_someone_outside_learns_nothing_more_than_for_an_unknown_organization():
    assert Code.ORG_OUT_OF_SCOPE.sentence == Code.ORG_UNKNOWN.sentence


def test_every_reason_to_refuse_a_file_has_a_code():
    assert {reason.code for reason in Reason} == {code for code in Code if code.startswith("FILE_")}


def test_an_issue_with_its_sentence():
    found = issue(
        Code.ENUM_UNKNOWN, sheet="一支部", row=5, column=4, header="性别", value="男女", words={"choices": "男、女"}
    )

    assert found == Issue(
        sheet="一支部",
        row=5,
        column=4,
        header="性别",
        value="男女",
        code=Code.ENUM_UNKNOWN,
        severity=Severity.WARNING,
        message="「性别」中的「男女」不在可选范围内，该项未导入。可填：男、女。",
    )
