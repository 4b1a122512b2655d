"""Visual Basic for Applications: the source out of a project, and what it says without being run."""
