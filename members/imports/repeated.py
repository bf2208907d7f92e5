"""Of rows with one ID number the first is good; the later ones are in error and name it."""

import secrets
from array import array

from orgs.importing.codes import Code
from orgs.importing.directory import Place
from orgs.importing.rows import RosterRow

SLOTS = 1 << 12


class Ordinals:
    """{number: ordinal} for a million of numbers in twelve bytes a slot; a dictionary needs a hundred for each.

    Open addressing: a number lies in its slot or, where that is taken, in the next free one.
    """

    def __init__(self):
        # By chance, so that nobody can make numbers that all want the same slot.
        self._factor = secrets.randbits(63) | 1
        self._held = 0
        self._numbers, self._ordinals = array("q", bytes(8 * SLOTS)), array("i", bytes(4 * SLOTS))

    def take(self, number: int, ordinal: int) -> int:
        """The ordinal of a number (greater than 0); it is `ordinal` for one that was not there."""
        place = self._place(number)
        if self._numbers[place]:
            return self._ordinals[place]
        self._numbers[place], self._ordinals[place] = number, ordinal
        self._held += 1
        if self._held * 3 > len(self._numbers) * 2:
            self._grow()
        return ordinal

    def _place(self, number: int) -> int:
        """The slot of a number, or the free one where it would lie."""
        numbers = self._numbers
        last = len(numbers) - 1
        place = (number * self._factor >> 40) & last
        while (held := numbers[place]) and held != number:
            place = (place + 1) & last
        return place

    def _grow(self) -> None:
        numbers, ordinals = self._numbers, self._ordinals
        self._numbers, self._ordinals = array("q", bytes(16 * len(numbers))), array("i", bytes(8 * len(numbers)))
        for number, ordinal in zip(numbers, ordinals, strict=True):
            if number:
                place = self._place(number)
                self._numbers[place], self._ordinals[place] = number, ordinal


class FirstRows:
    """The first row of every ID number so far, in columns of plain numbers: a roster may have a million of them."""

    def __init__(self):
        self._ordinals = Ordinals()
        self._rows = array("l")
        self._sheets = array("h")
        self._places = array("q")
        # All names in one text; where each of them ends.
        self._names, self._ends = bytearray(), array("l", [0])
        # By ordinal of a sheet and by key of an organization.
        self._titles: dict[str, int] = {}
        self._organizations: dict[int, str] = {}

    def take(self, row: RosterRow, place: Place | None) -> None:
        """Remember the row of a new number; report a row whose number another row had before."""
        # The 18th character follows from the others.
        number = int(row.values["id_number"][:17])
        ordinal = self._ordinals.take(number, len(self._rows))
        if ordinal == len(self._rows):
            self._rows.append(row.number)
            self._sheets.append(self._titles.setdefault(row.sheet.title, len(self._titles)))
            self._places.append(place.pk if place else 0)
            self._names += row.get("name", "").encode()
            self._ends.append(len(self._names))
            if place is not None:
                self._organizations.setdefault(place.pk, place.name)
            return
        name, number = self._names[self._ends[ordinal] : self._ends[ordinal + 1]].decode(), self._rows[ordinal]
        where, here = self._places[ordinal], place.pk if place else 0
        if row.get("name") and name and row.get("name") != name:
            row.report(Code.ID_DUP_NAME_DIFF, "id_number", other=f"第{number}行{name}")
        elif where and here and where != here:
            row.report(Code.ID_DUP_CROSS_ORG, "id_number", other_row=number, other_org=self._organizations[where])
        else:
            sheet = list(self._titles)[self._sheets[ordinal]]
            row.report(Code.ID_DUP_IN_FILE, "id_number", other_sheet=sheet, other_row=number)
