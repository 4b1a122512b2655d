"""Encryption of PDF (ISO 32000-2, 7.6): the encryption dictionary, and passwords against it."""
