"""Global Privacy Platform strings, which tell partners what a visitor chose. Plain Python."""

from forecourt.consent.gpp.gpp import Gpp, decode, encode
from forecourt.consent.gpp.sections import Unread, UsCa, UsNat
from forecourt.consent.gpp.trouble import GppError

__all__ = ["Gpp", "GppError", "Unread", "UsCa", "UsNat", "decode", "encode"]
