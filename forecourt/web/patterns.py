"""Every component with made-up content, for looking at them. Served in the demo only."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from forecourt.web.marks import Bar, Day, Kind, Mark

AT = datetime(2026, 11, 22, 14, 2, tzinfo=UTC)
LONGEST_NAME = "Wren of Winston-Salem and the Greater Piedmont Triad at Kernersville Crossing"


class Pattern(forms.Form):
    first_name = forms.CharField(label="First name", help_text="So that somebody can greet you.")
    email = forms.EmailField(
        label="Email or mobile number", error_messages={"invalid": "Write it like ada@example.com."}
    )
    company = forms.CharField(label="Company", required=False)
    car = forms.ChoiceField(label="Car", choices=[("siskin", "Siskin"), ("pipit", "Pipit"), ("linnet", "Linnet")])
    note = forms.CharField(label="Anything we should know", required=False, widget=forms.Textarea)
    texts = forms.BooleanField(
        label="Text me about this test drive",
        required=False,
        help_text="One confirmation and one reminder. Leaving this empty changes nothing else.",
    )
    gears = forms.ChoiceField(label="Gearbox", widget=forms.RadioSelect, choices=[("m", "Manual"), ("a", "Automatic")])


def sentence(
    promise: str, text: str, mark: Mark, words: str, kept: str = "", last: str = "", days: str = ""
) -> SimpleNamespace:
    states = {"+": Day.PASSED, "-": Day.FAILED, ".": Day.NOT_RUN}
    bars = tuple(Bar(AT.date() - timedelta(len(days) - place - 1), states[state]) for place, state in enumerate(days))
    return SimpleNamespace(
        id=promise,
        html=text,
        unlinked=text,
        links=(),
        mark=mark,
        class_words=words,
        kept=kept,
        last=last,
        bars=bars,
        uses=(),
        url=f"/privacy/checks/{promise}/",
    )


def context() -> dict[str, object]:
    checked = Mark(Kind.CHECKED, at=AT)
    bound = Pattern({"first_name": "Ada", "email": "ada@", "car": "pipit"})
    bound.is_valid()
    sentences = (
        sentence(
            "P-3F-1",
            "We text you about a booking only if you ticked the box for that booking.",
            checked,
            "Blocked in software unless permitted. Checked 14:02: no failure found.",
            "A text about a test drive leaves only when the newest thing that you said for this booking is yes.",
            "Looked at 412 texts that left since yesterday and at one booking made with an empty box.",
            "+" * 61 + "-" + "+" * 20 + "." + "+" * 7,
        ),
        sentence(
            "P-3F-3",
            "The box starts empty, and leaving it empty changes nothing else.",
            checked,
            "Visited as you would. Checked 14:02: no failure found.",
            days="+" * 90,
        ),
        sentence(
            "P-3F-5",
            "Reply STOP, or say it in your own words, and those texts end within seconds.",
            Mark(Kind.REVIEW, at=AT - timedelta(days=1)),
            "A check found a failure. What rests on this sentence is paused.",
            "A stop takes the same lock as a text on its way out.",
            "A text left two seconds after a stop. We paused reminders by text on November 21.",
            "+" * 88 + "--",
        ),
        sentence(
            "P-3C-5",
            "Everybody who works for us with your data has signed a contract to keep it to themselves.",
            Mark(Kind.SIGNED, by="the head of purchasing", until=date(2027, 3, 1)),
            "Signed by a person, not checked by software.",
        ),
        sentence(
            "P-3F-7",
            "Your dealer may text you under its own policy, which our box does not cover.",
            Mark(Kind.INFORMS),
            "Nothing to check: this sentence tells you how things are.",
        ),
        sentence(
            "P-6-9",
            "You can hear this page read to you on the phone.",
            Mark(Kind.UNCHECKED),
            "Published, and not checked by software yet.",
        ),
    )
    saturday = [
        (
            f"2026-11-28T{hour:02}:{minute}",
            f"{(hour - 1) % 12 + 1}:{minute}\u00a0{'am' if hour < 12 else 'pm'}",
            (hour + int(minute)) % 7 == 0,
        )
        for hour in range(9, 16)
        for minute in ("00", "30")
    ]
    return {
        "empty_form": Pattern(auto_id="empty_%s"),
        "form": bound,
        "marks": (
            checked,
            Mark(Kind.SIGNED, by="the head of purchasing", until=date(2027, 3, 1)),
            Mark(Kind.INFORMS),
            Mark(Kind.REVIEW, at=AT),
            Mark(Kind.UNCHECKED),
        ),
        "sentences": sentences,
        "browser": SimpleNamespace(
            gpc=True,
            signal="It sends Global Privacy Control: received with this page, and honored.",
            effect="You count as opted out of sale and sharing: on this page, and on every one after it.",
            cookies=0,
            hosts=0,
            at=AT,
        ),
        "days": [("Friday, November\u00a027", []), ("Saturday, November\u00a028", saturday)],
        "dealers": [
            (
                SimpleNamespace(
                    name=name,
                    slug="x",
                    street="1400 Kernersville Crossing Boulevard",
                    city="Kernersville",
                    state="NC",
                    postal_code="27284",
                    get_absolute_url="/dealers/x/",
                ),
                far,
            )
            for name, far in (("Wren of Kernersville", 0.4), (LONGEST_NAME, 118.2))
        ],
        "rows": [
            ("Car", "Pipit"),
            ("When", "Saturday, November\u00a028, 10:30\u00a0am"),
            ("Where", LONGEST_NAME),
            ("Sent to", "The dealer that you chose, and nobody else"),
        ],
        "bubbles": [
            SimpleNamespace(
                mine=False,
                text="Wren: Saturday 10:30 am, Pipit, at Wren of Kernersville. Change it: wren.example/t/4KD2. Reply STOP to end these texts.",
                when="Friday 9:12 am",
                refused=False,
            ),
            SimpleNamespace(mine=True, text="please leave me alone", when="Friday 9:14 am", refused=False),
            SimpleNamespace(
                mine=False,
                text="Wren: Stopped. No more texts about this test drive. Text STOP ALL to end every kind.",
                when="Friday 9:14 am",
                refused=False,
            ),
            SimpleNamespace(
                mine=False,
                text="Reminder for tomorrow: You told us to stop these messages.",
                when="Not sent",
                refused=True,
            ),
        ],
        "mails": [
            SimpleNamespace(
                sender="Wren test drives",
                subject="Saturday 10:30 am: your Pipit is waiting",
                preview="What to bring, how to change it, and how to stop these emails.",
                when="9:12 am",
                url="#",
                unread=True,
            ),
            SimpleNamespace(
                sender="Wren test drives",
                subject="Your test drive was moved",
                preview="From Friday to Saturday, at the same place.",
                when="Thu",
                url="#",
                unread=False,
            ),
        ],
    }


@require_safe
def patterns(request: HttpRequest) -> HttpResponse:
    if not settings.DEMO:
        raise Http404("The pattern page is for the demo.")
    return render(request, "web/patterns.html", context())
