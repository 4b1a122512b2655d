"""The parts of the ZIP format: records, directory, names, ciphers and codecs. ``formats.zip`` puts them together."""
