"""The centre: frozen value types that the rooms hand to each other. Standard library only.

Import each value from the module that names it (``from seriema.model.message import Message``).
"""
