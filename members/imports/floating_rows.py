"""One row of a ledger of floating members: out or in, who is meant, what is wrong, what it would change."""

from members.duplicates import MERGED
from members.imports.checks import check_number
from members.imports.comparing import shown
from members.imports.floating_books import FloatingBooks
from members.imports.floating_people import Direction, Insider, Meant, Stay
from members.imports.masked import STAR
from members.imports.newcomers import SHOWN, stated_values
from members.membership import is_of_age
from members.models import Guest, Standing
from members.services.guests import ANOTHER_NAME, AT_HOME
from orgs.enums import Kind, Precision, Severity
from orgs.importing.cleaned import BLANK_WORDS, folded
from orgs.importing.codes import Code
from orgs.importing.dates import Dated
from orgs.importing.directory import Place
from orgs.importing.roster import written
from orgs.importing.rows import RosterRow, Step, report_future

OUT_WORDS, IN_WORDS = ("流出", "外出"), ("流入",)
# Canonical field → column, of both directions and of one only.
ABROAD = {"province": "province", "reason": "floating_reason", "occupation": "occupation", "remark": "remark"}
COLUMNS = {
    Direction.OUT: {**ABROAD, "destination": "destination"},
    Direction.IN: {**ABROAD, "place_of_affiliation": "place_of_affiliation"},
}
# Of a person whom nobody keeps but the host.
PERSONAL = tuple(name for name in SHOWN if name not in ("phone", "remark"))


def set_direction(row: RosterRow) -> None:
    """Out or in: by the row's own cell, else by the sheet's title, else by its columns; nothing when they say both.

    A word that cannot be read is not guessed; and a sheet that has a column for it is meant for both, whatever the
    titles of the others say.
    """
    if row.get("direction") or folded(row.shown("direction")) not in BLANK_WORDS:
        return
    header = row.sheet.header
    titles = "" if "direction" in header.columns else "".join(header.titles.values())
    for words in (row.sheet.title, titles):
        said = [
            direction
            for direction, known in ((Direction.OUT, OUT_WORDS), (Direction.IN, IN_WORDS))
            if any(each in words for each in known)
        ]
        if len(said) == 1:
            row.values["direction"] = said[0]
            return


def check(row: RosterRow, place: Place | None, on) -> None:
    """Add what is wrong with the row in itself; sex and birth are taken from the ID number, which decides."""
    if not row.get("direction"):
        message = "看不出是流出还是流入，请加一列「方向」，填「流出」或「流入」，或者在工作表名称中写明。"
        row.report(Code.ENUM_UNKNOWN, "direction", message=message, severity=Severity.ERROR)
    number = row.get("id_number")
    if number and STAR not in number:
        check_number(row, number, on)
    for name in ("birth", "joined", "formal_on", "out_on", "ended_on"):
        stated = row.get(name)
        if stated and stated.day > on:
            report_future(row, name, stated, on)
    for name in ("out_on", "ended_on"):
        _check_precision(row, name)
    birth, joined, formal = row.get("birth"), row.get("joined"), row.get("formal_on")
    if birth and joined and not is_of_age(birth.day, joined.last_day):
        row.report(Code.DATE_UNDERAGE, "joined")
    _check_order(row, "formal_on", formal, "joined", joined)
    out_on, ended_on = row.get("out_on"), row.get("ended_on")
    if out_on and ended_on and ended_on.day == out_on.day:
        words = {"relation": "等于", "other": row.sheet.header.title("out_on"), "other_value": str(out_on)}
        row.report(Code.DATE_ORDER, "ended_on", value=str(ended_on), **words)
    _check_order(row, "ended_on", ended_on, "out_on", out_on)
    if row.get("direction") == Direction.OUT and not any(
        row.get(name) for name in ("destination", "province", "reason")
    ):
        row.report(
            Code.ENUM_UNKNOWN,
            "destination",
            message="流出的没有填写外出流向、流出省份和流出原因，请至少填写外出流向；不是流动党员的请删去这一行。",
            severity=Severity.ERROR,
        )
    if row.get("direction") == Direction.IN and place is not None and place.kind != Kind.BRANCH:
        message = f"「{place.name}」是{Kind(place.kind).label}，流入党员应由党支部登记，请改填接收的党支部。"
        row.report(Code.ORG_NOT_BRANCH, "org_name", value=place.name, message=message, severity=Severity.ERROR)


def _check_precision(row: RosterRow, name: str) -> None:
    """Say which day a period is taken to begin or end on where the cell knows only the month or the year."""
    stated = row.get(name)
    if stated is None or stated.precision == Precision.DAY:
        return
    code, known = Code.DATE_MONTH_ONLY, "年月"
    if stated.precision == Precision.YEAR:
        code, known = Code.DATE_YEAR_ONLY_MEMBER, "年份"
    title = row.sheet.header.title(name)
    row.report(code, name, message=f"「{title}」只有{known}「{stated}」，暂按{stated.day}登记，请补填日期。")


