"""Case → one versioned document → text for people, JSON for programs, a page to look at. Pure.

Hostile text stays raw in the values and is escaped and defanged here, once, on the way out.
"""

from seriema.report.document import SCHEMA, document
from seriema.report.page import page
from seriema.report.simulation import Outcome, Replayed, Simulation
from seriema.report.simulation_page import simulation_page
from seriema.report.simulation_text import data as simulation_data
from seriema.report.simulation_text import row as simulation_row
from seriema.report.simulation_text import text as simulation_text
from seriema.report.text import detail, line, matters, table, tree

__all__ = [
    "SCHEMA",
    "Outcome",
    "Replayed",
    "Simulation",
    "detail",
    "document",
    "line",
    "matters",
    "page",
    "simulation_data",
    "simulation_page",
    "simulation_row",
    "simulation_text",
    "table",
    "tree",
]
