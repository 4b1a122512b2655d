"""What the 7z format is made of: the header, the codecs, key derivation and cipher, and blocks of members."""
