"""Rows of one ID number, told with little memory."""

from members.imports.repeated import SLOTS, Ordinals


def test_numbers_keep_their_first_ordinal_however_many_there_are():
    known = Ordinals()
    # Neighbors, as the numbers of people of one day are, and numbers far apart.
    numbers = [11990119800506001 + step for step in range(SLOTS)] + [9**17 - step * 10**11 for step in range(SLOTS)]

    first = [known.take(number, ordinal) for ordinal, number in enumerate(numbers)]
    again = [known.take(number, -1) for number in reversed(numbers)]

    assert first == list(range(2 * SLOTS))
    assert again == list(reversed(range(2 * SLOTS)))
    assert known.take(10**17 - 1, 5) == 5
