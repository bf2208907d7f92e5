"""What the law is asked about: plain, frozen values, read from the database by whoever asks.

Voided rows are left out by the caller. Periods are half-open (`until`, `closed_on` are the first day it
no longer holds); only `expires_on` and the end of an extension are the last day. Where an election
or expiry day is known to the month, the day given is the month's last one, which counts.
"""

from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from orgs.enums import ApprovalLevel, ElectionKind, Form, Kind, Precision

T = TypeVar("T")


@dataclass(frozen=True)
class ExtensionFacts:
    """One extension (延期) of a term; approved when it has a document number, an approval day or the flag."""

    ends_on: date
    approved_on: date | None = None
    is_approved: bool = False
    level: ApprovalLevel = ApprovalLevel.SUPERIOR
    document_no: str = ""


@dataclass(frozen=True)
class TermFacts:
    """One elected term (届) of the committee; `until` is set where a conversion or the next election ended it."""

    elected_on: date
    expires_on: date
    until: date | None = None
    ordinal: int | None = None
    elected_precision: Precision = Precision.DAY
    expires_precision: Precision = Precision.DAY
    extensions: tuple[ExtensionFacts, ...] = ()


@dataclass(frozen=True)
class ElectionFacts:
    """One election as a case: opened, to be held on a day, closed."""

    kind: ElectionKind
    opened_on: date
    election_day: date | None = None
    closed_on: date | None = None


@dataclass(frozen=True)
class AppointmentFacts:
    """An appointment (指派) of the leading body by the approver."""

    on: date
    document_no: str = ""


@dataclass(frozen=True)
class Before(Generic[T]):
    """What a dated property was before it changed on a day."""

    on: date
    value: T


@dataclass(frozen=True)
class OrganizationFacts:
    """One organization: `kind` and `form` as they are now, with what they were before each change of them."""

    kind: Kind
    form: Form = Form.ORDINARY
    holds_affiliations: bool = False
    founded_on: date | None = None
    founded_precision: Precision = Precision.DAY
    converted_on: date | None = None
    closed_on: date | None = None
    kind_before: tuple[Before[Kind], ...] = ()
    form_before: tuple[Before[Form], ...] = ()
    appointments: tuple[AppointmentFacts, ...] = ()
    terms: tuple[TermFacts, ...] = ()
    elections: tuple[ElectionFacts, ...] = ()

    def kind_on(self, day: date) -> Kind:
        """The kind on a past day: what it was before the first change after that day."""
        return _value_on(day, self.kind_before, self.kind)

    def form_on(self, day: date) -> Form:
        """The form on a past day, in the same way."""
        return _value_on(day, self.form_before, self.form)


def _value_on(day: date, changes: tuple[Before[T], ...], today: T) -> T:
    later = [change for change in changes if change.on > day]
    # Of two changes on one day the one recorded first says what held before that day; min() keeps it.
    return min(later, key=lambda change: change.on).value if later else today
