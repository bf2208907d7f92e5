"""One row of a term ledger: its days against each other, and what it makes of the term and its extensions."""

from datetime import date

from dateutil.relativedelta import relativedelta

from elections.imports.pending import Pending, same_day
from elections.imports.term_books import TermBooks
from elections.imports.terms import known_term, report_unknown_length, shown_term, stated_term, written_day
from elections.models import Extension, Term
from elections.rules.dated import add_years
from elections.rules.facts import ExtensionFacts
from elections.rules.parameters import Law
from elections.rules.state import has_no_term
from elections.rules.terms import UnknownUnitType, lifts_cap
from orgs.enums import ApprovalLevel, Body, ExtensionKind, Form, Kind, Precision
from orgs.importing.codes import Code
from orgs.importing.dates import Dated
from orgs.importing.directory import Place
from orgs.importing.roster import written
from orgs.importing.rows import RosterRow, Scope, report_future
from orgs.models import Organization

# Days of things done, which a roster cannot know beforehand.
PAST = ("elected", "extension_approved_on", "early_approved_on", "appointed_on", "election_opened_on")
EXTENSION = ("extension_approved", "extension_approved_on", "extension_document_no", "extension_level")
ON_TERM = ("elected", "expires", "term_years", "term_no", "term_document_no")
BESIDE_TERM = ("early_approved_on", "early_document_no", "planned_on", "reason")
TERM_CELLS = {"document_no": "term_document_no"}


def check_days(row: RosterRow, organization: Organization | None, on: date) -> None:
    """Add what is wrong with the row's days by themselves: in the future, in the wrong order, before the founding."""
    for name in PAST:
        stated = row.get(name)
        if stated and stated.day > on:
            report_future(row, name, stated, on)
    elected, expires = row.get("elected"), row.get("expires")
    if elected and expires and expires.last_day <= elected.last_day:
        row.report(Code.TERM_ORDER, "expires", value=str(expires), other_value=str(elected))
    founded = organization.founded_on if organization else None
    if elected and founded and elected.last_day < founded:
        shown = written_day(founded, organization.founded_on_precision)
        row.report(Code.DATE_ORDER, "elected", value=str(elected), relation="早于", other="成立日期", other_value=shown)
    opened, day = row.get("election_opened_on"), row.get("election_day")
    if opened and day and day.last_day < opened.day:
        words = {"relation": "早于", "other": row.sheet.header.title("election_opened_on"), "other_value": str(opened)}
        row.report(Code.DATE_ORDER, "election_day", value=str(day), **words)


def exact(row: RosterRow, name: str, *, until: date | None = None) -> date | None:
    """The day of a cell that needs one; of a month its last day (not after `until`), with a word about it."""
    stated: Dated | None = row.get(name)
    if stated is None:
        return None
    if stated.precision == Precision.DAY:
        return stated.day
    day = stated.last_day if until is None else min(stated.last_day, until)
    title = row.sheet.header.title(name)
    message = f"「{title}」只有年月「{stated}」，暂按{day}登记，请补填日期。"
    row.report(Code.DATE_MONTH_ONLY, name, value=str(stated), message=message)
    return day


def not_stored(row: RosterRow, name: str, why: str) -> None:
    """Note that a cell was left out although it can be read."""
    row.report(Code.ENUM_UNKNOWN, name, message=f"「{row.sheet.header.title(name)}」没有导入：{why}")


def change(row: RosterRow, entry: Pending, cell: str, column: str, value, *, old: str | None = None) -> None:
    """Give a column what a cell says, and note old → new in the words of the ledger."""
    before = written(entry.get(column)) if old is None else old
    if entry.put(column, value):
        row.changes[cell] = (before, written(row.get(cell)))


def compare(row: RosterRow, place: Place, books: TermBooks, scope: Scope) -> None:
    """What the row makes of a term and its extensions; sets `target` to the term's entry."""
    organization = books.organizations[place.pk]
    kind, form = Kind(organization.kind), Form(organization.form)
    if has_no_term(kind, form, holds_affiliations=organization.holds_affiliations):
        stated = [name for name in (*ON_TERM, "extension_until", *BESIDE_TERM) if row.get(name) is not None]
        if stated:
            label = kind.label if form == Form.ORDINARY else form.label + "党组织"
            row.report(Code.TERM_MISMATCH, stated[0], message=f"{label}不实行任期制，届次和延期没有导入。")
        return
    terms = books.terms[place.pk, _body(row)]
    entry = _stated_term(row, place, terms, books) if row.get("elected") else _meant_term(row, terms, scope.on)
    if entry is None:
        _without_term(row, may_wait=_may_wait(organization, books, scope.on))
        return
    if not _extension_fits(row, entry):
        return
    if entry.is_new and entry not in terms:
        terms.append(entry)
    if entry.row is None:
        entry.row = row
    row.target = entry
    _beside_term(row, entry, scope.on)
    if row.get("extension_until"):
        _extend(row, entry, books, scope.on)
    else:
        for name in EXTENSION:
            if row.get(name) not in (None, False):
                not_stored(row, name, "没有填写延期至哪一天，请补填。")


