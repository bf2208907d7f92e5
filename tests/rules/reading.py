"""Reads the hand-made cases of cases.csv into facts; an empty cell of people or posts means that nobody read them.

The file begins with a byte order mark so that a spreadsheet shows its Chinese; save it as 「CSV UTF-8」.
"""

import csv
import re
from datetime import date
from pathlib import Path

from elections.rules.dated import month_end
from elections.rules.facts import (
    AppointmentFacts,
    ElectionFacts,
    ExtensionFacts,
    HeadBasis,
    HeadFacts,
    MemberDays,
    OrganizationFacts,
    PostFacts,
    Standing,
    TermFacts,
    UnitFacts,
)
from elections.rules.parameters import Law
from elections.rules.terms import expiry, term_years
from orgs.enums import ApprovalLevel, Body, ElectionKind, Form, Kind, Precision, Seat, Title, UnitType

CASES = list(csv.DictReader((Path(__file__).parent / "cases.csv").open(encoding="utf-8-sig")))

BASES = {
    "名册": HeadBasis.MEMBERS,
    "上报": HeadBasis.DECLARED,
    "合计": HeadBasis.MIXED,
    "不明": HeadBasis.UNKNOWN,
}
STANDINGS = {"正式": Standing.FULL, "预备": Standing.PROBATIONARY, "停止": Standing.STOPPED, "不明": Standing.UNKNOWN}


def day(text: str) -> date | None:
    """「2024-06-15」, in a spreadsheet's spelling 「2024/6/15」, or 「2024年6月」, which counts as its last day."""
    if not text:
        return None
    year, month, *rest = (int(digits) for digits in re.findall(r"\d+", text))
    return date(year, month, *rest) if rest else month_end(date(year, month, 1))


def number(text: str) -> int | None:
    return int(text) if text else None


def facts_of(case: dict[str, str], law: Law | None = None) -> OrganizationFacts:
    """The facts of a case; an expiry left empty is computed by the law, which is then what the case tests."""
    unit_type = UnitType.from_label(case["单位类别"]) if case["单位类别"] else None
    return OrganizationFacts(
        kind=Kind.from_label(case["组织类别"]),
        form=Form.from_label(case["组织形式"]),
        unit_type=unit_type,
        founded_on=day(case["成立日期"]),
        converted_on=day(case["改建日期"]),
        closed_on=day(case["撤销日期"]),
        appointments=(AppointmentFacts(day(case["指派日期"]), case["指派文号"]),) if case["指派日期"] else (),
        terms=terms(case, unit_type, law),
        elections=elections(case),
        books_since=day(case["建账日"]),
        heads=heads(case),
        below_three_since=day(case["不足三名起"]),
        roster_on=day(case["名册确认日期"]),
        units=units(case),
        delegates=number(case["代表人数"]),
        merged_on=(day(case["并入日期"]),) if case["并入日期"] else (),
        has_discipline={"有": True, "无": False, "": None}[case["机关纪委"]],
        posts=posts(case["班子"]),
        namesakes=int(case["同名组织数"] or 0),
        member_days=member_days(case["党员日期"]),
        also_elsewhere=int(case["另有组织关系人数"] or 0),
    )


def terms(case: dict[str, str], unit_type: UnitType | None, law: Law | None) -> tuple[TermFacts, ...]:
    found = []
    if case["上届选举日期"]:
        found.append(TermFacts(elected_on=day(case["上届选举日期"]), expires_on=day(case["上届届满日期"])))
    if case["选举日期"]:
        found.append(sitting(case, unit_type, law))
    return tuple(found)


