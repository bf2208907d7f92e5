"""Rows of our own masked export: an ID number with stars names a person only beside their name and organization."""

import re

from members import idcard
from members.models import Affiliation
from orgs import crypto
from orgs.importing.cleaned import BLANK, Cleaned, text_of
from orgs.importing.codes import Code
from orgs.importing.rows import RosterRow
from orgs.importing.values import clean_phone

NUMBER = re.compile(r"\d{6}\*{8}\d{3}[\dXx]")
STAR = "*"


def clean_number(cell) -> Cleaned:
    """As `idcard.clean_id_number`; a masked number passes, to be found among the people of its organization."""
    if isinstance(cell, str) and STAR in cell and NUMBER.fullmatch(text_of(cell)):
        return Cleaned(text_of(cell).upper())
    return idcard.clean_id_number(cell)


def clean_phone_or_mask(cell) -> Cleaned:
    """As `clean_phone`; a masked number says nothing new."""
    return BLANK if isinstance(cell, str) and STAR in cell else clean_phone(cell)


def reveal_numbers(rows: list[RosterRow], places: dict) -> None:
    """Put the full number into rows that have a masked one; an error where it does not lead to exactly one person."""
    hidden = [row for row in rows if STAR in row.get("id_number", "")]
    if not hidden:
        return
    known: dict[tuple[int, str, str], set[str]] = {}
    people = Affiliation.objects.regular().filter(
        organization__in={place.pk for place in places.values()},
        until__isnull=True,
        member__name__in={row.get("name") for row in hidden},
    )
    for organization, name, uid, sealed in people.values_list(
        "organization_id", "member__name", "member__uid", "member__id_number_sealed"
    ):
        number = crypto.reveal(sealed, table="members_member", column="id_number", uid=uid)
        known.setdefault((organization, name, idcard.mask(number)), set()).add(number)
    for row in hidden:
        place, shown = places.get(row), row.values.pop("id_number")
        found = known.get((place.pk, row.get("name"), shown), set()) if place else set()
        if len(found) == 1:
            row.values["id_number"] = found.pop()
        elif place is not None:
            message = "身份证号是打码的，在该党组织的在册党员中找不到姓名和号码都相符的唯一一人，请填写18位身份证号。"
            row.report(Code.ID_LENGTH, "id_number", message=message)