def _body(row: RosterRow) -> str:
    return (row.get("body") or Body.COMMITTEE).value


def _meant_term(row: RosterRow, terms: list[Pending], on: date) -> Pending | None:
    """Without an election day: the term of the stated 届次, else the one that sits."""
    number = row.get("term_no")
    if number:
        return next((entry for entry in terms if entry.get("ordinal") == number), None)
    elected = [entry for entry in terms if entry.get("elected_on") <= on]
    return max(elected, key=lambda entry: entry.get("elected_on"), default=None)


def _may_wait(organization: Organization, books: TermBooks, on: date) -> bool:
    """Whether the first election is still to come: founded or converted not long ago, or appointed meanwhile."""
    months = books.law.first_election_months.on(on).value
    founded = organization.founded_on
    since = Dated(founded, Precision(organization.founded_on_precision)).last_day if founded else None
    begun = [day for day in (since, organization.converted_on) if day is not None]
    return bool(books.appointments[organization.pk]) or any(day + relativedelta(months=months) >= on for day in begun)


def _without_term(row: RosterRow, *, may_wait: bool) -> None:
    """No term to write to: a gap, unless the first election is to come or the row is about other things."""
    if row.get("elected") is not None:
        return
    stated = [name for name in (*ON_TERM, "extension_until", *EXTENSION, *BESIDE_TERM) if row.get(name) is not None]
    if stated:
        title = row.sheet.header.title(stated[0])
        message = f"没有填写换届日期，也没有在册的届次，「{title}」等没有导入，将列为「无届次数据」，请补填。"
        row.report(Code.TERM_MISSING, "elected", message=message)
    elif not may_wait and row.get("appointed_on") is None and row.get("election_opened_on") is None:
        row.report(Code.TERM_MISSING, "elected")


def _stated_term(row: RosterRow, place: Place, terms: list[Pending], books: TermBooks) -> Pending | None:
    """The term of the stated election day, known or new; None when its length cannot be told."""
    repeated = next(
        (entry for entry in terms if entry.row and same_day(row.get("elected"), entry.get("elected_on"))), None
    )
    if repeated is not None:
        _compare_repeated(row, repeated)
        return repeated
    # A term that another row means already is not found again by its 届次.
    by_record = {entry.record: entry for entry in terms if not entry.is_new and entry.row is None}
    known = known_term(list(by_record), row.get("elected"), row.get("term_no"))

    def as_elected(day: date) -> tuple[str, str]:
        unit_type = books.value_on(place.pk, "unit_type", day) or books.organizations[place.pk].unit_type
        return books.value_on(place.pk, "kind", day), unit_type

    try:
        target = stated_term(
            row, known=known, as_elected=as_elected, large=books.is_large(place.pk), document_cell="term_document_no"
        )
    except UnknownUnitType as unknown:
        report_unknown_length(row, unknown, "elected")
        return None
    # An expiry kept from an earlier roster with its document may lie before a corrected election day.
    expires = target.values.get("expires_on") or known.expires_on
    if expires <= row.get("elected").last_day:
        row.report(Code.TERM_ORDER, "elected", value=str(expires), other_value=str(row.get("elected")))
        return None
    old = shown_term(known) if known else {}
    if known is None:
        entry = Pending(Term(organization_id=place.pk, body=_body(row), **target.values), is_new=True)
        after = entry.record
    else:
        entry = by_record[known]
        entry.values.update(target.values)
        after = Term(**{name: entry.get(name) for name in SHOWN})
    if target.values:
        for name, value in shown_term(after).items():
            if value and value != old.get(name, ""):
                row.changes[TERM_CELLS.get(name, name)] = (old.get(name, ""), value)
    return entry


SHOWN = (
    "elected_on",
    "elected_on_precision",
    "expires_on",
    "expires_on_precision",
    "stated_expires_on",
    "stated_years",
    "years",
    "ordinal",
    "document_no",
)


