"""What a message may be about, read from its words. It proposes, and a person decides: nothing here changes anything."""

import re
import unicodedata

from forecourt.cases.models import Case

Kind = Case.Kind
QUOTED = re.compile(r"^\s*(>|on .{5,120} wrote:\s*$|-{2,} ?original message)", re.IGNORECASE)
MY = r"(my|our|all|any|the) (\w+ ){0,3}"
DATA = r"(personal |private )?(data|info|information|details|records?|files?|account|history|profile)"
CHILD = r"(child|children|kid|kids|son|daughter|minor|grandson|granddaughter|nephew|niece)('s|s')?"
ABOUT_A_CHILD = rf"({DATA}|email|name|signed up|registered|gave|filled|entered|collected|under (13|16)|years old)"
# In this order: a child's data first, since it is kept from every use at once; a deletion before what is said beside it.
SIGNS = {
    Kind.CHILD: (
        rf"\b(my|our|a|the) ((\d+|\w+)[- ]year[- ]old )?{CHILD}\b(?! (seat|lock|restraint)).{{0,80}}\b{ABOUT_A_CHILD}\b",
        r"\b(i am|i'm) (only )?([5-9]|1[0-5]) years? old\b",
    ),
    Kind.DELETE: (
        rf"\b(delete|erase|destroy|wipe|purge|remove|get rid of) ({MY}{DATA}|everything (you|about|that))",
        r"\b(delete|erase|remove) me\b(?! (from|off) (the |your |this )?(mailing|list|email))",
        r"\bforget (about )?me\b",
        r"\bright to (be forgotten|delet\w+|erasure)\b",
        r"\b(deletion|erasure) request\b",
    ),
    Kind.CORRECT: (
        rf"\b(correct|rectify|fix|update|change) {MY}{DATA}",
        r"\b(correct|fix|update|change) (my|our) (name|address|email|phone|number|zip)\b",
        r"\bmy (name|address|email|phone( number)?|zip) is (wrong|misspelled|spelled wrong|incorrect|out of date|not right)\b",
        r"\bright to (correct\w*|rectif\w+)\b",
        r"\b(wrong|misspelled) (name|address|phone|email)\b",
    ),
    Kind.KNOW: (
        rf"\b(what|which) (\w+ ){{0,2}}({DATA} )?(do|does|did|have) you (\w+ )?(hold|have|keep|store|know|got|collect\w*)\b.*\b(me|my|us|our)\b",
        rf"\b(copy|export|download|disclosure) of {MY}{DATA}",
        rf"\b(see|get|access|obtain|receive|send me) {MY}{DATA}",
        r"\bright to (know|access)\b",
        r"\baccess request\b",
        r"\bwhat (do )?you (know|have) (about|on) me\b",
    ),
    Kind.NOT_INTERESTED: (
        r"\b(not|no longer|isn't|aren't) interested\b",
        r"\bunsubscribe\b",
        r"\bopt(ing|ed)? ?(me )?out\b",
        r"\bleave me alone\b",
        r"\b(do not|don't|never) (contact|call|email|text|sell|share)\b",
        r"\b(stop|quit|cease) (all )?(sending|emailing|mailing|texting|calling|contacting|selling|sharing|the|these|your|everything)\b",
        r"\b(don't|do not|never|no longer) (want|wish|like) (to (get|receive|hear)|any|your|these|more)\b",
        r"\b(take|remove) me (off|from)\b",
        r"^\W*stop\W*$",
    ),
}
READ = {kind: re.compile("|".join(signs), re.DOTALL | re.MULTILINE) for kind, signs in SIGNS.items()}
# What is read: long enough for a letter, short enough that no text takes long.
MOST = 6000


def proposed(words: str) -> str:
    """The kind of case that these words ask for, or empty. Never raises."""
    text = plain(words)
    return next((kind.value for kind, sign in READ.items() if sign.search(text)), "")


def plain(words: str) -> str:
    """Without what they quote of ours, in small letters and plain quotes, a paragraph a line."""
    own = "\n".join(line.strip() for line in words[:MOST].splitlines() if not QUOTED.match(line))
    text = unicodedata.normalize("NFKC", own).casefold().replace("’", "'").replace("‘", "'")
    return "\n".join(" ".join(paragraph.split()) for paragraph in re.split(r"\n\s*\n", text))