def _check_order(row: RosterRow, name: str, later: Dated | None, other: str, earlier: Dated | None) -> None:
    if later and earlier and later.day < earlier.day:
        words = {"relation": "早于", "other": row.sheet.header.title(other), "other_value": str(earlier)}
        row.report(Code.DATE_ORDER, name, value=str(later), **words)


def find(meant: Meant, books: FloatingBooks) -> None:
    """Who is meant: by ID number where there is one, else by name, birth and branch when that is one person."""
    number = meant.row.get("id_number", "")
    if number and STAR not in number and books.is_slip(number):
        meant.row.report(Code.ID_DUP_NAME_DIFF, "id_number", message=MERGED)
    elif meant.direction == Direction.OUT:
        _find_out(meant, books)
    else:
        _find_in(meant, books)


def _find_out(meant: Meant, books: FloatingBooks) -> None:
    row, place, number, name = meant.row, meant.place, meant.row.get("id_number", ""), meant.row.values["name"]
    if number and STAR not in number:
        found = books.insider(number)
        if found is None:
            _report_unknown(meant)
        elif not books.is_at(found, place):
            where = books.name_of(found.organization)
            message = f"「{name}」的组织关系在「{where}」，不在「{place.name}」，请改填党支部，或者先办理划转。"
            row.report(Code.ID_DUP_CROSS_ORG, "id_number", message=message)
        elif found.name != name:
            row.report(Code.ID_DUP_NAME_DIFF, "id_number", other=found.name)
        else:
            meant.person = found
        return
    candidates = [each for each in books.insiders_named(name, place) if _fits(row, each)]
    if len(candidates) == 1:
        meant.person = candidates[0]
    elif candidates:
        _report_several(meant, len(candidates), "党员")
    else:
        _report_unknown(meant)


def _find_in(meant: Meant, books: FloatingBooks) -> None:
    row, place, number, name = meant.row, meant.place, meant.row.get("id_number", ""), meant.row.values["name"]
    if not number and folded(row.shown("id_number")) not in BLANK_WORDS:
        return  # what is wrong with the number has been said, and it does not say who is meant
    if number and STAR not in number:
        known = books.known(number)
        if known is not None and known.name != name:
            row.report(Code.ID_DUP_NAME_DIFF, "id_number", message=ANOTHER_NAME)
            return
        if known is not None and known.home == place.pk:
            row.report(Code.KIND_INCONSISTENT, "id_number", message=AT_HOME)
            return
        if known is not None:
            meant.known, meant.stay = known.pk, books.stay(known.pk, place)
            return
        candidates = [stay for stay in books.stays_named(name, place) if not stay.number and _fits(row, stay)]
        meant.stay = candidates[0] if len(candidates) == 1 else None
        return
    candidates = [stay for stay in books.stays_named(name, place) if _fits(row, stay)]
    if len(candidates) == 1:
        meant.stay = candidates[0]
    elif candidates:
        _report_several(meant, len(candidates), "流入党员")
    elif number:
        message = "身份证号是打码的，在该党支部的流入党员中找不到姓名和号码都相符的人，请填写18位身份证号。"
        row.report(Code.ID_LENGTH, "id_number", message=message)
    elif any(_fits(row, each) for each in books.insiders_named(name, place)):
        message = f"「{place.name}」的在册党员中有「{name}」，不能登记为流入；确是另一个人的，请填写公民身份号码。"
        row.report(Code.ID_EMPTY, "id_number", message=message)
    else:
        message = "没有公民身份号码，只能凭姓名和出生日期辨认，无法核对是否已在别处登记，请补填。"
        row.report(Code.ID_EMPTY, "id_number", message=message, severity=Severity.WARNING)


def _fits(row: RosterRow, person: Insider | Stay) -> bool:
    """Whether a person's birth and number are not other than what the row says."""
    number, birth = row.get("id_number", ""), row.get("birth")
    if number and STAR in number and person.masked_number() != number:
        return False
    if birth is None or person.birth is None:
        return True
    stored = Dated(person.birth, Precision(person.birth_precision))
    return birth.day <= stored.last_day and stored.day <= birth.last_day


def _report_unknown(meant: Meant) -> None:
    name, place = meant.row.values["name"], meant.place.name
    message = f"「{name}」不在「{place}」的党员花名册中，请核对姓名和党支部，或者先在党员花名册中导入。"
    meant.row.report(Code.COMMITTEE_PERSON_UNKNOWN, "name", value=name, message=message)


def _report_several(meant: Meant, number: int, what: str) -> None:
    name, place = meant.row.values["name"], meant.place.name
    message = f"「{place}」有{number}名{what}叫「{name}」，请填写公民身份号码或者出生日期，以便分清是哪一位。"
    meant.row.report(Code.ID_EMPTY, "id_number", value="", message=message)


