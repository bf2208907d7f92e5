"""Writing what a term ledger adds and changes, inside the transaction that holds the organizations."""

from elections.imports import pending
from elections.imports.pending import Pending
from elections.imports.term_books import TermBooks
from elections.models import Appointment, Election, Extension, Term
from elections.services import terms as term_service
from orgs import history


def write(books: TermBooks, writer) -> None:
    """Terms first, since extensions hang on them; then appointments and elections."""
    _write_terms(books, writer)
    for model, groups in ((Appointment, books.appointments), (Election, books.elections)):
        entries = [entry for group in groups.values() for entry in group]
        pending.hold(model, entries)
        writer.insert(model, pending.made(entries))
        writer.update(model, pending.changes(entries))


def _write_terms(books: TermBooks, writer) -> None:
    """Terms and extensions of the organizations that something changes for, with what is derived from them."""
    touched = {
        key
        for (key, _), terms in books.terms.items()
        if any(term.is_touched or any(each.is_touched for each in books.extensions[term]) for term in terms)
    }
    terms = [term for (key, _), group in books.terms.items() if key in touched for term in group]
    extensions = {each: term for term in terms for each in books.extensions[term]}
    pending.hold(Term, terms)
    pending.hold(Extension, extensions)
    old = {entry: _set(entry, term_service.DERIVED_ON_TERM) for entry in terms}
    old_extensions = {entry: _set(entry, term_service.DERIVED_ON_EXTENSION) for entry in extensions}
    converted = history.conversions(touched)

    # A new term needs its key before its extensions can be told from those of another new one.
    records = [entry.record for entry in terms]
    known = [entry.record for entry in extensions if not entry.is_new]
    term_service.derive(terms=records, extensions=known, converted_on=converted)
    new = [entry for entry in terms if entry.is_new]
    writer.insert(Term, [entry.record for entry in new])
    for entry in new:
        old[entry] = {name: getattr(entry.record, name) for name in term_service.DERIVED_ON_TERM}
    for entry, term in extensions.items():
        entry.record.term = term.record
    term_service.derive(terms=records, extensions=[entry.record for entry in extensions], converted_on=converted)
    writer.insert(Extension, [entry.record for entry in extensions if entry.is_new])
    writer.update(Term, _differing(old))
    writer.update(Extension, _differing({each: was for each, was in old_extensions.items() if not each.is_new}))


def _set(entry: Pending, derived: tuple[str, ...]) -> dict[str, object]:
    """Set the new values on the row; return what those columns and the derived ones were."""
    was = {name: getattr(entry.record, name) for name in (*entry.values, *derived)}
    for name, value in entry.values.items():
        setattr(entry.record, name, value)
    return was


def _differing(old: dict[Pending, dict]) -> list[tuple]:
    """(row with its old values, {column: new value}) of what differs from before."""
    changes = []
    for entry, was in old.items():
        record = entry.record
        values = {name: getattr(record, name) for name, value in was.items() if getattr(record, name) != value}
        if values:
            for name in values:
                setattr(record, name, was[name])
            changes.append((record, values))
    return changes
