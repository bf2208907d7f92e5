"""Posts that are on the books before a mixed committee roster comes, and how they stand after it."""

import datetime
import random
from dataclasses import dataclass

from elections.models import Post
from members.models import Member
from orgs.enums import Body, Seat, Title
from orgs.models import Organization
from tests.zoo.mixing.entries import Entry
from tests.zoo.mixing.people import Person

EARLIER, ENDED = datetime.date(2019, 6, 3), datetime.date(2024, 5, 31)
SAME, FORMER, OTHER_BODY, SOMEBODY_ELSE = "same", "former", "other body", "somebody else"
# What stands on the books for a row; mostly nothing.
CASES = (None, None, None, SAME, FORMER, OTHER_BODY, SOMEBODY_ELSE)


@dataclass
class Sitting:
    """One post on the books; `then` is its end after the roster, `told` whether the row itself says the same."""

    place: str
    holder: Person
    title: Title
    since: datetime.date
    until: datetime.date | None = None
    then: datetime.date | None = None
    body: Body = Body.COMMITTEE
    tags: str = ""
    told: bool = False

    def build(self, branch: Organization, member: Member) -> None:
        """Write it."""
        Post.objects.create(
            organization=branch,
            member=member,
            holder_name=self.holder.name,
            body=self.body,
            title=self.title,
            seat=Seat.ELECTED,
            since=self.since,
            until=self.until,
            tags=self.tags,
        )

    def row(self) -> tuple:
        """As `Mix.written` has it after the roster."""
        until = str(self.then or "")
        labels = self.body.label, self.title.label, Seat.ELECTED.label
        return self.place, self.holder.name, self.holder.name, *labels, str(self.since), until, self.tags


def before(entry: Entry, holder: Person, others, chance: random.Random) -> list[Sitting]:
    """What stands on the books before this row of a person, which no trap has touched; the row's step follows.

    `others` gives somebody who is in no row.
    """
    case, place = chance.choice(CASES), entry.record["org_name"]
    titles = [Title.from_label(label) for label in entry.facts["titles"].split("、")]
    started = datetime.date.fromisoformat(entry.record["started"])
    if case == SAME:
        entry.step = "unchanged"
        tags = entry.record.get("tags", "")
        return [Sitting(place, holder, title, started, tags=tags, told=True) for title in titles]
    if case == FORMER:
        return [Sitting(place, holder, titles[0], EARLIER, ENDED, ENDED)]
    if case == OTHER_BODY:
        return [Sitting(place, holder, Title.COMMITTEE_MEMBER, EARLIER, body=Body.DISCIPLINE)]
    if case == SOMEBODY_ELSE:
        # There is one secretary; whoever holds another post goes on holding it until somebody says otherwise.
        then = started if titles[0] == Title.SECRETARY else None
        return [Sitting(place, next(others), titles[0], EARLIER, then=then)]
    return []
