"""The columns of the member roster, and how its rows are compared with the books."""

from collections.abc import Iterable
from functools import partial

from members.clashes import taken_since
from members.duplicates import MERGED
from members.imports import export, masked, newcomers, writing
from members.imports.books import Books, Found
from members.imports.checks import check_person
from members.imports.choices import MemberChooser
from members.imports.comparing import compare_person, compare_standing, settled
from members.imports.repeated import FirstRows
from orgs.enums import Kind, RosterKind
from orgs.importing import parts
from orgs.importing.cleaned import Cleaned
from orgs.importing.codes import Code
from orgs.importing.dates import clean_date
from orgs.importing.directory import Directory, Place, resolve
from orgs.importing.parts import OpenedPart
from orgs.importing.recalling import Recall
from orgs.importing.recognition import place_in_branch
from orgs.importing.roster import Column, Roster, limited
from orgs.importing.rows import Missing, RosterRow, Scope, Step
from orgs.importing.values import clean_name, clean_text, clean_words
from orgs.importing.words import EDUCATION, ETHNICITY, MEMBER_KIND, SEX, YES_NO, clean_member_kind, clean_word

ELSEWHERE = "其他党组织"
CHANGED, UNCHANGED = Step.CHANGED, Step.UNCHANGED


def clean_ethnicity(cell) -> Cleaned:
    """An ethnicity in full: 「汉」 is 汉族."""
    return clean_word(cell, ETHNICITY)


clean_member_date = partial(clean_date, year=Code.DATE_YEAR_ONLY_MEMBER)


