"""Encrypted PDFs in memory, by qpdf's ciphers: ours are not their own judge."""

from io import BytesIO

import pikepdf

USER, OWNER, LINK = "Winter-26", "the owner's", b"http://a.test/x"


def pdf(revision: int, user: str = USER, *, aes: bool = False, packed: bool = True, text: bytes = b"") -> bytes:
    """A page and a link, encrypted as this revision does."""
    with pikepdf.new() as document:
        document.add_blank_page()
        document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.URI, URI=pikepdf.String(LINK.decode()))
        document.Root.Text = document.make_indirect(pikepdf.Array([pikepdf.String(text)]))
        out = BytesIO()
        document.save(
            out,
            static_id=True,
            encryption=pikepdf.Encryption(user=user, owner=OWNER, R=revision, aes=aes, metadata=aes),
            object_stream_mode=pikepdf.ObjectStreamMode.generate if packed else pikepdf.ObjectStreamMode.disable,
        )
        return out.getvalue()
