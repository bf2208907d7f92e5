"""What an extension moves, from when, and how far: TERM-12, P-02."""

from datetime import date

from elections.rules.facts import ExtensionFacts, TermFacts
from elections.rules.terms import (
    CountedExtension,
    counted_extension,
    counted_extensions,
    effective_extension,
    extended_to,
)
from orgs.enums import ApprovalLevel

ELECTED, EXPIRES = date(2021, 6, 15), date(2024, 6, 15)
NUMBER = "区委组〔2024〕3号"


def counted(ends_on=date(2024, 12, 31), approved_on=None, **more) -> CountedExtension | None:
    extension = ExtensionFacts(ends_on=ends_on, approved_on=approved_on, **more)
    return counted_extension(extension, elected_on=ELECTED, expires_on=EXPIRES)


def end_on(day: date, *extensions: ExtensionFacts) -> date | None:
    return extended_to(TermFacts(ELECTED, EXPIRES, extensions=extensions), on=day)


def test_extension_works_from_its_approval_day():
    extension = ExtensionFacts(date(2024, 12, 31), date(2024, 5, 20))

    assert [end_on(day, extension) for day in (date(2024, 5, 19), date(2024, 5, 20), date(2024, 5, 21))] == [
        None,
        date(2024, 12, 31),
        date(2024, 12, 31),
    ]


def test_extension_that_was_not_approved_moves_nothing():
    assert counted() is None
    assert counted(document_no="  ") is None
    assert counted(level=ApprovalLevel.PROVINCE_CITY) is None


def test_extension_without_its_day_is_taken_as_approved_in_time():
    from_the_beginning = CountedExtension(ELECTED, date(2024, 12, 31))

    assert counted(is_approved=True) == from_the_beginning
    assert counted(document_no=NUMBER) == from_the_beginning


def test_extension_runs_at_most_one_year_past_the_expiry():
    """TERM-12: eve, day and day after of E + 1 year; counted from the expiry, not from the approval."""
    approved_on = date(2024, 5, 20)

    assert [counted(day, approved_on).counts_until for day in (date(2025, 6, 14), date(2025, 6, 15))] == [
        date(2025, 6, 14),
        date(2025, 6, 15),
    ]
    assert counted(date(2025, 6, 16), approved_on).counts_until == date(2025, 6, 15)
    assert counted(date(2026, 1, 31), approved_on, document_no=NUMBER).counts_until == date(2025, 6, 15)


def test_higher_level_with_its_number_lifts_the_cap():
    later = date(2026, 1, 31)

    for level in (ApprovalLevel.HIGHER, ApprovalLevel.PROVINCE_CITY):
        assert counted(later, date(2024, 5, 20), level=level, document_no=NUMBER).counts_until == later
        assert counted(later, date(2024, 5, 20), level=level).counts_until == date(2025, 6, 15)


def test_cap_of_a_term_that_expired_on_29_february_is_28_february():
    extension = ExtensionFacts(date(2025, 12, 31), date(2024, 1, 10))

    assert counted_extension(extension, elected_on=date(2020, 2, 29), expires_on=date(2024, 2, 29)) == CountedExtension(
        date(2024, 1, 10), date(2025, 2, 28)
    )


def test_approval_after_the_expiry_works_from_its_own_day():
    """P-02: between the expiry and the approval the organization was overdue, for ever after."""
    assert counted(approved_on=date(2024, 8, 1)) == CountedExtension(date(2024, 8, 1), date(2024, 12, 31))


def test_approval_more_than_a_year_after_the_expiry_changes_nothing():
    """P-02: eve, day and day after of E + 1 year, whatever the level."""
    end = date(2026, 12, 31)

    assert counted(end, date(2025, 6, 14)) == CountedExtension(date(2025, 6, 14), date(2025, 6, 15))
    assert counted(end, date(2025, 6, 15)) == CountedExtension(date(2025, 6, 15), date(2025, 6, 15))
    assert counted(end, date(2025, 6, 16)) is None
    assert counted(end, date(2025, 6, 16), level=ApprovalLevel.PROVINCE_CITY, document_no=NUMBER) is None


def test_end_not_after_the_expiry_extends_nothing():
    approved_on = date(2024, 5, 20)

    assert [counted(day, approved_on) for day in (date(2024, 6, 14), date(2024, 6, 15))] == [None, None]
    assert counted(date(2024, 6, 16), approved_on) == CountedExtension(approved_on, date(2024, 6, 16))


def test_second_extension_takes_over_on_its_approval_day():
    first = ExtensionFacts(date(2024, 9, 30), date(2024, 5, 20))
    second = ExtensionFacts(date(2025, 3, 31), date(2024, 9, 1))

    days = (date(2024, 8, 31), date(2024, 9, 1), date(2024, 12, 1))
    assert [end_on(day, first, second) for day in days] == [date(2024, 9, 30), date(2025, 3, 31), date(2025, 3, 31)]
    assert [end_on(day, second, first) for day in days] == [end_on(day, first, second) for day in days]


def test_latest_approval_decides_even_when_it_ends_earlier():
    long = ExtensionFacts(date(2025, 3, 31), date(2024, 5, 20))
    cut = ExtensionFacts(date(2024, 9, 30), date(2024, 6, 1))

    assert end_on(date(2024, 7, 1), long, cut) == date(2024, 9, 30)


def test_of_two_approvals_on_one_day_the_later_end_decides():
    short = ExtensionFacts(date(2024, 9, 30), date(2024, 5, 20))
    long = ExtensionFacts(date(2024, 12, 31), date(2024, 5, 20))

    assert end_on(date(2024, 7, 1), long, short) == date(2024, 12, 31)


def test_lapsed_extension_is_still_the_end_that_counts():
    assert end_on(date(2025, 3, 1), ExtensionFacts(date(2024, 9, 30), date(2024, 5, 20))) == date(2024, 9, 30)


def test_what_is_stored_on_the_term_is_the_last_step_that_counts():
    extensions = [
        ExtensionFacts(date(2025, 3, 31), date(2024, 9, 1)),
        ExtensionFacts(date(2024, 9, 30), is_approved=True),
        ExtensionFacts(date(2025, 6, 1), date(2025, 6, 16)),
        ExtensionFacts(date(2024, 10, 31)),
    ]

    asked = {"elected_on": ELECTED, "expires_on": EXPIRES, "extensions": extensions}
    assert counted_extensions(**asked) == (
        CountedExtension(ELECTED, date(2024, 9, 30)),
        CountedExtension(date(2024, 9, 1), date(2025, 3, 31)),
    )
    assert effective_extension(**asked) == CountedExtension(date(2024, 9, 1), date(2025, 3, 31))
    assert effective_extension(elected_on=ELECTED, expires_on=EXPIRES, extensions=[]) is None