def _compare_repeated(row: RosterRow, entry: Pending) -> None:
    """A term named by an earlier row: that row decides; this one may add an extension or what was left blank."""
    for name in ON_TERM[1:]:
        value, first = row.get(name), entry.row.get(name)
        if value is not None and value != first:
            title = row.sheet.header.title(name)
            message = f"「{title}」与第{entry.row.number}行同一届的内容不一致，以第{entry.row.number}行为准，请核对。"
            row.report(Code.TERM_MISMATCH, name, message=message)


def _beside_term(row: RosterRow, entry: Pending, on: date) -> None:
    """Early approval, plan and reason: kept with the term."""
    early = row.get("early_approved_on")
    if early and not (early.precision == Precision.MONTH and same_day(early, entry.get("early_approved_on"))):
        change(row, entry, "early_approved_on", "early_approved_on", exact(row, "early_approved_on", until=on))
    if row.get("early_document_no"):
        change(row, entry, "early_document_no", "early_document_no", row.get("early_document_no"))
    planned = row.get("planned_on")
    if planned:
        known = entry.get("planned_on")
        old = written_day(known, entry.get("planned_on_precision")) if known else ""
        if str(planned) != old:
            change(row, entry, "planned_on", "planned_on", planned.last_day, old=old)
            entry.put("planned_on_precision", planned.precision.value)
            row.changes["planned_on"] = (old, str(planned))
    if row.get("reason"):
        change(row, entry, "reason", "overdue_reason", row.get("reason"))


def _extension_fits(row: RosterRow, entry: Pending) -> bool:
    """Whether a stated extension ends after the term; an error otherwise."""
    ends, expires = row.get("extension_until"), entry.get("expires_on")
    if ends is None or ends.last_day > expires:
        return True
    shown = written_day(expires, entry.get("expires_on_precision"))
    words = {"relation": "早于或等于", "other": "届满日期", "other_value": shown}
    row.report(Code.DATE_ORDER, "extension_until", value=str(ends), **words)
    return False


def _extend(row: RosterRow, entry: Pending, books: TermBooks, on: date) -> None:
    """The extension that the row states, new or known by its end or its document."""
    extensions = books.extensions[entry]
    ends, document = row.get("extension_until"), row.get("extension_document_no", "")
    found = next((each for each in extensions if same_day(ends, each.get("ends_on"))), None)
    if found is None and document:
        found = next((each for each in extensions if each.get("document_no") == document), None)
    if found is None:
        found = Pending(Extension(), is_new=True)
        extensions.append(found)
    if found.is_new or not same_day(ends, found.get("ends_on")):
        change(row, found, "extension_until", "ends_on", exact(row, "extension_until"))
    approved_on = row.get("extension_approved_on")
    if approved_on and not (
        approved_on.precision == Precision.MONTH and same_day(approved_on, found.get("approved_on"))
    ):
        change(row, found, "extension_approved_on", "approved_on", exact(row, "extension_approved_on", until=on))
    if document:
        change(row, found, "extension_document_no", "document_no", document)
    if level := row.get("extension_level"):
        shown = ApprovalLevel(found.get("level")).label
        change(row, found, "extension_level", "level", level.value, old=shown)
        if level == ApprovalLevel.PROVINCE_CITY:
            found.put("kind", ExtensionKind.COMMON_ORDER.value)
    # Approval with a number or a day stands whatever the flag says; without them the flag decides.
    is_approved = bool(found.get("document_no") or found.get("approved_on") or row.get("extension_approved"))
    if is_approved or row.get("extension_approved") is False:
        before = written(bool(found.get("is_approved"))) if not found.is_new else ""
        if found.put("is_approved", is_approved) and row.get("extension_approved") is not None:
            row.changes["extension_approved"] = (before, written(row.get("extension_approved")))
    _weigh(row, entry, found, books.law)


def _weigh(row: RosterRow, entry: Pending, extension: Pending, law: Law) -> None:
    """TERM-12: approved by whom and when, and not longer than a year without a higher level's number."""
    approved_on, ends_on = extension.get("approved_on"), extension.get("ends_on")
    if not extension.get("is_approved"):
        row.report(Code.EXT_UNAPPROVED, "extension_until")
    elif approved_on is None:
        row.report(Code.EXT_DAY_MISSING, "extension_approved_on")
    facts = ExtensionFacts(
        ends_on=ends_on,
        level=ApprovalLevel(extension.get("level")),
        document_no=extension.get("document_no"),
    )
    expires = entry.get("expires_on")
    limit = add_years(expires, law.extension_cap_years.on(approved_on or expires).value)
    if ends_on > limit and not lifts_cap(facts):
        row.report(Code.EXT_TOO_LONG, "extension_until", value=str(ends_on), limit=str(limit))
