"""One import in a process of its own, so that its memory is its own: `python -m … JOB FILE FIRST`, prints JSON.

The database is the one of DATABASE_URL. Jobs: `ours` (check and confirm), `stock`. FIRST is a small roster of other
people that comes in before: what is measured is a worker that has been running, not the loading of its modules and of
the dictionary by which names are sorted.
"""

import json
import os
import re
import resource
import sys
import time
from pathlib import Path

import django

MB = 1024


def main(job: str, file: str, first: str) -> None:
    """Do the job and print {"check" and "write", or "all": seconds, "written": rows, "peak": MB}."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    bring_in = {"ours": ours, "stock": stock}[job]
    bring_in(Path(first))
    figures = bring_in(Path(file))
    figures["peak"] = peak()
    print(json.dumps(figures))


def peak() -> int:
    """The most memory that this process had, in MB.

    Linux counts the memory of the process that started this one into its `ru_maxrss`, but not into VmHWM.
    """
    status = Path("/proc/self/status")
    if status.is_file():
        return int(re.search(r"^VmHWM:\s*(\d+) kB$", status.read_text(), re.MULTILINE)[1]) // MB
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // MB


def ours(file: Path) -> dict:
    """Through our pipeline, as the command does it."""
    from django.utils import timezone

    from elections import imports
    from orgs.models import Organization, User

    begin = time.perf_counter()
    batch = imports.upload(
        data=file.read_bytes(),
        file_name="roster.csv",
        kind="members",
        organization=Organization.objects.get(code="D0"),
        on=timezone.localdate(),
        by=User.objects.get(username="benchmark"),
    )
    checked = time.perf_counter()
    imports.confirm(batch=batch, partial=False, by=batch.uploaded_by)
    written = time.perf_counter()
    return {"check": checked - begin, "write": written - checked, "written": batch.effects.count()}


def stock(file: Path) -> dict:
    """Through django-import-export as it comes."""
    from elections.benchmarks.imports.stock import import_roster

    begin = time.perf_counter()
    import_roster(file.read_bytes())
    return {"all": time.perf_counter() - begin}


if __name__ == "__main__":
    main(*sys.argv[1:])
