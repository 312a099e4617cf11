"""environment.yml, pyproject.toml and requirements.lock tell the same story."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
LOCK = (ROOT / "requirements.lock").read_text("utf-8")
PINS = {canonicalize_name(name): version for name, version in re.findall(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)", LOCK, re.M)}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def test_every_dependency_is_locked_within_its_range() -> None:
    """Each requirement of pyproject, development ones too, has a pin that satisfies it."""
    wanted = [*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["dev"]]
    for requirement in map(Requirement, wanted):
        pin = PINS.get(canonicalize_name(requirement.name))
        assert pin is not None, f"{requirement.name}: not in requirements.lock. Run make lock."
        assert requirement.specifier.contains(pin), f"{requirement}: the lock has {pin}. Run make lock."


def test_every_pin_has_a_hash_and_no_host_is_named() -> None:
    """A pin without a hash, or a registry's address, does not get in."""
    blocks = re.split(r"^(?=[A-Za-z0-9._-]+==)", LOCK, flags=re.M)[1:]
    assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []
    assert "://" not in LOCK


def test_conda_installs_exactly_the_lock() -> None:
    """environment.yml names Python in pyproject's range, pip, and the hashed lock: nothing else."""
    environment = yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))
    python, pip, pip_block = environment["dependencies"]
    assert python == "python" + PROJECT["project"]["requires-python"]
    assert pip == "pip"
    assert pip_block == {"pip": ["--require-hashes", "-r requirements.lock"]}
