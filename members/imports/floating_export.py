"""The ledger of floating members out of the books, in the columns of the template: those out, then those in."""

from collections.abc import Iterator

from members.imports.export import person_record
from members.imports.floating_people import Direction
from members.models import Affiliation, Guest, Member, Standing
from orgs import paths
from orgs.enums import StandingKind
from orgs.importing.dates import Dated
from orgs.importing.rows import Scope
from orgs.models import Organization


def floating_records(scope: Scope, *, unmasked: bool) -> Iterator[dict]:
    """{canonical field: value} of everybody who is out of or in at the scope on its day, in the order of the lists."""
    affiliations = (
        Affiliation.objects.visible_to(scope.user)
        .regular()
        .holding(scope.on)
        .filter(organization__in=Organization.objects.under(scope.organization))
    )
    away = Standing.objects.filter(kind=StandingKind.FLOATING, member__in=affiliations.values("member")).holding(
        scope.on
    )
    standings = {standing.member_id: standing for standing in away}
    out = affiliations.filter(member__in=away.values("member"))
    out = out.select_related("member", "organization")
    for affiliation in out.order_by("organization__path", "member__sort_key", "member_id").iterator(chunk_size=2000):
        standing = standings[affiliation.member_id]
        yield {
            "direction": Direction.OUT,
            **_head(affiliation.organization),
            **person_record(affiliation.member, unmasked=unmasked),
            **_whereabouts(standing, unmasked),
            "out_on": Dated(standing.since) if standing.since else None,
            "destination": standing.destination,
        }
    guests = Guest.objects.visible_to(scope.user).staying(scope.on)
    guests = guests.filter(paths.subtree(scope.organization.path, "affiliation__organization__path"))
    guests = guests.select_related("affiliation__member", "affiliation__organization")
    own = set(
        Member.objects.visible_to(scope.user)
        .filter(pk__in=guests.values("affiliation__member"))
        .values_list("pk", flat=True)
    )
    order = ("affiliation__organization__path", "affiliation__member__sort_key", "id")
    for guest in guests.order_by(*order).iterator(chunk_size=2000):
        stay = guest.affiliation
        person = person_record(stay.member, unmasked=unmasked)
        if stay.member_id not in own:
            # Kept elsewhere: name and number are what the host knows.
            person = {name: person[name] for name in ("name", "id_number")}
        yield {
            "direction": Direction.IN,
            **_head(stay.organization),
            **person,
            **_whereabouts(guest, unmasked),
            "out_on": Dated(stay.since) if stay.since else None,
            "place_of_affiliation": guest.place_of_affiliation,
        }


def _head(organization: Organization) -> dict:
    return {"org_code": organization.code, "org_name": organization.name}


def _whereabouts(record: Standing | Guest, unmasked: bool) -> dict:
    return {
        "occupation": record.occupation,
        "province": record.province,
        "reason": record.floating_reason,
        "contact": record.reveal_contact() if unmasked else record.masked_contact,
        "certificate": record.has_certificate,
        "remark": record.remark,
    }
