"""Mixed rosters of committees: who sits in three branches, of people on the books, who may hold posts there already."""

import datetime
import random
from collections.abc import Sequence

from elections.models import Post, VillagePost
from orgs.enums import Body, MemberKind, Seat, Title
from orgs.models import Organization
from tests.zoo.mixing.branches import place_traps
from tests.zoo.mixing.entries import Entry, drop_absent, odd, spelled, trap, wrong
from tests.zoo.mixing.layout import PLACE, Shape
from tests.zoo.mixing.members import EDUCATION, NAME_TRAPS, NUMBER_TRAPS
from tests.zoo.mixing.people import Person, crowd, on_the_books
from tests.zoo.mixing.sitting import Sitting, before

SHAPE = Shape(
    "班子成员名册",
    {
        PLACE: ["班子名称", "党组织名称", "党支部名称", "所在党组织"],
        "name": ["姓名", "成员姓名"],
        "post": ["职务（留空默认为委员）", "党内职务", "现任职务"],
        "seat": ["产生方式", "任职方式"],
        "sex": ["性别"],
        "id_number": ["公民身份号码", "身份证号码"],
        "education": ["学历", "文化程度"],
        "started": ["任职日期", "任现职时间"],
        "village_post": ["村（居）委会职务", "两委职务"],
        "tags": ["人员标签"],
    },
    {"started": ("任职", "时间"), "education": ("学习", "学历")},
)
# What two sheets of one file may be called.
TWO_SHEETS = ("上届留任", "新当选")
NEEDED = (PLACE, "name", "post", "seat", "id_number", "started")
# What is written, the titles that it means.
POSTS = {
    "副书记": ("副书记",),
    "党支部副书记": ("副书记",),
    "组织委员": ("组织委员",),
    "宣传、统战委员": ("宣传委员", "统战委员"),
    "副书记兼纪检委员": ("副书记", "纪检委员"),
    "支部委员": ("委员",),
    "青年委员": ("青年委员",),
}


def _no_post(entry: Entry, chance: random.Random) -> None:
    """留空 = 委员."""
    entry.write(post=None)
    entry.mean(post="")
    entry.facts["titles"] = "委员"


def _vacant(entry: Entry, chance: random.Random) -> None:
    """A seat that nobody holds is no row of anybody."""
    entry.write(name=chance.choice(["空缺", "暂缺", "/"]), id_number=None)
    entry.is_skipped = True


def _cleaner(entry: Entry, chance: random.Random) -> None:
    """A post that is none of the Party's, and the village's neither."""
    entry.write(post="保洁员", village_post=None)
    entry.warnings.add("ENUM_UNKNOWN")
    entry.is_skipped = True


def _future(entry: Entry, chance: random.Random) -> None:
    entry.write(started="2031-07-01")
    entry.errors.add("DATE_FUTURE")


def _started_month(entry: Entry, chance: random.Random) -> None:
    entry.write(started="2024年6月")
    entry.mean(started="2024-06")
    entry.warnings.add("DATE_MONTH_ONLY")


def _from_elsewhere(entry: Entry, chance: random.Random) -> None:
    """A 第一书记 who is on no roster here."""
    entry.write(post="第一书记", seat=None, id_number=None, sex=None, education=None, name="方远航")
    entry.mean(post="第一书记", seat="", id_number="", sex="", birth="", education="", name="方远航")
    entry.facts.update(titles="书记", sits="第一书记")
    entry.warnings.add("COMMITTEE_PERSON_UNKNOWN")


def _stranger(entry: Entry, chance: random.Random) -> None:
    entry.write(name="陌生人甲", id_number=None, sex=None)
    entry.errors.add("COMMITTEE_PERSON_UNKNOWN")


def _other_name(entry: Entry, chance: random.Random) -> None:
    """The number of somebody else."""
    entry.write(name="冯程程")
    entry.errors.add("ID_DUP_NAME_DIFF")


TRAPS = {
    **{name: each for name, each in NUMBER_TRAPS.items() if not each.fields > {"id_number"}},
    **{
        name: wrong("id_number name sex", each, write)
        for name, each, write in (
            ("short number", "ID_LENGTH", lambda entry: entry.record["id_number"][:17]),
            (
                "old number",
                "ID_LEGACY15",
                lambda entry: entry.record["id_number"][:6] + entry.record["id_number"][8:17],
            ),
        )
    },
    **{name: each._replace(fields=each.fields | {"id_number"}) for name, each in NAME_TRAPS.items()},
    **place_traps(),
    "no post": trap("post", _no_post),
    "vacant": trap("name id_number started sex", _vacant),
    "cleaner": trap("post name id_number started sex", _cleaner),
    "started in the future": trap("started", _future),
    "started in a month": trap("started", _started_month),
    "started on no day": wrong("started", "DATE_NOT_EXIST", lambda entry: "2024-06-31"),
    "from elsewhere": trap(f"name id_number post sex education {PLACE}", _from_elsewhere),
    "stranger": trap(f"name id_number post seat sex {PLACE}", _stranger),
    "number of somebody else": trap(f"name id_number {PLACE}", _other_name),
    "other sex": odd(
        "sex id_number", lambda entry: {"男": "女", "女": "男"}[entry.record["sex"]], code="ID_SEX_MISMATCH"
    ),
    "strange schooling": odd("education", lambda entry: "看报", "", "ENUM_UNKNOWN"),
}


