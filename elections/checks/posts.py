"""Posts, and rows of this app that point at voided ones."""

from collections.abc import Iterator

from django.db.models import F, Q

from elections.models import Post, VillagePost
from orgs.checks.contradiction import Contradiction, named, of_uid
from orgs.checks.rights import voided_targets


def posts_inside_the_organizations_life() -> Iterator[Contradiction]:
    """Nobody holds a post before the organization was founded or after it was closed."""
    early = Q(since__lt=F("organization__founded_on"))
    late = Q(organization__closed_on__isnull=False) & (
        Q(until__isnull=True) | Q(until__gt=F("organization__closed_on"))
    )
    columns = ("uid", "organization__name", "organization__code", "organization__uid", "since", "until")
    days = ("organization__founded_on", "organization__closed_on")
    for model in (Post, VillagePost):
        rows = model.objects.filter(early | late).order_by("id").values_list(*columns, *days)
        for uid, name, code, place, since, until, founded, closed in rows.iterator():
            if closed is not None and (until is None or until > closed):
                wrong = f"任职到{until or '现在'}，而它已于{closed}撤销"
            else:
                wrong = f"从{since}起任职，而它{founded}才成立"
            yield Contradiction(
                model._meta.verbose_name,
                of_uid(uid),
                f"在{named(name, code, place)}{wrong}",
                "核对任职、免职日期和党组织成立、撤销日期，更正有误的一项",
            )


def voided_in_elections() -> Iterator[Contradiction]:
    """Rows of this app point at no voided row."""
    yield from voided_targets(Post._meta.app_label)
