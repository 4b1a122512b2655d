"""What shells and script hosts would make of a text: its layers of coding undone, its commands told. Nothing is run."""

from seriema.examine.shells.commands import Told, told

__all__ = ["Told", "told"]
