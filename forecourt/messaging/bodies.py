"""What a message says, rendered once when it is queued, so that what was decided is what leaves."""

import json
from dataclasses import asdict, dataclass

from django.template.loader import render_to_string

from forecourt.web.brand import brand

# One letter outside GSM 03.38's alphabet makes a text more than twice as long to send: fine print becomes plain print.
PLAIN = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "\u2011": "-", "…": "..."})


@dataclass(frozen=True, slots=True)
class Body:
    """`subject` is empty for a text. `link` opens the page where these messages can be stopped."""

    subject: str
    text: str
    html: str
    link: str

    def dumps(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def loads(cls, text: str) -> "Body":
        return cls(**json.loads(text))


def render(channel: str, template: str, context: dict, link: str) -> Body:
    """`messages/<template>.txt` is a text; an email has `.subject.txt`, `.txt` and `.html` under `messages/email/`."""
    context = {**context, "brand": brand(), "link": link}
    if channel == "text":
        text = render_to_string(f"messages/text/{template}.txt", context).translate(PLAIN)
        return Body("", " ".join(text.split()), "", link)
    subject = " ".join(render_to_string(f"messages/email/{template}.subject.txt", context).split())
    text = render_to_string(f"messages/email/{template}.txt", context).strip() + "\n"
    return Body(subject, text, render_to_string(f"messages/email/{template}.html", context), link)
