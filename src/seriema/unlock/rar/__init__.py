"""RAR 1.5 to 7: headers, keys and checks are read here, only the decompression is a library's."""
