"""The kinds of data that a lead carries, and what they are called on a page."""

from forecourt.people import contacts

NAME = "user.name"
INTEREST = "vehicle.interest"
APPOINTMENT = "vehicle.appointment"
WORDS = {
    NAME: "your name",
    contacts.FIELDS["email"]: "your email address",
    contacts.FIELDS["phone"]: "your phone number",
    INTEREST: "the car",
    APPOINTMENT: "the time",
}
