"""One file each: ``SIGNAL = Signal(...)``. Adding a signal is adding a file, its weight and its test."""
