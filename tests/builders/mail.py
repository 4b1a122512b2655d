"""Small mails as bytes, said in a line."""

from base64 import encodebytes

HEAD = "From: Ann <ann@a.example>\nTo: Bob <bob@b.example>\nSubject: Contract\nDate: Mon, 6 Jul 2020 10:00:00 +0200\n"


def mail(body: str | bytes = "Hello Bob,\n\nthank you.\n", head: str = "", *, top: str = HEAD) -> bytes:
    """A mail with CRLF line ends in its header; ``head`` adds fields."""
    header = (top + head).replace("\n", "\r\n").encode("utf-8")
    return header + b"\r\n" + (body if isinstance(body, bytes) else body.replace("\n", "\r\n").encode("utf-8"))


def part(body: str | bytes, head: str = "Content-Type: text/plain\n") -> bytes:
    """One body part, header and body."""
    content = body if isinstance(body, bytes) else body.replace("\n", "\r\n").encode("utf-8")
    return head.replace("\n", "\r\n").encode("utf-8") + b"\r\n" + content


def multipart(*parts: bytes, kind: str = "mixed", boundary: str = "=-b", close: bool = True) -> tuple[bytes, str]:
    """Body and Content-Type field of a multipart."""
    body = b"".join(b"--" + boundary.encode() + b"\r\n" + one + b"\r\n" for one in parts)
    end = b"--" + boundary.encode() + b"--\r\n" if close else b""
    return body + end, f'Content-Type: multipart/{kind}; boundary="{boundary}"\n'


def multipart_mail(*parts: bytes, kind: str = "mixed", boundary: str = "=-b", close: bool = True) -> bytes:
    """A mail that is one multipart."""
    body, head = multipart(*parts, kind=kind, boundary=boundary, close=close)
    return mail(body, head)


def attached(name: str, content: bytes, kind: str = "application/octet-stream") -> bytes:
    """An attachment in base64."""
    head = (
        f'Content-Type: {kind}\nContent-Disposition: attachment; filename="{name}"\nContent-Transfer-Encoding: base64\n'
    )
    return part(encodebytes(content).replace(b"\n", b"\r\n"), head)
