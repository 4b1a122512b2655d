"""The parts of disc images: ISO 9660 with Joliet and Rock Ridge, UDF, FAT, and how their views are compared."""
