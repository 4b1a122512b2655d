"""FACE: the gateway. Mail comes in by a protocol, goes through ``flow``, and the answer goes out."""
