"""How a mail was made and sent, apart from what it says: the habits of a person's client, server and place.

Each trait is a short text; equal traits mean the same way, "" means that the mail does not show it. A stolen mailbox
used from elsewhere differs in some of them (Gascon et al. 2018, "Reading Between the Lines", section 3).
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Traits:
    """One mail's traits, all of them its own claims but a ``network`` that our server named."""

    client: str = ""  #: mail program without its version: "Microsoft Outlook", "Apple Mail", "iPhone Mail" …
    fields: str = ""  #: 64-bit hash (hex) of the order of the author's header field names, trace fields left out
    id_shape: str = ""  #: shape of the Message-ID: runs of digits, hex and letters, and whose domain it bears
    boundary_shape: str = ""  #: the same of the outermost multipart boundary
    zone: str = ""  #: offset of Date from UTC: "+0100"
    network: str = ""  #: /24 (IPv4) or /48 (IPv6) from which it came to our servers, or was first handed in
    helo: str = ""  #: registrable domain of the name that host gave itself
    signature: str = ""  #: 64-bit hash (hex) of the signature's words
