"""Random keys of dev and demo, made at the first start and kept in a file that is never in the repository."""

import os
import secrets
import tempfile
from pathlib import Path


def made_once(path: Path) -> str:
    """Return the text of the key file at `path`, first making it (readable by its owner only) when missing.

    Two processes starting at once get the same key: the file appears complete or not at all, and the first one wins.
    """
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "w") as draft:
            draft.write(secrets.token_urlsafe(64))
        try:
            os.link(name, path)
        except FileExistsError:
            pass
        finally:
            os.unlink(name)
    return path.read_text()