class Mix:
    """The committees of one file; everybody in them is a member on the books, some a probationary one."""

    def __init__(self, chance: random.Random):
        self.chance = chance
        self.people = iter(crowd(chance, 60))
        self.members: list[tuple[Person, str, bool]] = []
        self.sitting: list[Sitting] = []
        self.led: set[str] = set()

    def columns(self, found: list[str], title: str) -> list[str]:
        """All columns may stand beside each other."""
        return found

    def entries(self, columns: Sequence[str], count: int, places: Sequence[str]) -> list[Entry]:
        """So many people, each in one branch; one secretary for each."""
        return [self._entry(next(self.people), self.chance.choice(places)) for _ in range(count)]

    def _entry(self, person: Person, place: str) -> Entry:
        chance = self.chance
        probationary = chance.random() < 0.08
        self.members.append((person, place, probationary))
        if place in self.led:
            post = chance.choice(list(POSTS))
            titles = POSTS[post]
        else:
            post, titles = chance.choice(["书记", "党支部书记", "支部书记"]), ("书记",)
            self.led.add(place)
        started = datetime.date(2024, 6, 1 + chance.randrange(28))
        seat = chance.choice([None, None, "选举", "选举产生"])
        education = chance.choice(list(EDUCATION))
        cells = {
            PLACE: place,
            "name": person.name,
            "post": post,
            "seat": seat,
            "sex": person.sex,
            "id_number": person.number if chance.random() < 0.8 else None,
            "education": education,
            "started": spelled(started, chance),
            "village_post": chance.choice([None, None, None, "居委会委员"]),
            "tags": chance.choice([None, "致富带头人"]),
        }
        record = {name: str(value) for name, value in cells.items() if value}
        record |= {"started": started.isoformat(), "education": EDUCATION[education]}
        record |= {"seat": "选举产生"} if seat else {}
        record |= {"birth": person.birth.isoformat()} if cells["id_number"] else {}
        made = Entry(cells, record, facts={"titles": "、".join(titles), "sits": "选举产生"})
        if probationary:
            made.errors.add("COMMITTEE_PROBATIONARY")
            made.touched |= set(cells)
        return made

    def disturb(self, entries: list[Entry]) -> None:
        """The same person in the same post once more, or a second secretary: the first row is good."""
        free = [entry for entry in entries if not entry.touched]
        if not free:
            return
        first = self.chance.choice(free)
        if self.chance.random() < 0.5:
            again = first.again("ID_DUP_IN_FILE")
        elif first.facts["titles"] == "书记":
            (second,) = self.entries((), 1, [first.record[PLACE]])
            if second.errors:
                return
            again = second
            again.write(post="书记")
            again.touched |= set(again.cells)
            again.errors.add("COMMITTEE_TWO_SECRETARIES")
        else:
            return
        entries.append(again)

    def finish(self, entries: Sequence[Entry], columns: Sequence[str]) -> None:
        """What a row comes to in this sheet: without a number the name says who it is."""
        for entry in entries:
            if entry.cells["post"] is None and "village_post" in columns and entry.cells["village_post"]:
                entry.facts["titles"] = ""  # the village's post alone
            drop_absent(entry, columns, "birth", *(("sex",) if entry.cells.get("id_number") else ()))
            if entry.is_good and not entry.touched and "village_post" not in entry.record:
                self._seat_before(entry)

    def _seat_before(self, entry: Entry) -> None:
        """What stands on the books before the row."""
        holder = next(person for person, *_ in self.members if person.name == entry.record["name"])
        found = before(entry, holder, self.people, self.chance)
        known = {person for person, *_ in self.members}
        self.members += [(each.holder, each.place, False) for each in found if each.holder not in known]
        self.sitting += found

    def build(self, branches: dict[str, Organization]) -> None:
        """The members and the posts that are on the books before."""
        made = {}
        for person, place, probationary in self.members:
            kind = {"kind": MemberKind.PROBATIONARY, "formal_on": None} if probationary else {}
            made[person] = on_the_books(person, branches[place], **kind)
        for each in self.sitting:
            each.build(branches[each.place], made[each.holder])

    def expected(self, entries: Sequence[Entry]) -> tuple[list, list]:
        """Posts and the village's posts once the good rows are written."""
        posts, village = [each.row() for each in self.sitting if not each.told], []
        for entry in entries:
            if not entry.is_good:
                continue
            record = entry.record
            place = record[PLACE].removeprefix("中共")
            since = record["started"] + ("-01" if len(record["started"]) == 7 else "")
            person = record["name"] if record["name"] != "方远航" else ""
            tags = record.get("tags", "")
            posts += [
                (place, record["name"], person, Body.COMMITTEE.label, title, entry.facts["sits"], since, "", tags)
                for title in filter(None, entry.facts["titles"].split("、"))
            ]
            if "village_post" in record:
                village.append((place, record["name"], person, record["village_post"], since, tags))
        return sorted(posts), sorted(village)

    @staticmethod
    def written() -> tuple[list, list]:
        """What the books hold."""

        def row(post: Post | VillagePost, *between: str) -> tuple:
            member = post.member.name if post.member else ""
            return post.organization.name, post.holder_name, member, *between, post.tags

        posts = Post.objects.select_related("organization", "member")
        village = VillagePost.objects.select_related("organization", "member")
        return (
            sorted(
                row(
                    post,
                    *(Body(post.body).label, Title(post.title).label, Seat(post.seat).label),
                    *(str(day or "") for day in (post.since, post.until)),
                )
                for post in posts
            ),
            sorted(row(post, post.title, str(post.since or "")) for post in village),
        )
