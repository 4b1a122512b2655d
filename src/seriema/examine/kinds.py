"""The kinds of files: what policy calls each, which file names claim it, and for which of them a name says enough.

One line for each kind. ``harmless`` kinds carry nothing that runs, links or hides a file by their own format, so that
to know the kind is to have read it; every other kind is ``unsupported`` until an inspector or an opener reads it.
"""

from dataclasses import dataclass

from seriema.model.artifact import FileClass

_A, _D, _E = FileClass.ARCHIVE, FileClass.DISK_IMAGE, FileClass.EXECUTABLE
_M, _O, _P = FileClass.MAIL, FileClass.OFFICE, FileClass.PROTECTED
_S, _T, _W = FileClass.SCRIPT, FileClass.TEXT, FileClass.WEB
_LINK, _PDF, _PICTURE = FileClass.SHORTCUT, FileClass.PDF, FileClass.PICTURE
_MEDIA, _OTHER = FileClass.MEDIA, FileClass.OTHER


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of file. ``extensions`` are those that claim it, space-separated, without dots."""

    name: str
    file_class: FileClass
    extensions: str = ""
    harmless: bool = False


_TABLE = (
    # text
    Kind("text", _T, "txt text log md rst asc ini conf cfg diff patch srt tex bib po properties toml yaml yml"),
    Kind("csv", _T, "csv tsv tab"),
    Kind("json", _T, "json jsonl ndjson geojson"),
    Kind("xml", _T, "xml xsd wsdl rss kml gpx plist"),
    Kind("ics", _T, "ics ifb vcs"),
    Kind("vcf", _T, "vcf vcard"),
    Kind("empty", _T, harmless=True),
    # mail and what is sealed in it
    Kind("message", _M, "eml mime"),
    Kind("mbox", _M, "mbox mbx"),
    Kind("outlook-message", _M, "msg oft"),
    Kind("outlook-store", _M, "pst ost"),
    Kind("smime", _P, "p7m"),
    Kind("smime-signature", _P, "p7s p7c p7b spc"),
    Kind("pgp-message", _P, "pgp gpg"),
    Kind("pgp-signature", _P, "sig", harmless=True),
    Kind("pgp-key", _P, harmless=True),
    Kind("certificate", _T, "cer crt pem der csr crl", harmless=True),
    Kind("key-store", _P, "p12 pfx jks"),
    # Office
    Kind("doc", _O, "doc dot wbk"),
    Kind("xls", _O, "xls xlt xla xlm xlc"),
    Kind("ppt", _O, "ppt pot pps ppa"),
    Kind("docx", _O, "docx dotx"),
    Kind("docm", _O, "docm dotm"),
    Kind("xlsx", _O, "xlsx xltx"),
    Kind("xlsm", _O, "xlsm xltm xlam"),
    Kind("xlsb", _O, "xlsb"),
    Kind("pptx", _O, "pptx potx ppsx sldx thmx"),
    Kind("pptm", _O, "pptm potm ppsm ppam sldm"),
    Kind("visio", _O, "vsd vsdx vsdm vstx vstm"),
    Kind("office-xml", _O),
    Kind("encrypted-office", _O),
    Kind("odt", _O, "odt ott odm"),
    Kind("ods", _O, "ods ots"),
    Kind("odp", _O, "odp otp odg otg odf odc odb"),
    Kind("rtf", _O, "rtf"),
    Kind("onenote", _O, "one onetoc2 onepkg"),
    Kind("access", _O, "mdb accdb accde accda mde"),
    Kind("publisher", _O, "pub"),
    Kind("sylk", _O, "slk"),
    Kind("ole", _O, "mpp wps"),
    Kind("hwp", _O, "hwp hwpx"),
    Kind("iwork", _OTHER, "pages numbers"),
    Kind("pdf", _PDF, "pdf fdf xfdf ai"),
    Kind("postscript", _OTHER, "ps eps"),
    Kind("epub", _OTHER, "epub"),
    # archives
    Kind("zip", _A, "zip zipx"),
    Kind("rar", _A, "rar r00 r01"),
    Kind("7z", _A, "7z"),
    Kind("gz", _A, "gz tgz"),
    Kind("bz2", _A, "bz2 bz tbz tbz2"),
    Kind("xz", _A, "xz txz"),
    Kind("lzma", _A, "lzma"),
    Kind("zst", _A, "zst tzst"),
    Kind("lz4", _A, "lz4"),
    Kind("compress", _A, "z"),
    Kind("tar", _A, "tar"),
    Kind("cpio", _A, "cpio"),
    Kind("ar", _A, "ar lib"),
    Kind("cab", _A, "cab"),
    Kind("ace", _A, "ace"),
    Kind("arj", _A, "arj"),
    Kind("lzh", _A, "lzh lha"),
    Kind("zoo", _A, "zoo"),
    Kind("tnef", _A, "tnef"),
    Kind("uuencoded", _A, "uue uu"),
    Kind("binhex", _A, "hqx"),
    Kind("stuffit", _A, "sit sitx"),
    Kind("alz", _A, "alz"),
    Kind("egg", _A, "egg"),
    Kind("sqx", _A, "sqx"),
    Kind("freearc", _A, "arc"),
    Kind("zpaq", _A, "zpaq"),
    Kind("xar", _A, "xar pkg"),
    # sealed by programs of their own, with a password
    Kind("attache-case", _A, "atc"),
    Kind("aes-crypt", _A, "aes"),
    Kind("axcrypt", _A, "axx"),
    Kind("age", _A, "age"),
    Kind("openssl-salted", _A),
    Kind("mht", _A, "mht mhtml"),
    # disk images
    Kind("iso", _D, "iso"),
    Kind("udf", _D, "udf"),
    Kind("img", _D, "img ima vfd dd"),
    Kind("vhd", _D, "vhd"),
    Kind("vhdx", _D, "vhdx avhdx"),
    Kind("vmdk", _D, "vmdk"),
    Kind("qcow", _D, "qcow qcow2"),
    Kind("wim", _D, "wim esd swm"),
    Kind("dmg", _D, "dmg"),
    Kind("luks", _D, "luks"),
    Kind("bitlocker", _D),
    # programs
    Kind("exe", _E, "exe com scr pif"),
    Kind("dll", _E, "dll ocx cpl drv sys xll ax wll"),
    Kind("elf", _E, "elf so"),
    Kind("mach-o", _E, "dylib"),
    Kind("msi", _E, "msi msp mst msix appx msixbundle appxbundle"),
    Kind("java-class", _E, "class"),
    Kind("jar", _E, "jar war ear"),
    Kind("apk", _E, "apk xapk"),
    Kind("ipa", _E, "ipa"),
    Kind("deb", _E, "deb"),
    Kind("rpm", _E, "rpm"),
    Kind("python-bytecode", _E, "pyc pyo"),
    Kind("browser-extension", _E, "crx xpi"),
    Kind("chm", _E, "chm"),
    Kind("hlp", _E, "hlp"),
    Kind("flash", _E, "swf"),
    Kind("gadget", _E, "gadget"),
    # scripts
    Kind("js", _S, "js mjs cjs"),
    Kind("jse", _S, "jse"),
    Kind("vbs", _S, "vbs vb"),
    Kind("vbe", _S, "vbe"),
    Kind("wsf", _S, "wsf wsh ws"),
    Kind("wsc", _S, "wsc sct"),
    Kind("hta", _S, "hta"),
    Kind("xsl", _S, "xsl xslt"),
    Kind("bat", _S, "bat"),
    Kind("cmd", _S, "cmd"),
    Kind("ps1", _S, "ps1 psm1 psd1 ps1xml psc1"),
    Kind("sh", _S, "sh bash zsh ksh command"),
    Kind("py", _S, "py pyw"),
    Kind("php", _S, "php php5 phtml"),
    Kind("pl", _S, "pl pm"),
    Kind("rb", _S, "rb"),
    Kind("lua", _S, "lua"),
    Kind("applescript", _S, "scpt applescript"),
    Kind("reg", _S, "reg"),
    Kind("inf", _S, "inf"),
    Kind("autohotkey", _S, "ahk au3"),
    Kind("vba", _S, "bas frm cls"),
    # shortcuts: small files that make another program open something
    Kind("lnk", _LINK, "lnk"),
    Kind("url", _LINK, "url website"),
    Kind("webloc", _LINK, "webloc inetloc"),
    Kind("desktop", _LINK, "desktop"),
    Kind("settingcontent-ms", _LINK, "settingcontent-ms"),
    Kind("search-ms", _LINK, "search-ms searchconnector-ms library-ms"),
    Kind("clickonce", _LINK, "application appref-ms"),
    Kind("appinstaller", _LINK, "appinstaller"),
    Kind("rdp", _LINK, "rdp"),
    Kind("iqy", _LINK, "iqy oqy rqy dqy"),
    Kind("scf", _LINK, "scf"),
    Kind("msc", _LINK, "msc"),
    Kind("theme", _LINK, "theme themepack"),
    Kind("diagcab", _LINK, "diagcab diagcfg"),
    # web
    Kind("html", _W, "html htm xhtml xht shtml shtm"),
    Kind("svg", _W, "svg"),
    Kind("svgz", _W, "svgz"),
    # pictures, sound, film, type
    Kind("jpeg", _PICTURE, "jpg jpeg jpe jfif", harmless=True),
    Kind("png", _PICTURE, "png apng", harmless=True),
    Kind("gif", _PICTURE, "gif", harmless=True),
    Kind("bmp", _PICTURE, "bmp dib", harmless=True),
    Kind("tiff", _PICTURE, "tif tiff", harmless=True),
    Kind("webp", _PICTURE, "webp", harmless=True),
    Kind("ico", _PICTURE, "ico cur", harmless=True),
    Kind("heic", _PICTURE, "heic heif", harmless=True),
    Kind("avif", _PICTURE, "avif", harmless=True),
    Kind("jxl", _PICTURE, "jxl", harmless=True),
    Kind("jp2", _PICTURE, "jp2 j2k jpx", harmless=True),
    Kind("psd", _PICTURE, "psd", harmless=True),
    Kind("xpm", _PICTURE, "xpm xbm pbm pgm ppm pnm", harmless=True),
    Kind("emf", _PICTURE, "emf", harmless=True),
    Kind("wmf", _PICTURE, "wmf", harmless=True),
    Kind("dicom", _PICTURE, "dcm", harmless=True),
    Kind("mp3", _MEDIA, "mp3 mp2 mpga", harmless=True),
    Kind("mp4", _MEDIA, "mp4 m4a m4v mov 3gp qt", harmless=True),
    Kind("ogg", _MEDIA, "ogg oga ogv opus", harmless=True),
    Kind("flac", _MEDIA, "flac", harmless=True),
    Kind("wav", _MEDIA, "wav", harmless=True),
    Kind("avi", _MEDIA, "avi", harmless=True),
    Kind("aiff", _MEDIA, "aif aiff", harmless=True),
    Kind("amr", _MEDIA, "amr", harmless=True),
    Kind("aac", _MEDIA, "aac", harmless=True),
    Kind("midi", _MEDIA, "mid midi", harmless=True),
    Kind("mkv", _MEDIA, "mkv webm mka", harmless=True),
    Kind("mpeg", _MEDIA, "mpg mpeg", harmless=True),
    Kind("asf", _MEDIA, "wma wmv asf", harmless=True),
    Kind("au", _MEDIA, "au snd", harmless=True),
    Kind("font", _OTHER, "ttf otf ttc woff woff2 eot", harmless=True),
    Kind("apple-double", _OTHER, "ds_store", harmless=True),
    Kind("unknown", _OTHER),
)

#: Every kind by its name.
KINDS = {kind.name: kind for kind in _TABLE}
#: The kind that each extension claims.
BY_EXTENSION = {extension: kind.name for kind in _TABLE for extension in kind.extensions.split()}
#: Kinds that a mail's own declaration makes a browser or a script host treat as such, whatever the name.
BY_DECLARED_TYPE = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "image/svg+xml": "svg",
    "application/hta": "hta",
    "application/javascript": "js",
    "text/javascript": "js",
    "application/x-javascript": "js",
    "text/vbscript": "vbs",
    "application/internet-shortcut": "url",
    "text/calendar": "ics",
}
