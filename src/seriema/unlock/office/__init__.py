"""Encryption of Office documents ([MS-OFFCRYPTO]): who may open, and what the document is then."""
