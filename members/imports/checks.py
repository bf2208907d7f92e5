"""What can be wrong with a person's row in itself: the number against the other cells, dates against each other.

Pure: looks at one row, the day of the roster and the dates that the books hold of the person.
"""

from datetime import date

from members import idcard
from members.membership import is_of_age
from orgs.enums import MemberKind
from orgs.importing.codes import Code
from orgs.importing.dates import Dated
from orgs.importing.rows import RosterRow, report_future

DATES = ("birth", "joined", "formal_on", "joined_branch_on", "out_on")
# A member of an enumeration costs as much as the rest of a comparison.
PROBATIONARY = MemberKind.PROBATIONARY
NOT_ALIVE = "身份证号中的出生日期晚于名册日期，或者距今超过120年，请对照证件改正。"


def check_person(row: RosterRow, on: date) -> None:
    """Add what is wrong with the row; sex and birth are taken from the ID number, which decides."""
    values = row.values
    if number := values.get("id_number"):
        check_number(row, number, on)
    for name in DATES:
        stated = values.get(name)
        if stated and stated.day > on:
            report_future(row, name, stated, on)
    birth, joined, formal = values.get("birth"), values.get("joined"), values.get("formal_on")
    if birth and joined and not is_of_age(birth.day, joined.last_day):
        row.report(Code.DATE_UNDERAGE, "joined")
    # Compared as stored: a date known by month or year counts from its first day there.
    if joined and formal and formal.day < joined.day:
        words = {"relation": "早于", "other": row.sheet.header.title("joined"), "other_value": str(joined)}
        row.report(Code.DATE_ORDER, "formal_on", value=str(formal), **words)
    _check_kind(row, formal, on)


def check_against_books(row: RosterRow, person) -> None:
    """Add what does not fit `person`'s dates on the books where the row leaves one of them blank.

    A blank cell keeps what is on the books, so the row and the books have to agree as one row would have to.
    """
    joined, formal = row.get("joined"), row.get("formal_on")
    if joined and not formal and person.formal_on and person.formal_on < joined.day:
        words = {"relation": "晚于", "other": "在册的转正日期", "other_value": person.formal_on.isoformat()}
        row.report(Code.DATE_ORDER, "joined", value=str(joined), **words)
    if formal and not joined and person.joined_on and formal.day < person.joined_on:
        words = {"relation": "早于", "other": "在册的入党日期", "other_value": person.joined_on.isoformat()}
        row.report(Code.DATE_ORDER, "formal_on", value=str(formal), **words)
    if row.get("kind") == PROBATIONARY and not formal and person.formal_on:
        row.report(Code.KIND_INCONSISTENT, "kind", other=f"在册的转正日期{person.formal_on.isoformat()}")


def check_number(row: RosterRow, number: str, on: date) -> None:
    """Set sex and birth of the row from its ID number, which decides; a warning where the cells say otherwise.

    An error where nobody born on that day can be on a roster of the day `on`.
    """
    born, sex = idcard.birth(number), idcard.sex(number)
    if not idcard.may_be_alive(born, on):
        row.report(Code.ID_BIRTH_INVALID, "id_number", message=NOT_ALIVE)
        return
    stated_sex, stated_birth = row.values.get("sex"), row.values.get("birth")
    if stated_sex and stated_sex != sex:
        row.report(Code.ID_SEX_MISMATCH, "sex", expected=sex.label)
    if stated_birth and not stated_birth.day <= born <= stated_birth.last_day:
        row.report(Code.ID_BIRTH_MISMATCH, "birth", expected=born.isoformat())
    row.values["sex"], row.values["birth"] = sex, Dated(born)


def _check_kind(row: RosterRow, formal: Dated | None, on: date) -> None:
    """A probationary member has no formal day yet; a full one has one, not after the roster's day."""
    is_probationary = row.values.get("kind") == PROBATIONARY
    if is_probationary and formal and formal.day <= on:
        row.report(Code.KIND_INCONSISTENT, "kind", other=f"转正日期{formal}")
    if is_probationary or formal:
        return
    # Not when the cell was unusable: that has been said already.
    column = row.sheet.header.columns.get("formal_on")
    if column is None or all(each.column != column for each in row.issues):
        row.report(Code.FORMAL_DATE_MISSING, "formal_on")
