"""What a committee roster makes of the posts on the books: kept, corrected, changed, begun; never ended in silence."""

from collections import defaultdict

from elections.imports.committee_books import CommitteeBooks
from elections.imports.committee_people import Seated
from elections.imports.pending import Pending, same_day
from elections.models import Post, VillagePost
from orgs.enums import Seat, Title
from orgs.importing.codes import Code
from orgs.importing.dates import Dated, dated
from orgs.importing.roster import written
from orgs.importing.rows import Missing, Scope, Step

NO_LINK = "（未与党员花名册对应）"
# Canonical field → columns of `elections.models.posts.Holder` for people who are no members of the books.
FACTS = {
    "sex": ("sex",),
    "birth": ("birth", "birth_precision"),
    "education": ("education",),
    "joined": ("joined_on", "joined_on_precision"),
}


class Seats:
    """The posts of all organizations of a roster, on the books and new."""

    def __init__(self, seated: list[Seated], books: CommitteeBooks, scope: Scope):
        self._seated, self._books, self._scope = seated, books, scope
        self._claimed: set[Pending] = set()
        named = dict.fromkeys((each.place.pk, each.body.value) for each in seated)
        self._first = {key for key in named if not books.posts[key]}
        self._first_village = {each.place.pk for each in seated if not books.village[each.place.pk]}
        good = [each for each in seated if each.row.is_good]
        # First who stays where they are: what is left over may have become something else.
        open_titles = {each: self._keep(each) for each in good}
        # Of whoever sits already a further post is a change of what the books say of them.
        self._there = {each for each in good if self._theirs(each)}
        for each in good:
            for title in open_titles[each]:
                self._begin(each, title)
            self._hold_village(each)
            self._check_ordinal(each)
            row = each.row
            is_new = any(entry.is_new and entry.row is row for entry in self._all_of(each)) and each not in self._there
            row.target, row.organizations = each, (each.place.pk,)
            row.step = Step.NEW if is_new else Step.CHANGED if row.changes else Step.UNCHANGED

    def posts(self) -> list[Pending]:
        """All posts of the Party's bodies."""
        return [entry for group in self._books.posts.values() for entry in group]

    def village_posts(self) -> list[Pending]:
        """All posts of villages' committees."""
        return [entry for group in self._books.village.values() for entry in group]

    def missing(self) -> list[Missing]:
        """Who sits in a body that the roster names but is not named themselves, nor followed by somebody who is."""
        names = defaultdict(set)
        for each in self._seated:
            names[each.place.pk].add(each.name)
        places = {each.place.pk: each.place for each in self._seated}
        bodies = {(each.place.pk, each.body.value) for each in self._seated if each.titles}
        villages = {each.place.pk for each in self._seated if each.village}
        left = [entry for key in sorted(bodies) for entry in self._books.posts[key]]
        left += [entry for key in sorted(villages) for entry in self._books.village[key]]
        return [
            Missing(str(post.uid), f"{post.holder_name}（{_title(post)}）", places[post.organization_id].name)
            for entry in left
            if not entry.is_new and not entry.values and entry not in self._claimed
            for post in [entry.record]
            if post.holder_name not in names[post.organization_id]
        ]

    def _all_of(self, each: Seated) -> list[Pending]:
        return [*self._books.posts[each.place.pk, each.body.value], *self._books.village[each.place.pk]]

    def _theirs(self, each: Seated, entries: list[Pending] | None = None) -> list[Pending]:
        """The posts of a row's person among `entries` (default: of the body)."""
        entries = self._books.posts[each.place.pk, each.body.value] if entries is None else entries
        return [entry for entry in entries if not entry.is_new and _is_of(entry, each)]

    def _keep(self, each: Seated) -> list[Title]:
        """Claim the posts that the person holds already and correct what the row says of them; the titles left."""
        left = []
        for title in each.titles:
            held = [entry for entry in self._theirs(each) if entry.record.title == title and entry not in self._claimed]
            if not held:
                left.append(title)
                continue
            self._claimed.add(held[0])
            if held[0].put("seat", each.seat.value):
                each.row.changes["seat"] = (Seat(held[0].record.seat).label, each.seat.label)
            self._describe(held[0], each)
        return left

    def _begin(self, each: Seated, title: Title) -> None:
        """A post that the person does not hold on the books: instead of another one of theirs, or anew."""
        key = each.place.pk, each.body.value
        since = self._since(each, key in self._first)
        values = {"title": title.value, "seat": each.seat.value}
        former = next((entry for entry in self._theirs(each) if entry not in self._claimed and not entry.values), None)
        if former is not None:
            each.row.changes["post"] = (former.record.get_title_display(), title.label)
            if self._replace(former, since):
                self._claimed.add(former)
                for name, value in values.items():
                    former.put(name, value)
                self._describe(former, each)
                return
        if title == Title.SECRETARY and each.seat != Seat.FIRST_SECRETARY and self._follow(each, since):
            return
        if former is None and each in self._there:
            old, new = each.row.changes.get("post", ("", ""))
            each.row.changes["post"] = (old, "、".join(filter(None, [new, title.label])))
        post = Post(organization_id=each.place.pk, body=each.body.value, since=since, **values)
        self._add(self._books.posts[key], post, each)

    def _follow(self, each: Seated, since) -> bool:
        """The secretary whom the roster does not name as such gives the post up; True when it was a correction."""
        for entry in self._books.posts[each.place.pk, each.body.value]:
            post = entry.record
            sits = post.title == Title.SECRETARY and post.seat != Seat.FIRST_SECRETARY and not entry.is_new
            if not sits or entry in self._claimed or entry.values:
                continue
            each.row.changes["name"] = (post.holder_name, each.name)
            if self._replace(entry, since):
                self._claimed.add(entry)
                entry.put("holder_name", each.name)
                entry.put("member_id", each.person.pk if each.person else None)
                self._describe(entry, each)
                return True
        return False

    def _replace(self, entry: Pending, since) -> bool:
        """End a post where the next one begins; True when it began no earlier, so that it is corrected instead."""
        end = since or self._scope.on
        if entry.record.since is not None and entry.record.since >= end:
            return True
        entry.put("until", end)
        return False

    def _since(self, each: Seated, is_first: bool):
        """From when a new post counts: as stated; else unknown in a first roster, the roster's day in a later one."""
        started = each.row.get("started")
        if started:
            return started.day
        return None if is_first else self._scope.on

    def _add(self, entries: list[Pending], record, each: Seated) -> None:
        record.holder_name = each.name
        record.member_id = each.person.pk if each.person else None
        entry = Pending(record, is_new=True, row=each.row)
        entries.append(entry)
        self._describe(entry, each)

    def _hold_village(self, each: Seated) -> None:
        """The post in the village's committee: for tables of both committees only."""
        if not each.village:
            return
        entries = self._books.village[each.place.pk]
        theirs = [entry for entry in self._theirs(each, entries) if entry not in self._claimed]
        entry = next((entry for entry in theirs if entry.record.title == each.village), None)
        if entry is None:
            since = self._since(each, each.place.pk in self._first_village)
            if theirs:
                entry = theirs[0]
                each.row.changes["village_post"] = (entry.record.title, each.village)
                if not self._replace(entry, since):
                    entry = None
                else:
                    entry.put("title", each.village)
            if entry is None:
                post = VillagePost(organization_id=each.place.pk, title=each.village, since=since)
                post.is_party_member = self._in_party(each)
                if each in self._there:
                    each.row.changes.setdefault("village_post", ("", each.village))
                self._add(entries, post, each)
                return
        self._claimed.add(entry)
        is_member = self._in_party(each)
        if is_member is not None and entry.put("is_party_member", is_member):
            each.row.changes["party_member"] = (written(entry.record.is_party_member), written(is_member))
        self._describe(entry, each)

    def _in_party(self, each: Seated) -> bool | None:
        return True if each.person or each.titles else each.row.get("party_member")

    def _describe(self, entry: Pending, each: Seated) -> None:
        """What the row says of the person and the period, beside the post itself."""
        row = each.row
        changes = {} if entry.is_new else row.changes
        if each.person is not None and entry.put("member_id", each.person.pk):
            changes.setdefault("name", (entry.record.holder_name + NO_LINK, each.name))
        if entry.put("holder_name", each.name):
            changes.setdefault("name", (entry.record.holder_name, each.name))
        started = row.get("started")
        if started and not same_day(started, entry.get("since")):
            old = written(entry.get("since"))
            entry.put("since", started.day)
            changes["started"] = (old, str(started))
        if (tags := row.get("tags")) and tags != entry.get("tags"):
            changes["tags"] = (entry.get("tags"), tags)
            entry.put("tags", tags)
        if entry.get("member_id") is None:
            self._describe_stranger(entry, row, changes)

    @staticmethod
    def _describe_stranger(entry: Pending, row, changes: dict) -> None:
        for name, columns in FACTS.items():
            value = row.get(name)
            if value is None:
                continue
            new = (value.day, value.precision.value) if isinstance(value, Dated) else (str(value),)
            old = tuple(entry.get(column) for column in columns)
            if old != new and (old[0] or new[0]):
                changes[name] = (_shown(old), written(value))
                for column, each in zip(columns, new, strict=True):
                    entry.put(column, each)

    def _check_ordinal(self, each: Seated) -> None:
        """The roster is that of the sitting committee: another 届 than the one on the books is worth a word."""
        stated, known = each.row.get("term_no"), self._books.ordinals.get((each.place.pk, each.body.value))
        if stated and known and stated != known:
            message = f"届次{stated}与在册的本届（第{known}届）不一致，班子成员按现任登记，请核对。"
            each.row.report(Code.TERM_MISMATCH, "term_no", message=message)


def _is_of(entry: Pending, each: Seated) -> bool:
    """Whether a post on the books is that person's: the member's, or, where one side has none, the name's."""
    post = entry.record
    if each.person is not None and post.member_id is not None:
        return post.member_id == each.person.pk
    return post.holder_name == each.name


def _title(post: Post | VillagePost) -> str:
    return Title(post.title).label if isinstance(post, Post) else post.title


def _shown(old: tuple) -> str:
    if len(old) == 2:
        return str(dated(*old) or "")
    return str(old[0] or "")
