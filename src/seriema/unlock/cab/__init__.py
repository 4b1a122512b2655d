"""The parts of the Cabinet format: directory and folders. ``formats.cab`` puts them together."""
