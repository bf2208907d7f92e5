"""公民身份号码: cleaning, checking and masking (GB 11643-1999).

18 characters: six digits of area, eight of birth, three of order (odd for men), and a check character by
ISO 7064 MOD 11-2. Of the area only the province is checked: the full codes change every year.
"""

import datetime
import operator
import re

from orgs.enums import Sex
from orgs.importing.cleaned import BLANK_WORDS, Cleaned, Problem, broken, folded
from orgs.importing.codes import Code
from orgs.workbook.cells import Cell

LENGTH = 18
LEGACY_LENGTH = 15  # before 1999-10-01; out of use since 2013-01-01 (居民身份证法)
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS = "10X98765432"
FIRST_YEAR, LAST_YEAR = 1900, 2100
OLDEST = 120  # years

PROVINCES = frozenset(
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83".split()
)
"""The first two digits of GB/T 2260; 81 to 83 stand in the residence permits of Hong Kong, Macao and Taiwan people."""

SEXES = (Sex.FEMALE, Sex.MALE)
"""By the rest of the 17th digit's division by two."""

SHAPE = re.compile(r"\d{17}[\dX]")
EXPONENT = re.compile(r"\d(?:\.\d+)?E\+?1[4-9]")
LIKE_X = str.maketrans("×✕\u0425", "XXX")
# What stands between the groups of a number, or around it.
BETWEEN = str.maketrans("", "", '-\u2010\u2011\u2012\u2013\u2014"“”')

# A digit's byte is 48 more than the digit, so the weighted sum of the bytes is too great by this.
_EXCESS = ord("0") * sum(WEIGHTS)


def check_character(first_17: str) -> str:
    """The 18th character of a number from its 17 digits."""
    return CHECK_CHARACTERS[(sum(map(operator.mul, WEIGHTS, first_17.encode())) - _EXCESS) % 11]


def birth(number: str) -> datetime.date | None:
    """The day of birth in a number of 18 characters; None when there is no such day."""
    return _day(number[6:14])


def may_be_alive(born: datetime.date, on: datetime.date) -> bool:
    """Whether somebody born on a day can be on a roster of another day: not born after it, nor 120 years before."""
    return born <= on and on.year - born.year <= OLDEST


def sex(number: str) -> Sex:
    """The sex in a number of 18 characters: the 17th is odd for men."""
    return SEXES[int(number[16]) % 2]


def is_valid(number: str) -> bool:
    """Whether 18 characters are a number that can exist: province, day of birth and check character."""
    return not _problems(number)


def clean_id_number(cell: Cell) -> Cleaned:
    """The ID number of a cell, 18 characters with a capital X; value None with any problem.

    A number that was typed into a number cell is lost (a spreadsheet keeps 15 digits), whatever its last digits.
    Codes: ID_EMPTY, ID_LENGTH, ID_LEGACY15, ID_CHECKSUM, ID_BIRTH_INVALID, ID_PRECISION_LOST.
    """
    if cell is None:
        return Cleaned(None, (Problem(Code.ID_EMPTY),))
    if fault := broken(cell):
        return fault
    if not isinstance(cell, str):
        return _number_cell(cell)
    number = cell.strip().upper()
    if SHAPE.fullmatch(number) is None or not number.isascii():
        number = "".join(folded(cell).split()).upper().translate(LIKE_X)
        if SHAPE.fullmatch(bare := number.translate(BETWEEN)):
            number = bare
    if number in BLANK_WORDS:
        return Cleaned(None, (Problem(Code.ID_EMPTY),))
    problems = _problems(number)
    return Cleaned(None, problems) if problems else Cleaned(number)


def mask(number: str) -> str:
    """The number as it is shown: `119901********7209`; of another length only the last quarter stays; '' stays ''."""
    if len(number) == LENGTH:
        return f"{number[:6]}********{number[14:]}"
    shown = len(number) // 4
    return "*" * (len(number) - shown) + number[len(number) - shown :]


def mask_phone(number: str) -> str:
    """A phone number as it is shown: `154****0123`; of another length only the last four stay; '' stays ''."""
    if len(number) == 11:
        return f"{number[:3]}****{number[7:]}"
    shown = min(4, len(number) // 2)
    return "*" * (len(number) - shown) + number[len(number) - shown :]


def _problems(number: str) -> tuple[Problem, ...]:
    if SHAPE.fullmatch(number) is None or not number.isascii():
        return (_shape_problem(number),)
    found = []
    if _day(number[6:14]) is None:
        found.append(Problem(Code.ID_BIRTH_INVALID))
    if number[:2] not in PROVINCES:
        found.append(Problem(Code.ID_CHECKSUM, {"reason": "前两位不是省份代码"}))
    elif check_character(number[:17]) != number[17]:
        # A genuine number may end in 000; one that does and does not fit was most likely a number cell once.
        rounded = "末三位是000，可能曾存成数字而丢失，且" if number.endswith("000") else ""
        found.append(Problem(Code.ID_CHECKSUM, {"reason": f"{rounded}最后一位校验码不符"}))
    return tuple(found)


def _shape_problem(number: str) -> Problem:
    """Why a text is not even of the form of a number."""
    if EXPONENT.fullmatch(number):
        return Problem(Code.ID_PRECISION_LOST)
    if len(number) == LEGACY_LENGTH and number.isascii() and number.isdigit():
        return Problem(Code.ID_LEGACY15)
    return Problem(Code.ID_LENGTH, {"length": len(number)})


def _number_cell(cell: Cell) -> Cleaned:
    """A cell that is no text: up to 15 digits can be told, more were rounded."""
    if isinstance(cell, bool) or not isinstance(cell, (int, float)):
        return Cleaned(None, (Problem(Code.ID_LENGTH, {"length": 0}),))
    if abs(cell) >= 10**LEGACY_LENGTH:
        return Cleaned(None, (Problem(Code.ID_PRECISION_LOST),))
    return Cleaned(None, (_shape_problem(str(cell)),))


def _day(digits: str) -> datetime.date | None:
    try:
        day = datetime.date.fromisoformat(digits)
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None
