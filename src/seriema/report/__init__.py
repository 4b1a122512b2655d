"""Case → one versioned document → text for people, JSON for programs, a page to look at. Pure.

Hostile text stays raw in the values and is escaped and defanged here, once, on the way out.
"""

from seriema.report.document import SCHEMA, document
from seriema.report.page import page
from seriema.report.text import detail, line, matters, table, tree

__all__ = ["SCHEMA", "detail", "document", "line", "matters", "page", "table", "tree"]
