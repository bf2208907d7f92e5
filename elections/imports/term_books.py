"""What a term ledger (换届台账) is compared with: terms, extensions, appointments and elections on the books."""

from collections import defaultdict

from elections.imports.books import OrganizationBooks
from elections.imports.pending import Pending
from elections.models import Appointment, Election, Extension, Term
from elections.rules.parameters import Law
from orgs.importing.batching import in_chunks


class TermBooks(OrganizationBooks):
    """Read in a fixed number of queries for the keys of the organizations; new rows join as the roster states them."""

    def __init__(self, keys: set[int], law: Law):
        super().__init__(keys, law)
        # {(organization, body): its terms}
        self.terms: dict[tuple[int, str], list[Pending]] = defaultdict(list)
        # {term: its extensions}; found by the entry, since a new term has no key.
        self.extensions: dict[Pending, list[Pending]] = defaultdict(list)
        self.appointments: dict[int, list[Pending]] = defaultdict(list)
        self.elections: dict[int, list[Pending]] = defaultdict(list)
        by_key: dict[int, Pending] = {}
        for part in in_chunks(keys):
            for term in Term.objects.filter(organization__in=part).order_by("elected_on", "id"):
                by_key[term.pk] = entry = Pending(term)
                self.terms[term.organization_id, term.body].append(entry)
            for extension in Extension.objects.filter(term__organization__in=part).order_by("id"):
                if extension.term_id in by_key:
                    self.extensions[by_key[extension.term_id]].append(Pending(extension))
            for appointment in Appointment.objects.filter(organization__in=part).order_by("on", "id"):
                self.appointments[appointment.organization_id].append(Pending(appointment))
            for election in Election.objects.filter(organization__in=part).order_by("opened_on", "id"):
                self.elections[election.organization_id].append(Pending(election))
