"""One file each: ``INSPECTOR = Inspector(...)``. Adding an inspector is adding a file and its test."""
