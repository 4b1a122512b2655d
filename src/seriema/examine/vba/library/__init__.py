"""The functions of VBA and VBScript ([MS-VBAL] 6.1.2), one file per family."""
