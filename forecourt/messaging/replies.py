"""What a typed reply means. Any reasonable wording of no is a no (47 CFR 64.1200(a)(10)); when in doubt, it is.

The keywords are the regulation's own and dated (policy/law.toml). The phrases are ours: they are looked for anywhere in a
reply, since nobody writes "please leave me alone" about anything else to a number that sends booking reminders.
"""

import re
import unicodedata
from collections.abc import Collection
from enum import StrEnum


class Meaning(StrEnum):
    STOP = "stop"
    STOP_ALL = "stop-all"
    WRONG_NUMBER = "wrong-number"
    START = "start"
    HELP = "help"
    OTHER = "other"


ALSO_STOP = {
    "optout", "unsub", "remove", "arret", "alto", "parar", "basta", "stopp", "st0p", "halt", "no", "nope", "nah", "never again",
    "no thanks", "no thank you",
}  # fmt: skip
STOP_SIGNS = "🛑⛔🚫✋"
# Letters of other alphabets that look like ours, which keyboards and pranksters mix in.
TWINS = str.maketrans("авеікмнорстухѕјορτυν", "abeikmhopctyxsjoptuv")
STOP_ALL_WORDS = {"stopall", "stop all", "stop everything", "cancel all", "end all", "unsubscribe all"}
START_WORDS = {"start", "unstop", "yes start", "restart", "start again", "subscribe"}
HELP_WORDS = {"help", "info", "ayuda", "aide"}
# "end" and "cancel" alone revoke; inside a sentence they may speak of the booking, so only these phrases count there.
WRONG_NUMBER = re.compile(
    r"\b(wrong (number|person|phone)|who('?s| is| are) (this|you)|who dis|not my (number|booking|appointment)|new phone who|"
    r"(you have|you've got|got) the wrong|don'?t know (you|who)|(i am|i'?m) not (?!(?:able|available|coming|feeling|free|going|"
    r"here|home|in|interested|late|ready|sure|there|well|yet)$)[a-z]+$|this (isn'?t|is not) \w+('s)?( number| phone)?$|"
    r"(didn'?t|did not|never) (book|sign up|ask for|request))"
)
NO = re.compile(
    r"\b(stop|unsubscribe|opt(ing|ed)?[ -]?(me )?out|revoke|leave (me|us) (alone|be)|quit (texting|messaging|sending|it)|"
    r"no (more|further|longer)\b.*\b(te?xts?|messages?|msgs?|sms|contact|reminders?|want|wish)|no more$|"
    r"(do not|don'?t|dont|never|please don'?t) (ever )?(te?xt|message|msg|contact|send|sms|bother|write|call|reach)|"
    r"(end|cancel) (the|these|your|all|my)? ?(te?xts?|messages?|msgs?|sms|reminders?|subscription|alerts?)|"
    r"(take|get|remove|delete|drop) (me|my name) (off|from|out)|remove (me|my (number|phone))|delete my (number|phone)|lose (my|this) number|"
    r"(not|never|don'?t) (want|wish|like) to be (contacted|texted|messaged)|not interested|go away|get lost|fuck off|piss off|f off|bugger off|enough (already|texts|messages)|that'?s enough|"
    r"(don'?t|do not|no longer|didn'?t) want (these|this|your|any|them|to (get|receive|hear)|texts?|messages?)|"
    r"i (withdraw|take back) (my )?(consent|permission)|withdraw (my )?consent|cease|desist|unwanted|spam(ming)? me|this is spam|"
    r"do ?n[o']?t want (it|this))\b"
)
ALL = re.compile(r"\b(all|everything|any(thing)?|ever|every)\b")
# Saying that something should not stop is the one way to write "stop" and mean the opposite.
KEEP = re.compile(
    r"\b(do not|don'?t|dont|never|please don'?t) (stop|end|cancel|quit|unsubscribe)\b|\bnon-?stop\b|"
    r"\b(bus|pit|next|first|short) stop\b(?! \w+ing\b| it\b)|\bstop(ping|ped)? by\b|"
    r"\b(i|i'll|we|we'll|to|can|could|may|might|will|would) stop (in|at|over)\b(?! once\b)"
)


def read(text: str, stop_words: Collection[str]) -> Meaning:
    """Classify one reply of any length; never raises. Unicode look-alikes, case, emoji and punctuation do not matter.

    `stop_words` are the law's keywords, in any case; each means stop when it stands alone, "please" aside.
    """
    words = _plain(text)
    if not words:
        return Meaning.STOP if any(sign in text for sign in STOP_SIGNS) else Meaning.OTHER
    keywords = ALSO_STOP | {_plain(word) for word in stop_words}
    if words in STOP_ALL_WORDS:
        return Meaning.STOP_ALL
    if words.removeprefix("please ").removesuffix(" please") in keywords - STOP_ALL_WORDS:
        return Meaning.STOP
    if " " not in words and any(_slip(words, keyword) for keyword in keywords if len(keyword) > 3):
        return Meaning.STOP
    if words in START_WORDS:
        return Meaning.START
    if words in HELP_WORDS:
        return Meaning.HELP
    if WRONG_NUMBER.search(words):
        return Meaning.WRONG_NUMBER
    if NO.search(KEEP.sub(" ", words)):
        return Meaning.STOP_ALL if ALL.search(words) else Meaning.STOP
    return Meaning.OTHER


def _slip(typed: str, keyword: str) -> bool:
    """One letter missing, doubled, swapped with its neighbour, or split off: STPO, STO, UNSUSCRIBE. Never START for STOP."""
    if typed in START_WORDS | HELP_WORDS or typed[:1] != keyword[:1]:
        return False
    cuts = {keyword[:i] + keyword[i + 1 :] for i in range(2, len(keyword))}
    swaps = {keyword[:i] + keyword[i + 1] + keyword[i] + keyword[i + 2 :] for i in range(1, len(keyword) - 1)}
    doubles = {keyword[:i] + keyword[i] + keyword[i:] for i in range(len(keyword))}
    return typed in cuts | swaps | doubles


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFKD", text).casefold().replace("’", "'").translate(TWINS)
    kept = "".join(
        letter if letter.isalnum() or letter in "'-" else " " for letter in text if not unicodedata.combining(letter)
    )
    words = kept.split()
    between = "" if len(words) > 2 and all(len(word) == 1 for word in words) else " "  # S T O P
    return between.join(words).strip("'- ")
