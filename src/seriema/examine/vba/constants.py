"""The constants of VBA and of the programs that macros use ([MS-VBAL] 6.1.1 and the programs' own references)."""

from seriema.examine.vba.values import Value

CONSTANTS: dict[str, Value] = {
    "vbcrlf": "\r\n", "vbnewline": "\r\n", "vblf": "\n", "vbcr": "\r", "vbtab": "\t", "vbnullstring": "",
    "vbnullchar": "\0",
    "vbback": "\b", "vbformfeed": "\f", "vbverticaltab": "\v", "vbobjecterror": -2147221504,
    "vbtrue": -1, "vbfalse": 0, "vbusedefault": -2,
    "vbhide": 0, "vbnormalfocus": 1, "vbminimizedfocus": 2, "vbmaximizedfocus": 3, "vbnormalnofocus": 4,
    "vbminimizednofocus": 6,
    "vbbinarycompare": 0, "vbtextcompare": 1, "vbdatabasecompare": 2,
    "vbuppercase": 1, "vblowercase": 2, "vbpropercase": 3, "vbwide": 4, "vbnarrow": 8, "vbunicode": 64,
    "vbfromunicode": 128,
    "vbmethod": 1, "vbget": 2, "vblet": 4, "vbset": 8,
    "vbsunday": 1, "vbmonday": 2, "vbtuesday": 3, "vbwednesday": 4, "vbthursday": 5, "vbfriday": 6, "vbsaturday": 7,
    "vbusesystem": 0, "vbusesystemdayofweek": 0, "vbfirstjan1": 1, "vbfirstfourdays": 2, "vbfirstfullweek": 3,
    "vbok": 1, "vbcancel": 2, "vbabort": 3, "vbretry": 4, "vbignore": 5, "vbyes": 6, "vbno": 7,
    "vbokonly": 0, "vbokcancel": 1, "vbabortretryignore": 2, "vbyesnocancel": 3, "vbyesno": 4, "vbretrycancel": 5,
    "vbcritical": 16, "vbquestion": 32, "vbexclamation": 48, "vbinformation": 64, "vbdefaultbutton1": 0,
    "vbdefaultbutton2": 256, "vbapplicationmodal": 0, "vbsystemmodal": 4096, "vbmsgboxsetforeground": 65536,
    "vbnormal": 0, "vbreadonly": 1, "vbhidden": 2, "vbsystem": 4, "vbvolume": 8, "vbdirectory": 16, "vbarchive": 32,
    "vbalias": 64,
    "vbempty": 0, "vbnull": 1, "vbinteger": 2, "vblong": 3, "vbsingle": 4, "vbdouble": 5, "vbcurrency": 6, "vbdate": 7,
    "vbstring": 8, "vbobject": 9, "vberror": 10, "vbboolean": 11, "vbvariant": 12, "vbdataobject": 13, "vbdecimal": 14,
    "vbbyte": 17, "vblonglong": 20, "vbuserdefinedtype": 36, "vbarray": 8192,
    "vbblack": 0, "vbred": 255, "vbgreen": 65280, "vbyellow": 65535, "vbblue": 16711680, "vbmagenta": 16711935,
    "vbcyan": 16776960, "vbwhite": 16777215, "vbmodal": 1, "vbmodeless": 0,
    "vbgeneraldate": 0, "vblongdate": 1, "vbshortdate": 2, "vblongtime": 3, "vbshorttime": 4,
    # file system, streams, HTTP
    "forreading": 1, "forwriting": 2, "forappending": 8, "tristatetrue": -1, "tristatefalse": 0,
    "tristateusedefault": -2,
    "windowsfolder": 0, "systemfolder": 1, "temporaryfolder": 2, "binarycompare": 0, "textcompare": 1,
    "adtypebinary": 1, "adtypetext": 2, "adsavecreatenotexist": 1, "adsavecreateoverwrite": 2, "admoderead": 1,
    "admodewrite": 2, "admodereadwrite": 3, "adreadall": -1, "adreadline": -2, "adcrlf": -1, "adlf": 10,
    # Word
    "wdmainTextStory".lower(): 1, "wdpropertytitle": 1, "wdpropertysubject": 2, "wdpropertyauthor": 3,
    "wdpropertykeywords": 4,
    "wdpropertycomments": 5, "wdpropertytemplate": 6, "wdpropertylastauthor": 7, "wdpropertyrevision": 8,
    "wdpropertyappname": 9, "wdpropertycategory": 18, "wdpropertyformat": 19, "wdpropertymanager": 20,
    "wdpropertycompany": 21, "wddonotsavechanges": 0, "wdsavechanges": -1, "wdformatdocument": 0, "wdformattext": 2,
    "wdformatrtf": 6, "wdformatfilteredhtml": 10, "wdstory": 6, "wdcharacter": 1, "wdword": 2, "wdline": 5,
    "wdwindows": 2, "wdalertsnone": 0, "wdreplaceall": 2, "wdfindcontinue": 1,
    # Excel
    "xlcountrycode": 1, "xlcountrysetting": 2, "xldecimalseparator": 3, "xlthousandsseparator": 4, "xllistseparator": 5,
    "xlup": -4162, "xldown": -4121, "xltoleft": -4159, "xltoright": -4161, "xlsheetveryhidden": 2, "xlsheethidden": 0,
    "xlsheetvisible": -1, "xlvalues": -4163, "xlformulas": -4123, "xlwhole": 1, "xlpart": 2, "xlcelltypelastcell": 11,
    "xlcelltypeconstants": 2, "xlcalculationmanual": -4135, "xlcalculationautomatic": -4105, "xlminimized": -4140,
    # Office
    "msolanguageidui": 2, "msolanguageidinstall": 1, "msolanguageidhelp": 3, "msolanguageidexemode": 4,
    "msolanguageiduiprevious": 5, "msotrue": -1, "msofalse": 0, "msofiledialogfolderpicker": 4,
    "msoautomationsecurityforcedisable": 3, "msoautomationsecuritylow": 1,
}  # fmt: skip
