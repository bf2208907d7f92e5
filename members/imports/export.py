"""The member roster out of the books, in the columns of the template."""

from collections.abc import Iterator

from members.models import Affiliation, Member, Standing
from orgs.enums import MemberKind, Sex, StandingKind
from orgs.importing.dates import Dated, dated
from orgs.importing.rows import Scope


def member_records(scope: Scope, *, unmasked: bool) -> Iterator[dict]:
    """{canonical field: value} of everybody who belongs to the scope on its day, in the order of the lists."""
    affiliations = (
        Affiliation.objects.visible_to(scope.user)
        .regular()
        .holding(scope.on)
        .filter(organization__in=type(scope.organization).objects.under(scope.organization))
        .select_related("member", "organization")
        .order_by("organization__path", "member__sort_key", "member_id")
    )
    floating = Standing.objects.filter(kind=StandingKind.FLOATING).holding(scope.on)
    away = {
        member: (destination, since)
        for member, destination, since in floating.values_list("member", "destination", "since")
    }
    for affiliation in affiliations.iterator(chunk_size=2000):
        member, organization = affiliation.member, affiliation.organization
        destination, out_on = away.get(member.pk, ("", None))
        yield {
            "org_code": organization.code,
            "org_name": organization.name,
            **person_record(member, unmasked=unmasked),
            "joined_branch_on": Dated(affiliation.since) if affiliation.since else None,
            "phone": member.reveal_phone() if unmasked else member.masked_phone,
            "floating": member.pk in away,
            "floating_to": destination,
            "out_on": Dated(out_on) if out_on else None,
            "remark": member.remark,
        }


def person_record(member: Member, *, unmasked: bool) -> dict:
    """{canonical field: value} of what every roster tells of a person."""
    return {
        "name": member.name,
        "sex": Sex(member.sex) if member.sex else None,
        "ethnicity": member.ethnicity,
        "birth": dated(member.birth, member.birth_precision),
        "id_number": member.reveal_id_number() if unmasked else member.masked_id_number,
        "education": member.education,
        "kind": MemberKind(member.kind),
        "joined": dated(member.joined_on, member.joined_on_precision),
        "formal_on": dated(member.formal_on, member.formal_on_precision),
        "work_unit": member.work_unit,
    }
