"""班子成员名册: the whole sitting committee of each organization that it names, with the village's beside it."""

from functools import partial

from elections.imports import committee_export, committee_people, pending
from elections.imports.committee_books import CommitteeBooks, People
from elections.imports.committee_people import Seated
from elections.imports.committee_seats import Seats
from elections.imports.duties import CHOICES, clean_duty
from elections.models import Post, VillagePost
from members import idcard
from members.imports import masked
from orgs.enums import Kind, RosterKind
from orgs.importing.cleaned import BLANK, BLANK_WORDS, Cleaned, text_of
from orgs.importing.codes import Code
from orgs.importing.dates import clean_date
from orgs.importing.directory import Directory, resolve
from orgs.importing.recognition import place_in_branch
from orgs.importing.roster import Column, Roster, limited
from orgs.importing.rows import Missing, RosterRow, Scope
from orgs.importing.values import clean_integer, clean_name, clean_text, clean_words
from orgs.importing.words import BODY, EDUCATION, PARTY_MEMBER, SEAT, SEX, clean_word

VACANT = frozenset({"缺", "暂缺", "待补", "待补选", "缺额"}) | (BLANK_WORDS - {""})


def clean_holder(cell) -> Cleaned:
    """A person's name; NAME_EMPTY for an empty cell, nothing for a post that is said to be vacant."""
    return BLANK if cell is not None and text_of(cell) in VACANT else clean_name(cell)


def clean_number(cell) -> Cleaned:
    """As the member roster's; blank is no error, since not everybody on a committee is a member here."""
    return BLANK if cell is None or text_of(cell) in BLANK_WORDS else masked.clean_number(cell)


class CommitteeRoster(Roster):
    """班子成员名册: one row per person and organization, with one or several posts."""

    roster_kind = RosterKind.COMMITTEE
    needed = (frozenset({"name"}), frozenset({"post", "village_post", "seat"}))

    org_code = Column(
        "党组织编码",
        "党组织代码 党组织唯一标识 所在党组织编码 所在党支部编码 编码",
        clean=limited(clean_words, 40),
        sample="YL0101",
        hint="与党组织名称至少填一项",
    )
    org_name = Column(
        "党组织名称",
        "党组织全称 组织名称 党支部名称 支部委员会名称 班子名称 所在党组织 所属党组织 所在党支部 "
        "党支部 党组织 支部名称 所属党支部 所在支部 所属支部 名称 单位(党组织)",
        clean=limited(clean_words, 120),
        is_required=True,
        sample="中共虚构社区第一支部委员会",
        hint="填全称，须已在党组织台账中",
    )
    body = Column(
        "班子",
        "班子类别 班子类型",
        clean=partial(clean_word, words=BODY),
        choices=BODY.choices,
        hint="不填为委员会",
    )
    seat = Column(
        "产生方式",
        "任职方式 委员类别",
        clean=partial(clean_word, words=SEAT),
        choices=SEAT.choices,
        hint="不填为选举产生",
    )
    term_no = Column("届次", "班子届次 领导班子届数 第几届", clean=partial(clean_integer, least=1, most=99), sample="3")
    post = Column(
        "职务",
        "党内职务 支部职务 班子职务 现任职务 党组织职务",
        clean=clean_duty,
        sample="书记",
        choices=CHOICES,
        hint="不填为委员；几个职务用顿号隔开",
    )
    name = Column(
        "姓名", "真实姓名 成员姓名 党员姓名", clean=clean_holder, is_required=True, sample="张三", hint="空缺的填“空缺”"
    )
    sex = Column("性别", "姓别", clean=partial(clean_word, words=SEX), sample="女", choices=SEX.choices)
    id_number = Column(
        "公民身份号码",
        "身份证号 身份证号码 身份证 公民身份证号 公民身份证号码 证件号码 证件号 居民身份证号",
        clean=clean_number,
        is_personal=True,
        sample="119901199001010025",
        hint="18位，单元格须为文本格式；凭它与党员花名册对应",
    )
    birth = Column(
        "出生日期",
        "出生年月 出生年月日 生日",
        clean=partial(clean_date, month=None, year=None),
        sample="1990-01-01",
        hint="以身份证号为准，可以不填",
    )
    education = Column(
        "学历",
        "最高学历 文化程度",
        clean=partial(clean_word, words=EDUCATION),
        sample="大学本科",
        choices=EDUCATION.choices,
    )
    joined = Column(
        "入党日期",
        "入党时间 加入党组织日期 加入党组织时间 成为预备党员日期 何时入党 "
        "加入中共时间 加入中共日期 加入中国共产党时间 加入中国共产党日期 入党年月",
        clean=partial(clean_date, year=Code.DATE_YEAR_ONLY_MEMBER),
        sample="2015-07-01",
    )
    started = Column(
        "任职日期", "任职时间 任现职时间 任现职日期", clean=partial(clean_date, month=None), sample="2023-06-15"
    )
    village_post = Column(
        "村（居）委会职务",
        "村居委会职务 村委会职务 居委会职务 村民委员会职务 居民委员会职务 两委职务",
        clean=limited(clean_text, 40),
        hint="只供两委统计，不是党内职务",
    )
    party_member = Column(
        "是否党员",
        "政治面貌 是否中共党员",
        clean=partial(clean_word, words=PARTY_MEMBER),
        sample="是",
        choices=("是", "否"),
    )
    tags = Column("人员标签", "标签 身份标签 人员类型", clean=limited(clean_text, 100), hint="如：致富带头人、退役军人")

    def prepare(self, rows: list[RosterRow], scope: Scope) -> None:
        """A branch that uploads its own committee need not name itself in each row."""
        if scope.organization.kind == Kind.BRANCH:
            place_in_branch(rows, scope.organization)

    def examine(self, rows: list[RosterRow], scope: Scope) -> list[Missing]:
        """Who each row means, whether they may sit there, and what that makes of the posts on the books."""
        directory = Directory(user=scope.user, organization=scope.organization)
        people = People(rows, directory)
        seated: list[Seated] = []
        for row in rows:
            place = resolve(row, directory, scope.on)
            found = committee_people.seated(row, place)
            if not row.skipped:
                committee_people.check_row(row, scope.on)
            if found is not None:
                committee_people.check(found, people, scope.on)
                seated.append(found)
        committee_people.check_together(seated)
        self.seats = Seats(seated, CommitteeBooks({each.place.pk for each in seated}, scope), scope)
        return self.seats.missing()

    def write(self, rows: list[RosterRow], scope: Scope, writer) -> None:
        """Ends and corrections first, then new posts."""
        for model, entries in ((Post, self.seats.posts()), (VillagePost, self.seats.village_posts())):
            pending.hold(model, entries)
            writer.update(model, pending.changes(entries))
            writer.insert(model, pending.made(entries))

    def export_records(self, scope: Scope, *, unmasked: bool = False):
        """Everybody who sits on the scope's day in an organization of the scope."""
        return committee_export.committee_records(scope, mask=(lambda number: number) if unmasked else idcard.mask)
