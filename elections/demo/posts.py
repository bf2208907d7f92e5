"""What is known of people beyond the rosters: who holds which post, and who has no vote or is lost."""

from elections.demo.plan import District
from elections.models import Post
from members.models import Member, id_number_index
from members.services import record_standing
from orgs import audit
from orgs.models import Organization, User


def record(district: District, *, by: User) -> None:
    """Enter the holders of posts who are on a roster, and the standing of a few members.

    The secretaries whom the ledger has named are linked with their rows.
    """
    everybody = [(org, person) for org in district.organizations for person in org.people]
    holders = [(org, person) for org, person in everybody if person.post]
    organizations = dict(Organization.objects.values_list("code", "pk"))
    members = dict(Member.objects.values_list("id_number_index", "pk"))
    for _, person in (each for each in everybody if each[1].standing):
        member = Member.objects.get(pk=members[id_number_index(person.id_number)])
        record_standing(member=member, kind=person.standing, since=person.standing_since, by=by)
    secretaries = {(post.organization_id, post.title): post for post in Post.objects.all()}
    new, linked = [], []
    for org, person in holders:
        member = members[id_number_index(person.id_number)]
        known = secretaries.get((organizations[org.code], person.post))
        if known is not None:
            known.member_id = member
            linked.append(known)
            continue
        new.append(
            Post(
                organization_id=organizations[org.code],
                title=person.post,
                member_id=member,
                holder_name=person.name,
                since=org.course.current.elected_on if org.course.current else org.course.founded_on,
            )
        )
    Post.objects.bulk_create(new)
    Post.objects.bulk_update(linked, ["member"], batch_size=500)
    audit.record_event(
        kind="demo.posts",
        organization=Organization.objects.get(code=district.root.code),
        by=by,
        changes={"posts": [None, len(new)], "linked": [None, len(linked)]},
    )