def check_together(meant: list[Meant]) -> None:
    """Of rows that mean one person in one direction at one place the first is good; the later ones name it."""
    before: dict[tuple, list[Meant]] = {}
    for each in meant:
        alike = before.setdefault((each.direction, each.place.pk, each.row.values["name"]), [])
        if first := next((earlier for earlier in alike if _is_same(earlier, each)), None):
            row = first.row
            message = (
                f"「{each.row.values['name']}」与工作表「{row.sheet.title}」第{row.number}行重复，请删去其中一行。"
            )
            each.row.report(Code.ID_DUP_IN_FILE, "name", message=message)
        alike.append(each)


def _is_same(one: Meant, other: Meant) -> bool:
    """Whether two rows of one name mean one person; of two strangers when neither number nor birth tells them apart."""
    if one.direction == Direction.OUT:
        return one.person is not None and one.person == other.person
    if one.stay is not None or other.stay is not None:
        return one.stay is other.stay
    numbers = [each.row.get("id_number", "") for each in (one, other)]
    if all(numbers):
        return numbers[0] == numbers[1]
    births = [each.row.get("birth") for each in (one, other)]
    return not all(births) or births[0] == births[1]


def compare(meant: Meant, books: FloatingBooks) -> None:
    """What the row would write, and whether that is new, changed or nothing; a blank cell changes nothing."""
    row = meant.row
    row.target, row.organizations = meant, (meant.place.pk,)
    if meant.direction == Direction.OUT:
        meant.standing = books.standing(meant.person.member)
        record, period = meant.standing, meant.standing
        last_end = books.last_end_out(meant.person.member)
    else:
        record = meant.stay.guest if meant.stay else None
        period = meant.stay.affiliation if meant.stay else None
        last_end = books.last_end_in(meant.stay.member.pk if meant.stay else meant.known, meant.place)
    stated, ended = row.get("out_on"), row.get("ended_on")
    if record is None and ended:
        # Nothing is registered now, and the row says that nothing is to be.
        if last_end == ended.day:
            row.step = Step.UNCHANGED
        else:
            row.skipped = "已经返回或者离开，在册没有正在进行的登记"
        return
    begins = stated.day if stated else (period.since if period else None)
    if last_end is not None and (begins is None or begins < last_end):
        words = {"relation": "早于", "other": "上一次登记的结束日期", "other_value": last_end.isoformat()}
        row.report(Code.DATE_ORDER, "out_on", value=str(stated or ""), **words)
        return
    if ended and begins and ended.day <= begins:
        words = {"relation": "早于", "other": "在册的开始日期", "other_value": begins.isoformat()}
        row.report(Code.DATE_ORDER, "ended_on", value=str(ended), **words)
        return
    _compare_record(meant, record)
    _compare_dates(meant, period)
    if meant.direction == Direction.IN:
        _compare_person(meant)
    row.step = Step.NEW if record is None else Step.CHANGED if row.changes else Step.UNCHANGED
    if row.step == Step.NEW:
        row.changes = {}


def _compare_record(meant: Meant, record: Standing | Guest | None) -> None:
    row = meant.row
    for name, column in COLUMNS[meant.direction].items():
        value, old = row.get(name), getattr(record, column, "")
        if value is not None and value != old:
            meant.values[column] = value
            row.changes[name] = (old, value)
    holds, held = row.get("certificate"), record.has_certificate if record else None
    if holds is not None and holds != held:
        meant.values["has_certificate"] = holds
        row.changes["certificate"] = (written(held), written(holds))
    contact, old = row.get("contact"), record.reveal_contact() if record else ""
    if contact is not None and contact != old:
        meant.contact = contact
        row.changes["contact"] = (old, contact)


def _compare_dates(meant: Meant, period) -> None:
    row = meant.row
    stated, ended = row.get("out_on"), row.get("ended_on")
    since = period.since if period else None
    if stated and stated.day != since:
        meant.dates["since"] = stated.day
        row.changes["out_on"] = (since.isoformat() if since else "", str(stated))
    if ended:
        meant.dates["until"] = ended.day
        row.changes["ended_on"] = ("", str(ended))


def _compare_person(meant: Meant) -> None:
    """What the row says of a person whom nobody keeps but the host; of others nothing is looked at or written."""
    row = meant.row
    if meant.known is not None and meant.stay is None:
        return
    stated = {column: value for column, value in stated_values(row.values).items() if column in PERSON_COLUMNS}
    if meant.stay is None:
        meant.personal = stated
        return
    if not meant.stay.is_kept:
        return
    member = meant.stay.member
    meant.personal = {column: value for column, value in stated.items() if getattr(member, column) != value}
    for name in PERSONAL:
        if any(column in meant.personal for column in SHOWN[name]):
            old = shown(name, [getattr(member, column) for column in SHOWN[name]])
            row.changes[name] = (old, written(row.values[name]))
    number = row.get("id_number", "")
    if number and STAR not in number and not meant.stay.number:
        meant.personal["id_number"] = number
        row.changes["id_number"] = ("", number)


PERSON_COLUMNS = frozenset(column for name in PERSONAL for column in SHOWN[name])
