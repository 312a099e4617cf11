"""Lay out what a learner's process may import: the client, and nothing of the judge's side."""

import shutil
import sysconfig
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CHILD = ("zygote.py", "isolation.py", "seccomp.py", "cells.py")


def lay_out(view: Path) -> None:
    """Copy the client package, its catalogues and the sandbox's own child code into an empty folder."""
    (view / "grading").mkdir(parents=True)
    shutil.copy(ROOT / "hocvu.py", view)
    shutil.copy(ROOT / "grading" / "__init__.py", view / "grading")
    shutil.copytree(
        ROOT / "grading" / "answers", view / "grading" / "answers", ignore=shutil.ignore_patterns("__pycache__")
    )
    for catalogue in sorted((ROOT / "grading" / "locale").glob("*/LC_MESSAGES/answers.po")):
        target = view / catalogue.relative_to(ROOT)
        target.parent.mkdir(parents=True)
        shutil.copy(catalogue, target)
    child = view / "hocvu_child"
    child.mkdir()
    for name in CHILD:
        shutil.copy(Path(__file__).parent / "child" / name, child)


def package_folders() -> list[Path]:
    """Return the site-packages folders of this interpreter."""
    return sorted({Path(sysconfig.get_path(name)) for name in ("purelib", "platlib")})
