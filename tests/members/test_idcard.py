"""公民身份号码: cleaning, checking, masking. All numbers are invented (area 1199xx)."""

import datetime

import pytest

from members.idcard import birth, check_character, clean_id_number, is_valid, mask, mask_phone, may_be_alive, sex
from orgs.enums import Sex
from orgs.importing.cleaned import Cleaned, Problem
from orgs.importing.codes import Code
from orgs.workbook import CellError, NoValue
from tests.workbooks import id_number

MAN = "119901199001010017"
WOMAN_WITH_X = "11990119900101048X"


def problem(code: Code, **words) -> Cleaned:
    return Cleaned(None, (Problem(code, words),))


def test_the_numbers_of_this_file_are_true():
    assert id_number("119901", "19900101", "001") == MAN
    assert id_number("119901", "19900101", "048") == WOMAN_WITH_X


def test_check_character_of_the_standards_own_example():
    assert check_character("11010519491231002") == "X"


def test_birth_and_sex():
    assert (birth(MAN), sex(MAN)) == (datetime.date(1990, 1, 1), Sex.MALE)
    assert (birth(WOMAN_WITH_X), sex(WOMAN_WITH_X)) == (datetime.date(1990, 1, 1), Sex.FEMALE)


def test_who_may_be_alive():
    on = datetime.date(2026, 11, 21)

    assert may_be_alive(on, on) is True
    assert may_be_alive(datetime.date(2026, 11, 22), on) is False
    assert may_be_alive(datetime.date(1906, 1, 1), on) is True
    assert may_be_alive(datetime.date(1905, 12, 31), on) is False


def test_is_valid():
    assert is_valid(MAN) is True
    assert is_valid("119901199001010014") is False
    assert is_valid("") is False


@pytest.mark.parametrize(
    "raw",
    [
        MAN,
        f"  {MAN}\t",
        f"'{MAN}",
        f'="{MAN}"',
        "119901 19900101 0017",
        "１１９９０１１９９００１０１００１７",
        f"\u200e{MAN}\u00a0",
        "119901-19900101-0017",
        "119901199001—010017",
        f'"{MAN}"',
        f"“{MAN}”",
        f"‘{MAN}",
        f"\n{MAN}\n",
        f"\u202d{MAN}\u202c",
    ],
)
def test_the_same_number_in_many_forms(raw):
    assert clean_id_number(raw) == Cleaned(MAN)


@pytest.mark.parametrize("raw", [WOMAN_WITH_X.lower(), WOMAN_WITH_X.replace("X", "Ｘ"), WOMAN_WITH_X.replace("X", "×")])
def test_every_kind_of_x(raw):
    assert clean_id_number(raw) == Cleaned(WOMAN_WITH_X)


@pytest.mark.parametrize("blank", [None, "", " ", "无", "—", "暂无"])
def test_empty(blank):
    assert clean_id_number(blank) == problem(Code.ID_EMPTY)


@pytest.mark.parametrize(
    ("raw", "length"),
    [
        ("1199011990010100", 16),
        (MAN[:-1], 17),
        (MAN + "1", 19),
        ("11990119900101O013", 18),
        ("1199011990010100X3", 18),
        ("军字第001号", 7),
        ("119901********0017", 18),
        (MAN + MAN, 36),
        (f"身份证{MAN}", 21),
        (12345, 5),
        (True, 0),
        (datetime.date(1990, 1, 1), 0),
    ],
)
def test_not_of_the_form_of_a_number(raw, length):
    assert clean_id_number(raw) == problem(Code.ID_LENGTH, length=length)


@pytest.mark.parametrize("raw", ["119901900101001", 119901900101001])
def test_fifteen_digits_are_the_old_form(raw):
    assert clean_id_number(raw) == problem(Code.ID_LEGACY15)


@pytest.mark.parametrize(
    "raw",
    [119901199001010017, 119901199001010000, 1.19901199001010e17, "1.19901E+17", "1.199e17", "1.1990119900101E+17"]
    + [10**15, -119901199001010017],
)
def test_a_number_cell_has_lost_its_last_digits_even_where_the_check_digit_fits(raw):
    assert clean_id_number(raw) == problem(Code.ID_PRECISION_LOST)


def test_a_true_number_may_end_in_zeros():
    number = "119901199001050000"

    assert number == id_number(birth="19900105", order="000")
    assert clean_id_number(number) == Cleaned(number)


def test_a_text_that_was_a_number_cell_once():
    reason = "末三位是000，可能曾存成数字而丢失，且最后一位校验码不符"

    assert clean_id_number("119901199001010000") == problem(Code.ID_CHECKSUM, reason=reason)


def test_a_slip_in_one_digit():
    assert clean_id_number("119901199001010014") == problem(Code.ID_CHECKSUM, reason="最后一位校验码不符")


def test_a_province_that_does_not_exist():
    assert clean_id_number(id_number(area="199901")) == problem(Code.ID_CHECKSUM, reason="前两位不是省份代码")


@pytest.mark.parametrize("day", ["19900230", "19901301", "18991231", "19900100"])
def test_a_birth_that_does_not_exist(day):
    assert clean_id_number(id_number(birth=day)) == problem(Code.ID_BIRTH_INVALID)


def test_all_that_is_wrong_is_told_at_once():
    number = id_number(birth="19900230")
    wrong = number[:17] + ("0" if number[17] != "0" else "1")

    assert [found.code for found in clean_id_number(wrong).problems] == [Code.ID_BIRTH_INVALID, Code.ID_CHECKSUM]


def test_broken_cells():
    assert clean_id_number(CellError("#N/A")) == problem(Code.CELL_ERROR)
    assert clean_id_number(NoValue()) == problem(Code.FORMULA_NO_VALUE)


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("119901199001017209", "119901********7209"),
        ("119901900101001", "************001"),
        ("12345", "****5"),
        ("123", "***"),
        ("", ""),
    ],
)
def test_mask(number, masked):
    assert mask(number) == masked


@pytest.mark.parametrize(
    ("number", "masked"),
    [("15400000123", "154****0123"), ("010-00000123", "********0123"), ("123", "**3"), ("", "")],
)
def test_mask_of_a_phone(number, masked):
    assert mask_phone(number) == masked
