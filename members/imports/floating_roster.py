"""流动党员台账: who is away from their branch (流出) and who lives with it from elsewhere (流入)."""

from functools import partial

from members.clashes import taken_since
from members.imports import floating_export, floating_rows, floating_writing, masked
from members.imports.floating_books import FloatingBooks
from members.imports.floating_people import DIRECTION, Direction, Meant
from members.imports.roster import clean_ethnicity, clean_member_date
from orgs.enums import Kind, RosterKind
from orgs.importing.cleaned import BLANK, BLANK_WORDS, Cleaned, text_of
from orgs.importing.dates import clean_date
from orgs.importing.directory import Directory, resolve
from orgs.importing.recognition import place_in_branch
from orgs.importing.roster import Column, Roster, limited
from orgs.importing.rows import Missing, RosterRow, Scope
from orgs.importing.values import clean_name, clean_text, clean_words
from orgs.importing.words import EDUCATION, MEMBER_KIND, SEX, YES_NO, clean_word


def clean_number(cell) -> Cleaned:
    """As the member roster's; blank is no error, since the national forms have no such column."""
    return BLANK if cell is None or text_of(cell) in BLANK_WORDS else masked.clean_number(cell)


# A period begins and ends on a day; that a cell knew only the month or year is told by `floating_rows.check`.
clean_period_date = partial(clean_date, month=None, year=None)


