"""OCR: what stands written in pictures beside locked files.

The pictures are hostile and what reads them is a large program in C++, so it only runs as a process of its own, for
one picture, confined before it sees a byte (``lock``) and killed at its deadline (``process``).
"""

from seriema.edge.ocr.tesseract import Ocr, Tool

__all__ = ["Ocr", "Tool"]
