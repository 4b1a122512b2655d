"""XMLHTTP, ServerXMLHTTP, WinHttpRequest, WebClient and Internet Explorer: they fetch. MSXML and WinHTTP references."""

from seriema.examine.vba.conversion import text
from seriema.examine.vba.machine import Machine
from seriema.examine.vba.objects.host import HostObject
from seriema.examine.vba.storage import stored
from seriema.examine.vba.values import MISSING, Unknown, Value, joined, labelled


class Request(HostObject):
    """One HTTP request after the other."""

    kind = "XMLHTTP"

    def __init__(self, machine: Machine, name: str) -> None:
        super().__init__(machine)
        self.name = name
        self.url: Value = None
        self.sent = False

    def do_open(
        self,
        method: Value = MISSING,
        url: Value = MISSING,
        asynchronous: Value = MISSING,
        user: Value = MISSING,
        password: Value = MISSING,
    ) -> Value:
        """Names what will be fetched."""
        self.url = text(self.machine.let_value(url)) if url is not MISSING else Unknown()
        self.sent = False

    def do_send(self, body: Value = MISSING) -> Value:
        """Fetches it."""
        if self.url is not None:
            self.machine.sink("fetch", self.url, self.name)
        self.sent = True

    def do_status(self) -> Value:
        """200 as a rule."""
        return Unknown(usual=200)

    def do_statustext(self) -> Value:
        """OK as a rule."""
        return Unknown(usual="OK")

    def do_readystate(self) -> Value:
        """4: complete."""
        return 4

    def do_responsebody(self) -> Value:
        """What came: unknown, but known from where."""
        return Unknown(origin=self.url if self.url is not None else Unknown())

    do_responsetext = do_responsestream = do_responsexml = do_responsebody

    def do_setrequestheader(self, name: Value = MISSING, value: Value = MISSING) -> Value:
        """Nothing that matters here."""

    do_setoption = do_settimeouts = do_setproxy = do_setcredentials = do_abort = do_setclientcertificate = (
        do_setrequestheader
    )

    def do_waitforresponse(self, timeout: Value = MISSING) -> Value:
        """It came."""
        return Unknown(usual=True)

    def do_getallresponseheaders(self) -> Value:
        """Unknown."""
        return Unknown(origin=self.url)


class WebClient(HostObject):
    """``System.Net.WebClient`` and the like."""

    kind = "WebClient"

    def do_downloadfile(self, address: Value = MISSING, file: Value = MISSING) -> Value:
        """Fetches and stores."""
        url = text(self.machine.let_value(address))
        self.machine.sink("fetch", url, "DownloadFile")
        stored(self.machine, text(self.machine.let_value(file)), "DownloadFile", source=url)

    def do_downloadstring(self, address: Value = MISSING) -> Value:
        """Fetches."""
        url = text(self.machine.let_value(address))
        self.machine.sink("fetch", url, "DownloadString")
        return Unknown(origin=url)

    do_downloaddata = do_openread = do_downloadstring


class Browser(HostObject):
    """``InternetExplorer.Application``."""

    kind = "InternetExplorer"

    def do_navigate(
        self, url: Value = MISSING, flags: Value = MISSING, target: Value = MISSING, data: Value = MISSING
    ) -> Value:
        """Fetches a page."""
        address = text(self.machine.let_value(url))
        self.extra["locationurl"] = address
        self.machine.sink("fetch", address, "Navigate")

    do_navigate2 = do_navigate

    def do_busy(self) -> Value:
        """Done."""
        return False

    def do_readystate(self) -> Value:
        """Complete."""
        return 4

    def do_document(self) -> Value:
        """What came."""
        return Unknown(origin=self.extra.get("locationurl"))


class Winsock(HostObject):
    """A socket control: a connection to a host."""

    kind = "Winsock"

    def do_connect(self, host: Value = MISSING, port: Value = MISSING) -> Value:
        """Connects."""
        self.machine.sink(
            "fetch",
            joined("tcp://", text(self.machine.let_value(host)), ":", text(self.machine.let_value(port))),
            "Connect",
        )


def is_web(value: Value) -> bool:
    """It begins like a web address."""
    shown = labelled(value) or ""
    return shown.lower().startswith(("http://", "https://", "ftp://"))