class FloatingRoster(Roster):
    """流动党员台账: one row per person and direction; those out are members here, those in are counted elsewhere."""

    roster_kind = RosterKind.FLOATING
    needed = (
        frozenset({"name"}),
        frozenset({"direction", "out_on", "destination", "province", "reason", "place_of_affiliation", "certificate"}),
    )

    direction = Column(
        "方向",
        "流动方向 流动类型 流动类别 流出/流入 流入/流出 流出流入 流入流出",
        clean=partial(clean_word, words=DIRECTION),
        sample="流出",
        choices=DIRECTION.choices,
        hint="组织关系在本支部、人在外地的填“流出”；人在本地、组织关系在别处的填“流入”",
    )
    org_code = Column(
        "党组织编码",
        "党组织代码 党组织唯一标识 所在党支部编码 所在党组织编码",
        clean=limited(clean_words, 40),
        sample="YL0101",
        hint="与所在党支部至少填一项",
    )
    org_name = Column(
        "所在党支部",
        "所在党组织 所属党支部 所属党组织 党支部 党组织 党支部名称 党组织名称 支部名称 所在支部 所属支部 "
        "党组织全称 组织名称 支部委员会名称 单位(党组织) "
        "流出党支部 流出地党支部 流入党支部 流入地党支部 接收党支部 编入党支部",
        clean=limited(clean_words, 120),
        is_required=True,
        sample="虚构社区第一党支部",
        hint="流出的填组织关系所在的党支部，流入的填接收他的党支部",
    )
    parent_name = Column(
        "所在党委",
        "所属党委 所在党（工）委 所在基层党委 上级党组织 上级党组织名称",
        clean=limited(clean_text, 120),
        hint="只供核对",
    )
    name = Column("姓名", "真实姓名 党员姓名", clean=clean_name, is_required=True, sample="张三", hint="与身份证一致")
    sex = Column("性别", "姓别", clean=partial(clean_word, words=SEX), sample="女", choices=SEX.choices)
    ethnicity = Column("民族", "名族", clean=limited(clean_ethnicity, 20))
    birth = Column(
        "出生日期",
        "出生年月 出生年月日 生日",
        clean=partial(clean_date, month=None, year=None),
        sample="1990-01-01",
        hint="没有身份证号的，用它分清同名的人",
    )
    id_number = Column(
        "公民身份号码",
        "身份证号 身份证号码 身份证 公民身份证号 公民身份证号码 证件号码 证件号 居民身份证号",
        clean=clean_number,
        is_personal=True,
        sample="119901199001010025",
        hint="18位，单元格须为文本格式；不填的只能凭姓名、出生日期和党支部辨认",
    )
    education = Column(
        "学历", "最高学历 文化程度", clean=partial(clean_word, words=EDUCATION), choices=EDUCATION.choices
    )
    kind = Column(
        "人员类别",
        "党籍状态 党员类型 党员类别 预/正 政治面貌",
        clean=partial(clean_word, words=MEMBER_KIND),
        choices=MEMBER_KIND.choices,
    )
    joined = Column(
        "入党日期",
        "入党时间 加入党组织日期 加入党组织时间 成为预备党员日期 何时入党 "
        "加入中共时间 加入中共日期 加入中国共产党时间 加入中国共产党日期 入党年月",
        clean=clean_member_date,
        sample="2015-07-01",
    )
    formal_on = Column("转正日期", "转正时间 转为正式党员日期 正式转正日期", clean=clean_member_date)
    work_unit = Column(
        "工作单位", "工作/学习单位 现工作单位 工作单位及职务 所在单位 工作岗位", clean=limited(clean_text, 120)
    )
    occupation = Column("原职业", "职业 流出前职业 流入前职业", clean=limited(clean_text, 60))
    out_on = Column(
        "流动日期",
        "流动时间 流出时间 流出日期 外出时间 外出日期 流入时间 流入日期",
        clean=clean_period_date,
        sample="2025-03-01",
        hint="从哪一天起外出，或者从哪一天起在本地",
    )
    destination = Column(
        "外出流向",
        "流出地 流向 外出地点 外出地址 流出流向 现流动地",
        clean=limited(clean_text, 100),
        sample="虚构省虚构市",
        hint="流出的必填",
    )
    province = Column("省份", "流出省份 流入前所在省份 流入前省份 来源省份", clean=limited(clean_text, 60))
    reason = Column("流动原因", "流出原因 流入原因 外出原因", clean=limited(clean_text, 100), sample="务工")
    place_of_affiliation = Column(
        "组织关系所在地",
        "组织关系所在党组织 组织关系所在党支部 组织关系所在单位 流出地党组织 原所在党组织 原党组织",
        clean=limited(clean_text, 120),
        hint="流入的填",
    )
    contact = Column(
        "联系方式",
        "流动期间联系方式 外出联系方式 外出联系电话 现联系方式 联系人及联系方式 联系人及电话",
        clean=limited(masked.clean_phone_or_mask, 60),
        is_personal=True,
        sample="15400000001",
        hint="流动期间怎样联系；单元格须为文本格式",
    )
    phone = Column(
        "联系电话",
        "手机 手机号 手机号码",
        clean=limited(masked.clean_phone_or_mask, 60),
        is_personal=True,
        hint="没有填联系方式的，以它为准",
    )
    certificate = Column(
        "是否持有《流动党员活动证》",
        "是否持有流动党员活动证 《流动党员活动证》 流动党员活动证 活动证 是否持证 是否持有活动证",
        clean=partial(clean_word, words=YES_NO),
        sample="是",
        choices=("是", "否"),
    )
    affiliation_status = Column("组织关系状态", "组织关系情况", clean=limited(clean_text, 60), hint="只供核对")
    ended_on = Column(
        "返回日期",
        "返回时间 流回时间 流回日期 离开日期 离开时间 结束日期 结束时间",
        clean=clean_period_date,
        hint="已经返回或者离开的填，从这一天起不再登记",
    )
    remark = Column("备注", clean=limited(clean_text, 200))

    def prepare(self, rows: list[RosterRow], scope: Scope) -> None:
        """Say of each row whether it is out or in, whose branch it is, and how to reach the person."""
        for row in rows:
            floating_rows.set_direction(row)
            if "contact" not in row.values and "phone" in row.values:
                row.values["contact"] = row.values["phone"]
            if row.get("direction") == Direction.OUT and "place_of_affiliation" in row.values:
                # Of those out the branch itself is where the 组织关系 is.
                place = row.values.pop("place_of_affiliation")
                if not row.get("org_name") and not row.get("org_code"):
                    row.values["org_name"] = place
        if scope.organization.kind == Kind.BRANCH:
            place_in_branch(rows, scope.organization)

    def examine(self, rows: list[RosterRow], scope: Scope) -> list[Missing]:
        """Who is meant, what is wrong, and what the row would do to the books."""
        directory = Directory(user=scope.user, organization=scope.organization)
        meant = []
        for row in rows:
            place = resolve(row, directory, scope.on)
            floating_rows.check(row, place, scope.on)
            if place is not None and row.get("name") and row.get("direction"):
                meant.append(Meant(row, place, row.values["direction"]))
        self.books = FloatingBooks(meant, directory, scope)
        for each in meant:
            floating_rows.find(each, self.books)
        floating_rows.check_together(meant)
        for each in meant:
            if each.row.is_good:
                floating_rows.compare(each, self.books)
        return self.books.missing(meant)

    def write(self, rows: list[RosterRow], scope: Scope, writer) -> None:
        """New registrations, changes and ends; guests who are nowhere on the books become people of their host."""
        floating_writing.write(rows, scope, writer)

    def depending(self, batch) -> list[str]:
        """Nobody whose registration ended with the batch has been registered anew since."""
        return taken_since(batch)

    def export_records(self, scope: Scope, *, unmasked: bool = False):
        """Who is away from, and who lives with, a branch of the scope on its day, as far as the user may see them."""
        return floating_export.floating_records(scope, unmasked=unmasked)
