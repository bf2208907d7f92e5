"""The committee roster out of the books, in the columns of the template."""

from collections import defaultdict
from collections.abc import Callable, Iterator

from elections.models import Post, Term, VillagePost
from orgs.enums import Body, Seat, Sex, Title
from orgs.importing.dates import dated
from orgs.importing.rows import Scope
from orgs.models import Organization


def committee_records(scope: Scope, *, mask: Callable[[str], str]) -> Iterator[dict]:
    """{canonical field: value} of every post held on the scope's day; a village post stands in its holder's first row.

    `mask` makes of an ID number what may be written.
    """
    inside = Organization.objects.visible_to(scope.user).under(scope.organization)
    posts = _grouped(Post.objects.visible_to(scope.user).filter(organization__in=inside), scope)
    village = _grouped(VillagePost.objects.visible_to(scope.user).filter(organization__in=inside), scope)
    terms = Term.objects.filter(organization__in=inside).current(scope.on).order_by("elected_on")
    ordinals = {(each.organization_id, each.body): each.ordinal for each in terms}
    for organization in inside.existing(scope.on).by_level():
        head = {"org_code": organization.code, "org_name": organization.name}
        beside = village[organization.pk]
        for post in posts[organization.pk]:
            also = next((each for each in beside if _same_person(each, post)), None)
            if also is not None:
                beside.remove(also)
            yield {
                **head,
                "body": Body(post.body),
                "seat": Seat(post.seat),
                "term_no": ordinals.get((organization.pk, post.body)),
                "post": Title(post.title),
                **_person(post, mask),
                "village_post": also.title if also else "",
                "party_member": True,
            }
        for post in beside:
            yield {**head, **_person(post, mask), "village_post": post.title, "party_member": post.is_party_member}


def _grouped(posts, scope: Scope) -> dict[int, list]:
    groups = defaultdict(list)
    for post in posts.holding(scope.on).select_related("member"):
        groups[post.organization_id].append(post)
    return groups


def _same_person(village: VillagePost, post: Post) -> bool:
    if village.member_id or post.member_id:
        same = village.member_id == post.member_id
    else:
        same = village.holder_name == post.holder_name
    # In one row they share period and tags; where these differ the village post has a row of its own.
    return same and (village.since, village.tags) == (post.since, post.tags)


def _person(post: Post | VillagePost, mask: Callable[[str], str]) -> dict:
    """Of a member what the member's row says, of others what is kept with the post."""
    member = post.member
    source = member or post
    return {
        "name": member.name if member else post.holder_name,
        "sex": Sex(source.sex) if source.sex else None,
        "id_number": mask(member.reveal_id_number()) if member and member.id_number_index else "",
        "birth": dated(source.birth, source.birth_precision),
        "education": source.education,
        "joined": dated(source.joined_on, source.joined_on_precision),
        "started": post.since,
        "tags": post.tags,
    }
