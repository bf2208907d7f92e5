"""What the invented district consists of, as plain data: nothing here knows the database."""

from dataclasses import dataclass, field
from datetime import date

from orgs.enums import (
    ApprovalLevel,
    ElectionKind,
    ExtensionKind,
    Form,
    Kind,
    MemberKind,
    Precision,
    Sex,
    StandingKind,
    State,
    Title,
    UnitType,
)


@dataclass(frozen=True)
class PlannedExtension:
    """One extension of a term, as `elections.services.terms.record_extension` takes it."""

    ends_on: date
    document_no: str = ""
    approved_on: date | None = None
    reason: str = ""
    kind: ExtensionKind = ExtensionKind.INDIVIDUAL
    level: ApprovalLevel = ApprovalLevel.SUPERIOR


@dataclass(frozen=True)
class PlannedTerm:
    """One term with what the law makes of it; `elected_on` is the month's last day where only the month is known."""

    elected_on: date
    years: int
    expires_on: date
    ordinal: int | None = None
    precision: Precision = Precision.DAY
    document_no: str = ""
    extensions: tuple[PlannedExtension, ...] = ()


@dataclass(frozen=True)
class PlannedElection:
    """One election as a case."""

    opened_on: date
    election_day: date | None = None
    closed_on: date | None = None
    kind: ElectionKind = ElectionKind.GENERAL


@dataclass(frozen=True)
class Course:
    """What happened to one organization up to today, and the state that must follow from it."""

    expected: State
    founded_on: date | None = None
    founded_precision: Precision = Precision.DAY
    closed_on: date | None = None
    closed_basis: str = ""
    # Day of the 批复 by which a branch became what it is now; the sitting term before it was a branch's.
    converted_on: date | None = None
    current: PlannedTerm | None = None
    earlier: tuple[PlannedTerm, ...] = ()
    elections: tuple[PlannedElection, ...] = ()
    appointed_on: date | None = None
    appointed_document_no: str = ""


@dataclass(frozen=True)
class Person:
    """One invented member; phone and ID number follow the rules of their kind but belong to nobody."""

    name: str
    sex: Sex
    ethnicity: str
    birth: date
    id_number: str
    education: str
    kind: MemberKind
    joined_on: date
    formal_on: date | None
    phone: str
    # Of joining and of becoming a full member alike.
    precision: Precision = Precision.DAY
    work_unit: str = ""
    post: Title | None = None
    floating: bool = False
    # Rights suspended, 留党察看 or lost, since that day.
    standing: StandingKind | None = None
    standing_since: date | None = None


@dataclass
class PlannedOrganization:
    """One organization of the district; `people` are on its roster, the declared numbers on the ledger."""

    code: str
    name: str
    short_name: str
    kind: Kind
    unit_type: UnitType | None
    parent: "PlannedOrganization | None"
    form: Form = Form.ORDINARY
    holds_affiliations: bool = False
    # The unit behind it; a joint branch has several.
    units: tuple[str, ...] = ()
    # How many members are to be invented for a branch.
    size: int = 0
    # Merged into another in the past: closed, on nobody's roster of members.
    is_merged: bool = False
    children: list["PlannedOrganization"] = field(default_factory=list, repr=False)
    course: Course = Course(State.NO_TERM)
    people: tuple[Person, ...] = field(default=(), repr=False)
    secretary: str = ""
    declared_full: int | None = None
    declared_probationary: int | None = None
    contact_name: str = ""
    contact_phone: str = ""
    remark: str = ""

    @property
    def has_term(self) -> bool:
        """Whether its kind and form make it elect a body at all."""
        if self.kind in (Kind.LOCAL_COMMITTEE, Kind.WORKING_COMMITTEE):
            return False
        if self.form in (Form.TEMPORARY, Form.FUNCTIONAL):
            return False
        return self.form != Form.MOBILE or self.holds_affiliations

    def subtree(self) -> "list[PlannedOrganization]":
        """Itself and everything under it, parents first."""
        return [self, *(each for child in self.children for each in child.subtree())]


@dataclass(frozen=True)
class District:
    """The whole district on the day `today`."""

    today: date
    root: PlannedOrganization

    @property
    def organizations(self) -> list[PlannedOrganization]:
        """All organizations, parents first."""
        return self.root.subtree()

    @property
    def streets(self) -> list[PlannedOrganization]:
        """The 党(工)委 directly under the district committee."""
        return self.root.children