class MemberRoster(Roster):
    """党员花名册: one row per member of the organizations it names."""

    roster_kind = RosterKind.MEMBERS
    chooser = MemberChooser()
    part_size = parts.SIZE
    needed = (frozenset({"name"}), frozenset({"id_number"}))

    org_code = Column(
        "党组织编码",
        "党组织代码 党组织唯一标识 所在党支部编码 所在党组织编码",
        clean=limited(clean_words, 40),
        sample="YL0101",
        hint="与所在党支部至少填一项",
    )
    org_name = Column(
        "所在党支部",
        "所在党组织 所属党支部 组织关系所在党支部 现党关系所在党支部 党支部 编入党支部 党组织名称 党组织全称 "
        "党支部名称 支部名称 所在支部 所属支部 所属党组织 党组织 单位(党组织) 名称 组织名称 支部委员会名称 班子名称",
        clean=limited(clean_words, 120),
        is_required=True,
        sample="虚构社区第一党支部",
        hint="填党组织全称",
    )
    name = Column("姓名", "真实姓名 党员姓名", clean=clean_name, is_required=True, sample="张三", hint="与身份证一致")
    sex = Column("性别", "姓别", clean=partial(clean_word, words=SEX), sample="女", choices=SEX.choices)
    ethnicity = Column("民族", "名族", clean=clean_ethnicity, sample="汉族")
    birth = Column(
        "出生日期",
        "出生年月 出生年月日 生日",
        clean=partial(clean_date, month=None, year=None),
        sample="1990-01-01",
        hint="以身份证号为准，可以不填",
    )
    id_number = Column(
        "公民身份号码",
        "身份证号 身份证号码 身份证 公民身份证号 公民身份证号码 证件号码 证件号 居民身份证号",
        clean=masked.clean_number,
        is_personal=True,
        is_required=True,
        sample="119901199001010025",
        hint="18位，单元格须为文本格式",
    )
    education = Column(
        "学历",
        "最高学历 文化程度",
        clean=partial(clean_word, words=EDUCATION),
        sample="大学本科",
        choices=EDUCATION.choices,
    )
    kind = Column(
        "人员类别",
        "党籍状态 党员类型 党员类别 预/正 政治面貌",
        clean=clean_member_kind,
        sample="正式党员",
        choices=MEMBER_KIND.choices,
    )
    joined = Column(
        "入党日期",
        "入党时间 加入党组织日期 加入党组织时间 成为预备党员日期 何时入党 "
        "加入中共时间 加入中共日期 加入中国共产党时间 加入中国共产党日期 入党年月",
        clean=clean_member_date,
        sample="2015-07-01",
        hint="填写到日，如 2015-07-01",
    )
    formal_on = Column(
        "转正日期",
        "转正时间 转为正式党员日期 正式转正日期",
        clean=clean_member_date,
        sample="2016-07-01",
        hint="预备党员不填",
    )
    joined_branch_on = Column(
        "组织关系转入日期", "组织关系转入时间 组织关系落实时间", clean=clean_member_date, sample="2018-03-01"
    )
    party_post = Column(
        "党内职务", "职务 支部职务", clean=limited(clean_text, 60), hint="只供核对，班子成员用班子成员名册导入"
    )
    work_unit = Column("工作单位", "工作/学习单位 工作单位及职务 所在单位 工作岗位", clean=limited(clean_text, 120))
    phone = Column(
        "联系电话",
        "手机 手机号 手机号码 联系方式",
        clean=masked.clean_phone_or_mask,
        is_personal=True,
        sample="15400000001",
        hint="单元格须为文本格式",
    )
    floating = Column("是否流动党员", clean=partial(clean_word, words=YES_NO), sample="否", choices=("是", "否"))
    floating_to = Column("外出流向", "流出省份", clean=limited(clean_text, 100))
    out_on = Column("外出日期", "流出时间", clean=clean_member_date)
    remark = Column("备注", clean=limited(clean_text, 200))

    def begin(self, scope: Scope) -> None:
        """The organizations of the scope, and what all parts together decide."""
        super().begin(scope)
        self.directory = Directory(user=scope.user, organization=scope.organization)
        self.books = Books(scope)
        self.named: set[int] = set()
        # A roster of which rows are held back does not say who belongs to the organization.
        self.incomplete: set[int] = set()
        self._first = FirstRows()
        # {(code, name): the place}, where nothing is to be said about it.
        self._plain_places: dict[tuple[str, str], Place] = {}

    def hold_back(self, organizations: Iterable[int]) -> None:
        """The rosters of these organizations are not complete."""
        self.incomplete.update(organizations)

    def prepare(self, rows: list[RosterRow], scope: Scope) -> None:
        """A branch that uploads its own roster need not name itself in each row."""
        if scope.organization.kind == Kind.BRANCH:
            place_in_branch(rows, scope.organization)

    def examine_part(self, rows: list[RosterRow]) -> None:
        """Person by person: what is wrong, and what the row would do to the books."""
        self.prepare(rows, self.scope)
        places = {row: place for row in rows if (place := self._place(row)) is not None}
        masked.reveal_numbers(rows, places)
        for row in rows:
            check_person(row, self.scope.on)
            if row.get("id_number"):
                self._first.take(row, places.get(row))
        here = {place.pk for place in places.values()}
        self.named |= here
        # Rows in error name their people too: whoever they mean is not missing.
        self.books.look_up({row.values["id_number"] for row in rows if row.get("id_number")}, here)
        for row, place in places.items():
            row.organizations = (place.pk,)
            if row.is_good:
                self._compare(row, place)
            if not row.is_good:
                self.incomplete.add(place.pk)

    def finish(self) -> list[Missing]:
        """Who belongs to one of the organizations that the roster names and is in no row."""
        return self.books.missing(self.named)

    def write_plain(self, part: OpenedPart, recall: Recall, writer) -> list[int]:
        """New people, straight from the stored columns; nothing for those whom the roster says nothing new of."""
        places = self._plain_places_of(part, recall)
        done = {
            *newcomers.write(part, places, recall, self.books, self.scope, writer),
            *settled(part, places, self.books),
        }
        self.named.update({places[row].pk for row in done})
        return [row for row in part.good if row not in done]

    def write_part(self, rows: list[RosterRow], writer) -> None:
        """New people, changes, affiliations, standings."""
        writing.write(rows, self.books, self.scope, writer)

    def finish_writing(self, writer) -> None:
        """The confirmation of each complete roster."""
        self.books.look_up_confirmed(self.named)
        writing.confirm(self.named - self.incomplete - self.books.confirmed_today, self.scope, writer)

    def depending(self, batch) -> list[str]:
        """Nobody who left with the batch has come back elsewhere since."""
        return taken_since(batch)

    def export_records(self, scope: Scope, *, unmasked: bool = False):
        """Everybody who belongs to an organization of the scope on its day and whom the user may see."""
        return export.member_records(scope, unmasked=unmasked)

    def _place(self, row: RosterRow) -> Place | None:
        """The organization of a row, or None after saying what is wrong with it."""
        key = row.get("org_code", ""), row.get("org_name", "")
        known = self._plain_places.get(key)
        if known is not None:
            return known
        told = len(row.issues)
        place = resolve(row, self.directory, self.scope.on)
        if place is not None and place.kind != Kind.BRANCH:
            row.report(Code.ORG_NOT_BRANCH, "org_name", value=place.name, kind=Kind(place.kind).label)
        if place is not None and len(row.issues) == told:
            self._plain_places[key] = place
        return place

    def _plain_places_of(self, part: OpenedPart, recall: Recall) -> list[Place | None]:
        """The organization of each row of a stored part; None where something is to be said about it."""
        keys = list(zip(part.texts("org_code"), part.texts("org_name"), strict=True))
        first = dict(zip(reversed(keys), reversed(range(len(keys))), strict=True))
        unknown = [row for key, row in first.items() if key not in self._plain_places]
        for stored in part.rows(unknown, fields=("org_code", "org_name")):
            self._place(recall.row(stored))
        return [self._plain_places.get(key) for key in keys]

    def _compare(self, row: RosterRow, place: Place) -> None:
        person = self.books.person(row.values["id_number"])
        found = row.target = Found(place.pk, person)
        floating = row.get("floating")
        if person is None and self.books.is_slip(row.values["id_number"]):
            row.report(Code.ID_DUP_NAME_DIFF, "id_number", message=MERGED)
            return
        if person is None:
            found.joins = True
            found.floats = True if floating else None
            row.step = Step.NEW
            return
        home = self.books.home.get(person.pk)
        if home != place.pk and (home is not None or person.pk not in self.books.left_here):
            # Somewhere else: consent of both sides is needed, and from outside it is not told where.
            old = self.directory.places.get(home)
            row.step, row.uid = Step.TRANSFER, str(person.uid)
            row.changes = {"org_name": (old.name if old else ELSEWHERE, place.name)}
            return
        if person.pk in self.books.died:
            message = f"「{person.name}」已登记逝世，请核对是否为同一人；登记有误的，请先撤销那次办理，再重新核对。"
            row.report(Code.KIND_INCONSISTENT, "id_number", message=message)
            return
        compare_person(row, found, self.books)
        if not row.is_good:
            return
        if home is None:
            found.joins = True
            row.changes["org_name"] = ("", place.name)
        compare_standing(row, found, self.books, self.scope)
        row.step = CHANGED if row.changes else UNCHANGED
        if not row.changes and person.pk not in self.books.away:
            row.held = person.pk, person.version
