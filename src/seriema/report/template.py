"""The pages' templates. Jinja2 escapes every value once, after ``defang`` made it harmless to click or read."""

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template


@cache
def template(name: str) -> Template:
    """A template of this package; a value that it is not given is an error."""
    environment = Environment(
        loader=PackageLoader("seriema", "report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(name)
