"""The forms of the programs: what each needs to be decided, a name, one contact, and no more."""

from decimal import Decimal

from django import forms

from forecourt.interactions.forms import CONTROL, contact_field, name_field, read_contact, read_name
from forecourt.programs import documents, finance
from forecourt.programs.claims import AMOUNT, CHOSEN, NAME, STREET, Wish
from forecourt.programs.pack import Kind, Program
from forecourt.vehicles import catalogue
from forecourt.web.forms import VisitorForm

WHO = "So that whoever answers can greet you."
NAMELESS = "Enter your name."
CHOOSE = "Choose one of these."
PLAIN_DOLLARS = "Enter dollars and cents, such as 640 or 640.50."
AGAIN = "Choose your file again as well: browsers forget it when a form comes back."


class Dollars(forms.DecimalField):
    """As people write a sum: $1,240.50 too."""

    def to_python(self, value):
        return super().to_python(value.replace("$", "").replace(",", "") if isinstance(value, str) else value)


class AskForm(VisitorForm):
    """What every program asks. The program's own answers stand in its file of the pack."""

    form_name = "program"

    chosen = forms.ChoiceField(widget=forms.RadioSelect, error_messages={"required": CHOOSE, "invalid_choice": CHOOSE})
    name = name_field(WHO, NAMELESS)
    contact = contact_field()

    def __init__(self, data=None, files=None, *, program: Program, **kwargs) -> None:
        super().__init__(data, files, **kwargs)
        self.program = program
        chosen = self.fields["chosen"]
        assert isinstance(chosen, forms.ChoiceField)
        chosen.label = program.terms.asks
        chosen.choices = program.answers

    def clean_name(self):
        return read_name(self.cleaned_data["name"])

    def clean_contact(self):
        return read_contact(self.cleaned_data["contact"])

    def answers(self) -> dict[str, str]:
        return {NAME: self.cleaned_data["name"], CHOSEN[self.program.kind]: self.cleaned_data["chosen"]}

    def wish(self) -> Wish:
        given = self.cleaned_data
        return Wish(self.program, given["contact"], self.answers(), given.get("document"), self.nonce_id)


class QuestionForm(AskForm):
    """About a product that somebody can buy or leave."""


class ProofForm(AskForm):
    document = forms.FileField(
        label="Your document",
        error_messages={
            "required": documents.WANTED,
            "invalid": documents.WANTED,
            "missing": documents.WANTED,
            "empty": f"That file is empty. {documents.WANTED}",
        },
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        most = documents.MOST // 1024 // 1024
        self.fields["document"].help_text = f"{self.program.terms.proof} A photo or a PDF, up to {most} MB."
        self.fields["document"].widget.attrs["accept"] = "image/jpeg,image/png,application/pdf"

    def clean_document(self):
        try:
            return documents.read(self.cleaned_data["document"])
        except documents.BadDocument as problem:
            raise forms.ValidationError(str(problem)) from None

    @property
    def lost_file(self) -> str:
        """What a browser does not tell: only its own button gives a file, so a form that comes back has none."""
        return AGAIN if self.files and "document" not in self.errors else ""


class MilitaryForm(ProofForm):
    """Military and diplomatic claims have forms of their own, since each asks for a use of its own."""


class DiplomaticForm(ProofForm):
    """For diplomats, consular officers and staff of international organizations."""


class MobilityForm(ProofForm):
    amount = Dollars(
        label="What did it cost, in dollars?",
        min_value=Decimal(1),
        max_value=Decimal(100_000),
        max_digits=8,
        decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        error_messages={
            "required": "Enter the sum on the receipt.",
            "invalid": PLAIN_DOLLARS,
            "min_value": "Enter the sum on the receipt, such as 640.",
            "max_value": "That is more than any such equipment costs. Enter dollars and cents, such as 640.50.",
            "max_digits": "Enter dollars and cents, such as 640.50.",
            "max_decimal_places": "Enter dollars and cents, such as 640.50.",
            "max_whole_digits": "That is more than any such equipment costs. Enter dollars and cents, such as 640.50.",
        },
    )
    address = forms.CharField(
        label="Where should the check go?",
        help_text="Street, city, state and ZIP code, as on an envelope.",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": "Enter the address that the check should go to.",
            "max_length": "That is longer than an envelope can hold. Shorten it to 300 letters.",
        },
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount"].help_text = f"We pay back up to ${self.program.terms.most:,.0f}."

    def clean_address(self):
        lines = (" ".join(CONTROL.sub(" ", line).split()) for line in self.cleaned_data["address"].splitlines())
        address = "\n".join(filter(None, lines))
        if not any(letter.isdigit() for letter in address) or not any(letter.isalpha() for letter in address):
            raise forms.ValidationError("Enter the whole address: street and number, city, state and ZIP code.")
        return address

    def answers(self) -> dict[str, str]:
        given = self.cleaned_data
        return super().answers() | {AMOUNT: f"{given['amount']:.2f}", STREET: given["address"]}


class CreditForm(VisitorForm):
    """For the lender: what it needs to name a rate, and nothing that it asks for itself."""

    form_name = "credit"

    car = forms.ChoiceField(widget=forms.RadioSelect, error_messages={"required": CHOOSE, "invalid_choice": CHOOSE})
    amount = Dollars(
        label="How much would you like to borrow, in dollars?",
        min_value=Decimal(1000),
        decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        error_messages={
            "required": "Enter the sum that you would like to borrow, such as 18000.",
            "invalid": PLAIN_DOLLARS,
            "max_decimal_places": PLAIN_DOLLARS,
            "min_value": "That is less than a lender begins with. Enter $1,000 or more.",
        },
    )
    months = forms.ChoiceField(
        label="Over how many months?",
        widget=forms.RadioSelect,
        error_messages={"required": CHOOSE, "invalid_choice": CHOOSE},
    )
    name = name_field("So that the lender can greet you.", NAMELESS)
    contact = contact_field()

    def __init__(self, data=None, files=None, *, program: Program, **kwargs) -> None:
        super().__init__(data, files, **kwargs)
        self.program = program
        car, months = self.fields["car"], self.fields["months"]
        assert isinstance(car, forms.ChoiceField)
        assert isinstance(months, forms.ChoiceField)
        car.label = program.terms.asks
        car.choices = [(line.slug, line.name) for line in catalogue.bookable()]
        months.choices = [(str(one), f"{one} months") for one in program.terms.months]
        self.fields["amount"].help_text = f"Up to ${program.terms.most:,.0f}."

    def clean_car(self):
        return catalogue.line(self.cleaned_data["car"])

    def clean_amount(self):
        most = self.program.terms.most
        if most and self.cleaned_data["amount"] > most:
            raise forms.ValidationError(f"Enter a sum of at most ${most:,.0f}.")
        return self.cleaned_data["amount"]

    def clean_name(self):
        return read_name(self.cleaned_data["name"])

    def clean_contact(self):
        return read_contact(self.cleaned_data["contact"])

    def wish(self) -> finance.Wish:
        given = self.cleaned_data
        return finance.Wish(
            program=self.program,
            car=given["car"],
            amount=given["amount"],
            months=int(given["months"]),
            name=given["name"],
            address=given["contact"],
            nonce=self.nonce_id,
        )


FORMS: dict[Kind, type[AskForm]] = {
    Kind.MILITARY: MilitaryForm,
    Kind.DIPLOMATIC: DiplomaticForm,
    Kind.MOBILITY: MobilityForm,
    Kind.PROTECTION: QuestionForm,
}
