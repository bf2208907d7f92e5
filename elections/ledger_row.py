"""One row of the ledger: an organization on a day, with its state and what the law finds."""

from dataclasses import dataclass
from datetime import date

from elections.books import Books
from elections.models import Term
from elections.rules.evaluate import evaluate
from elections.rules.findings import Finding
from elections.rules.parameters import Law
from elections.rules.state import state
from members.headcount import HeadCount
from orgs.enums import Form, Kind, Mark, Precision, State, UnitType
from orgs.models import Organization


@dataclass(frozen=True)
class Row:
    """One organization on the day, as the page, the file and the command show it."""

    organization: Organization
    code: str
    name: str
    kind: Kind
    form: Form
    unit_type: UnitType | None
    state: State
    days: int | None
    # The sitting term of the day; None without one and for kinds that have no term.
    term: Term | None
    extended_to: date | None
    inspection: bool
    marks: tuple[Mark, ...]
    # What the law finds on the day, errors first. It may name people: shown as a sentence only to who may see them.
    findings: tuple[Finding, ...]
    # The 党(工)委 in whose part it stands, today.
    place: Organization | None
    secretary: str
    # None before the 建账日 of the organization or of one under it: there is no number, not an unknown one.
    headcount: HeadCount | None
    # Whether the day is not before its 建账日; before it nothing is known about people, whatever stands in the rows.
    in_the_books: bool

    @property
    def elected_on(self) -> date | None:
        """The day of the general election."""
        return self.term and self.term.elected_on

    @property
    def elected_on_precision(self) -> Precision:
        """How exactly that day is known."""
        return Precision(self.term.elected_on_precision) if self.term else Precision.DAY

    @property
    def expires_on(self) -> date | None:
        """The last day of the term, without extensions."""
        return self.term and self.term.expires_on

    @property
    def expires_on_precision(self) -> Precision:
        """How exactly that day is known."""
        return Precision(self.term.expires_on_precision) if self.term else Precision.DAY

    @property
    def ends_on(self) -> date | None:
        """The end of the extension in force, without one the expiry: what `days` counts to."""
        return self.extended_to or self.expires_on

    @property
    def ordinal(self) -> int | None:
        """The number of the term."""
        return self.term and self.term.ordinal

    @property
    def years(self) -> int | None:
        """The length of the term."""
        return self.term and self.term.years

    @property
    def years_basis(self) -> str:
        """The rule that length follows from."""
        return self.term.years_basis if self.term else ""


def judged(organization, then: dict, read: Books, *, on: date, law: Law, place, secretary, headcount) -> Row:
    """The row of an organization from what was read of it; `then` are its values of the day (`orgs.history`)."""
    state_on = state(read.facts, on=on, law=law)
    in_the_books = read.facts.books_since is None or read.facts.books_since <= on
    return Row(
        organization=organization,
        code=organization.code,
        name=then["name"],
        kind=Kind(then["kind"]),
        form=Form(then["form"]),
        unit_type=UnitType(then["unit_type"]) if then["unit_type"] else None,
        state=state_on.state,
        days=state_on.days,
        term=read.terms[state_on.term.elected_on] if state_on.term else None,
        extended_to=state_on.extended_to,
        inspection=state_on.inspection,
        marks=tuple(mark for mark in Mark if mark in state_on.marks),
        findings=evaluate(read.facts, on=on, law=law, found=state_on),
        place=place,
        secretary=secretary if in_the_books else "",
        headcount=headcount,
        in_the_books=in_the_books,
    )
