"""Links to the scanned papers of records, as lists and pages show them: 「2 份」, 「上传」."""

from collections import Counter

from django.urls import reverse

from elections.models import Appointment, Correction, Extension, Scan, Term
from elections.models.scans import RECORDS
from elections.services.scans import Paper, subject_of_paper
from orgs.enums import Action
from orgs.models import Operation, Organization

# What an operation records of its own that papers are kept for.
RECORDED = (Term, Extension, Appointment, Correction)


class Papers:
    """The links of all records of one organization for one user; one query."""

    def __init__(self, organization: Organization, *, user):
        self.sees = user.may(Action.READ_PEOPLE, organization)
        self.may_edit = user.may(Action.EDIT, organization)
        rows = Scan.objects.visible_to(user).filter(organization=organization)
        columns = [f"{name}_id" for name in RECORDS]
        self.counts = Counter(
            (name, key)
            for row in rows.order_by().values_list(*columns)
            for name, key in zip(RECORDS, row, strict=True)
            if key is not None
        )

    def of(self, record: Paper) -> dict | None:
        """`{"url", "words"}` of one record; None where there is nothing to see or to do."""
        number = self.counts[name_of(record), record.pk]
        if not self.sees or not (number or self.may_edit):
            return None
        return {"url": scans_url(record), "words": f"{number} 份" if number else "上传"}


def name_of(record: Paper) -> str:
    """The name of a record's sort in the address of its scans."""
    return next(name for name, model in RECORDS.items() if isinstance(record, model))


def scans_url(record: Paper) -> str:
    """Where the scans of a record are listed and uploaded."""
    return reverse("scans", args=[name_of(record), record.uid])


def recorded_by(operation: Operation) -> list[Paper]:
    """What the operation recorded that papers are kept for and that is still on the books."""
    found = []
    for model in RECORDED:
        effects = operation.effects.filter(table=model._meta.label_lower, before__isnull=True)
        found += model.objects.filter(uid__in=list(effects.values_list("target_uid", flat=True))).order_by("pk")
    return found


def papers_of_operation(operation: Operation, *, user) -> list[dict]:
    """`{"subject", "url", "words"}` of an operation itself, and of what it recorded."""
    papers = Papers(operation.organization, user=user)
    lines = []
    for record in (*recorded_by(operation), operation):
        link = papers.of(record)
        if link is not None:
            lines.append({"subject": "这次办理" if record is operation else subject_of_paper(record), **link})
    return lines


def upload_url(operation: Operation) -> str:
    """Where the paper of what was just done is uploaded: at what it recorded, else, with a document, at itself."""
    recorded = recorded_by(operation)
    if recorded:
        return scans_url(recorded[0])
    return scans_url(operation) if operation.document_no else ""
