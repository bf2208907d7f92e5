"""One row of a term ledger: the appointment (指派) and the election under way that it states."""

from datetime import date, timedelta

from elections.imports.pending import Pending, same_day
from elections.imports.term_books import TermBooks
from elections.imports.term_checks import exact, not_stored
from elections.models import Appointment, Election
from orgs.enums import Body, ElectionKind, ElectionStage
from orgs.importing.dates import Dated
from orgs.importing.roster import written
from orgs.importing.rows import RosterRow, Scope


def compare(row: RosterRow, key: int, books: TermBooks, scope: Scope) -> None:
    """What the row adds to the appointments and elections of the organization `key`."""
    _appoint(row, key, books.appointments[key], scope.on)
    _elect(row, key, books, scope.on)


def _appoint(row: RosterRow, key: int, known: list[Pending], on: date) -> None:
    """An appointment counts with document and day only (TERM-19); half of it is told and left out."""
    stated, document = row.get("appointed_on"), row.get("appointed_document_no", "")
    if stated is None:
        if document:
            not_stored(row, "appointed_document_no", "没有填写指派日期，请补填。")
        return
    found = next((each for each in known if same_day(stated, each.get("on"))), None)
    if found is None and not document:
        not_stored(row, "appointed_on", "没有填写指派文号，请补填。")
        return
    if found is None:
        day = exact(row, "appointed_on", until=on)
        known.append(Pending(Appointment(organization_id=key, on=day, document_no=document), is_new=True))
        row.changes["appointed_on"] = ("", str(day))
        row.changes["appointed_document_no"] = ("", document)
    elif document and found.get("document_no") != document:
        row.changes["appointed_document_no"] = (found.get("document_no"), document)
        found.put("document_no", document)


def _elect(row: RosterRow, key: int, books: TermBooks, on: date) -> None:
    """An election by its opening day: new, corrected, or closed because the term that came of it is known."""
    opened, day = row.get("election_opened_on"), row.get("election_day")
    if opened is None and day is None:
        return
    kind, body = row.get("election_kind") or ElectionKind.GENERAL, (row.get("body") or Body.COMMITTEE).value
    entry = _found(row, books.elections[key], kind, body)
    terms = books.terms[key, body]
    if entry is None and opened is None:
        if not any(same_day(day, each.get("elected_on")) for each in terms):
            not_stored(row, "election_day", "没有填写提交换届请示时间，请补填。")
        return
    if entry is None and kind == ElectionKind.GENERAL and _is_blocked(opened, books.elections[key], terms):
        not_stored(row, "election_opened_on", "还有一项没有办结的换届选举，请先办结。")
        return
    if entry is None:
        opened_on = exact(row, "election_opened_on", until=on)
        entry = Pending(Election(organization_id=key, kind=kind, body=body, opened_on=opened_on), is_new=True, row=row)
        books.elections[key].append(entry)
        row.changes["election_opened_on"] = ("", str(opened_on))
        row.changes["election_kind"] = ("", _kind_word(kind))
    elif opened is not None and not same_day(opened, entry.get("opened_on")):
        row.changes["election_opened_on"] = (str(entry.get("opened_on")), str(opened))
        entry.put("opened_on", exact(row, "election_opened_on", until=on))
    if day is not None and not same_day(day, entry.get("election_day")):
        if day.last_day < entry.get("opened_on"):
            not_stored(row, "election_day", f"早于本次选举的启动日期{entry.get('opened_on')}，请核对。")
        else:
            row.changes["election_day"] = (written(entry.get("election_day")), str(day))
            entry.put("election_day", exact(row, "election_day"))
    _settle(row, entry, kind, terms)


def _kind_word(kind: ElectionKind) -> str:
    return "换届" if kind == ElectionKind.GENERAL else kind.label


def _found(row: RosterRow, elections: list[Pending], kind: ElectionKind, body: str) -> Pending | None:
    """The case that the row means: opened that day; else the open one, of which an organization has one at a time."""
    opened, day = row.get("election_opened_on"), row.get("election_day")
    same = [each for each in elections if each.get("kind") == kind and each.get("body") == body]
    if opened is not None:
        found = next((each for each in same if same_day(opened, each.get("opened_on"))), None)
        # A general election covers committee and 纪委 alike, so the open one is looked for whatever its body.
        unsettled = [each for each in elections if each.get("kind") == kind and each.get("closed_on") is None]
        if found is None and kind == ElectionKind.GENERAL:
            return next((each for each in unsettled if _is_same_case(each, opened.day)), None)
        return found
    found = next((each for each in same if same_day(day, each.get("election_day"))), None)
    return found or next((each for each in same if each.get("closed_on") is None), None)


def _is_same_case(entry: Pending, opened: date) -> bool:
    """Whether an open case can be the one opened on another day: not when its own election day lay before that."""
    return entry.get("election_day") is None or opened <= entry.get("election_day")


def _is_blocked(opened: Dated, elections: list[Pending], terms: list[Pending]) -> bool:
    """Whether a further general election would be the second open one: the last is open and this has no result yet."""
    is_open = any(each.get("kind") == ElectionKind.GENERAL and each.get("closed_on") is None for each in elections)
    return is_open and not any(term.get("elected_on") >= opened.day for term in terms)


def _settle(row: RosterRow, entry: Pending, kind: ElectionKind, terms: list[Pending]) -> None:
    """The stage of a new or changed case; a general election is closed by the term that came of it.

    A case on the books is closed only by a term that this file adds: otherwise somebody left it open on purpose.
    """
    opened_on = entry.get("opened_on")
    later = [term for term in terms if term.get("elected_on") >= opened_on]
    result = min(later, key=lambda term: term.get("elected_on"), default=None)
    is_settled = kind == ElectionKind.GENERAL and result is not None and (entry.is_new or result.is_new)
    if is_settled and entry.get("closed_on") is None:
        entry.put("closed_on", max(result.get("elected_on"), opened_on + timedelta(days=1)))
        entry.put("stage", ElectionStage.CLOSED.value)
        row.changes.setdefault("election_opened_on", ("正在进行", "已办结"))
    elif entry.is_touched and entry.get("closed_on") is None:
        is_set = entry.get("election_day") is not None
        entry.put("stage", (ElectionStage.DAY_SET if is_set else ElectionStage.PREPARING).value)