def sitting(case: dict[str, str], unit_type: UnitType | None, law: Law | None) -> TermFacts:
    elected_on, kind = day(case["选举日期"]), Kind.from_label(case["组织类别"])
    large = True if case["大中型企业"] == "是" else None
    stated, document_no = number(case["任期年限"]), case["任期批复文号"]
    expires_on = day(case["届满日期"])
    if expires_on is None:
        length = term_years(
            kind=kind,
            unit_type=unit_type,
            elected_on=elected_on,
            large=large,
            stated=stated,
            document_no=document_no,
            law=law,
        )
        expires_on = expiry(elected_on=elected_on, years=length.years)
    precision = Precision.MONTH if case["选举日期"].endswith("月") else Precision.DAY
    return TermFacts(
        elected_on=elected_on,
        expires_on=expires_on,
        ordinal=number(case["届次"]),
        elected_precision=precision,
        expires_precision=precision,
        extensions=extensions(case),
        years=stated,
        kind=kind,
        unit_type=unit_type,
        large=large,
        stated_expires_on=day(case["名册所列届满日期"]),
        document_no=document_no,
        early_approved_on=day(case["提前批复日期"]),
        early_document_no=case["提前批复文号"],
    )


def extensions(case: dict[str, str]) -> tuple[ExtensionFacts, ...]:
    found = []
    if case["延期至"]:
        found.append(
            ExtensionFacts(
                ends_on=day(case["延期至"]),
                approved_on=day(case["延期批复日期"]),
                level=ApprovalLevel.from_label(case["延期批准层级"]),
                document_no=case["延期文号"],
            )
        )
    if case["再次延期至"]:
        found.append(
            ExtensionFacts(
                ends_on=day(case["再次延期至"]),
                approved_on=day(case["再次延期批复日期"]),
                document_no=case["再次延期文号"],
            )
        )
    return tuple(found)


def elections(case: dict[str, str]) -> tuple[ElectionFacts, ...]:
    if not case["换届启动日期"]:
        return ()
    return (
        ElectionFacts(
            kind=ElectionKind.from_label(case["选举类型"]),
            opened_on=day(case["换届启动日期"]),
            election_day=day(case["选举日"]),
            closed_on=day(case["办结日期"]),
        ),
    )


def heads(case: dict[str, str]) -> HeadFacts | None:
    if not case["人数来源"]:
        return None
    return HeadFacts(
        full=int(case["正式党员"]),
        total=int(case["党员总数"]),
        basis=BASES[case["人数来源"]],
        declared=number(case["上报人数"]),
        difference=number(case["与名册相差"]),
    )


def units(case: dict[str, str]) -> tuple[UnitFacts, ...]:
    """So many invented units; the first has the number of full members that the case names."""
    return tuple(
        UnitFacts(f"虚构单位{n}", number(case["单位正式党员最多"]) if n == 1 else None)
        for n in range(1, int(case["联合单位数"] or 0) + 1)
    )


def member_days(text: str) -> tuple[MemberDays, ...]:
    """「生1990-05-01 入2008-05-01；生1889-01-01」: the people whose days are looked at."""
    found = []
    for words in text.split("；") if text else ():
        birth, *joined = (day(word[1:]) for word in words.split(" "))
        found.append(MemberDays(birth, *joined))
    return tuple(found)


def posts(text: str) -> tuple[PostFacts, ...] | None:
    """「书记 甲 免2022-06-01；委员 乙 预备」; 「无」: nobody is recorded; empty: nobody asked.

    After title and name may follow in any order: how the post was come by, 预备, 停止 or 不明, 外组织, 纪委, 任, 免,
    转正, 入党 and 转出 with a day. Unless it says otherwise, somebody was elected and is a full member here.
    """
    if not text:
        return None
    return tuple(post(words) for words in text.split("；")) if text != "无" else ()


def post(text: str) -> PostFacts:
    title, holder, *rest = text.split(" ")
    found = {"standing": Standing.FULL, "here": True}
    for word in rest:
        if word in STANDINGS:
            found["standing"] = STANDINGS[word]
            found["here"] = None if word == "不明" else word == "正式"
        elif word == "外组织":
            found["here"] = False
        elif word == "纪委":
            found["body"] = Body.DISCIPLINE
        elif word.startswith("转正"):
            found["formal_on"] = day(word.removeprefix("转正"))
        elif word.startswith("入党"):
            found["joined_on"] = day(word.removeprefix("入党"))
        elif word.startswith("转出"):
            found |= {"left_on": day(word.removeprefix("转出")), "here": False}
        elif word[0] in "任免":
            found["since" if word[0] == "任" else "until"] = day(word[1:])
        else:
            found["seat"] = Seat.from_label(word)
    return PostFacts(title=Title.from_label(title), holder=holder, **found)
