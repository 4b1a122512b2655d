"""Reads the exercise's own data files: names, wordings, topics, mail programs."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def table(path: str) -> dict[str, Any]:
    """A TOML file that lies beside this module, read once. Nobody changes what it returns."""
    return tomllib.loads(files("seriema.exercise").joinpath(path).read_text("utf-8"))
