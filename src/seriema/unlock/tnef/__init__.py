"""The parts of TNEF: attributes, MAPI properties, compressed RTF. ``formats.tnef`` puts them together."""
