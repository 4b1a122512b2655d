"""The Sendmail 8 mail filter ("milter") protocol, the filter's side, versions 2 to 6.

A core without I/O in the style of h11: ``events`` are what a mail server says, ``answers`` what it is told (both
frozen and valid as built), ``state`` says as a table what may follow what, ``wire`` alone knows bytes, and
``connection`` joins them. ``message`` rebuilds the mail from its pieces, ``server`` puts sockets and clocks around it.

There is no RFC. Sources: libmilter's ``include/libmilter/mfdef.h`` and ``mfapi.h`` and the pages of ``smfi_*`` calls
that come with Sendmail 8; what Postfix does differently stands in its MILTER_README.

**What of a mail is not seen by a milter.** Header fields come one by one, without the line ends and, unless leading
space was negotiated (version 6), without the white space behind the colon; white space *before* the colon never
comes. A field cannot hold NUL. The server's own Received field is not shown. Everything else of a mail is rebuilt byte
by byte, lines ending in CRLF.
"""

from seriema.service.milter.connection import Connection
from seriema.service.milter.limits import ServerLimits
from seriema.service.milter.message import Envelope, MailReader, Received
from seriema.service.milter.server import MilterServer

__all__ = ["Connection", "Envelope", "MailReader", "MilterServer", "Received", "ServerLimits"]
