"""Objects that macros use, without side effects: one file per family. What would reach the outside becomes an event."""
