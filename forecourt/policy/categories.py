"""The names of kinds of data. `user.name` covers `user.name.first`.

From Fideslang's default taxonomy (version 3.1.4, by Ethyca, CC BY 4.0): the names alone, so that the inventory can be read
by tools that know it. OURS adds what a showroom knows and the taxonomy has no word for.
"""

from collections.abc import Iterable

FIDESLANG = frozenset(
    """
    user
    user.account user.account.settings user.account.username
    user.authorization user.authorization.biometric user.authorization.credentials user.authorization.password
    user.behavior user.behavior.browsing_history user.behavior.media_consumption user.behavior.purchase_history
    user.behavior.search_history
    user.biometric user.biometric.fingerprint user.biometric.health user.biometric.retinal user.biometric.voice
    user.childrens
    user.contact user.contact.address user.contact.address.city user.contact.address.country
    user.contact.address.postal_code user.contact.address.state user.contact.address.street user.contact.email
    user.contact.fax_number user.contact.organization user.contact.phone_number user.contact.url
    user.content user.content.private user.content.public user.content.self_image
    user.criminal_history
    user.demographic user.demographic.age_range user.demographic.date_of_birth user.demographic.gender
    user.demographic.language user.demographic.marital_status user.demographic.political_opinion
    user.demographic.profile user.demographic.race_ethnicity user.demographic.religious_belief
    user.demographic.sexual_orientation
    user.device user.device.cookie user.device.cookie_id user.device.device_id user.device.ip_address
    user.financial user.financial.bank_account user.financial.credit_card
    user.government_id user.government_id.birth_certificate user.government_id.drivers_license_number
    user.government_id.immigration user.government_id.national_identification_number
    user.government_id.passport_number user.government_id.vehicle_registration
    user.health_and_medical user.health_and_medical.genetic user.health_and_medical.insurance_beneficiary_id
    user.health_and_medical.record_id
    user.job_title
    user.location user.location.imprecise user.location.precise
    user.name user.name.first user.name.last
    user.payment
    user.privacy_preferences
    user.sensor
    user.social
    user.telemetry
    user.unique_id user.unique_id.pseudonymous
    user.user_sensor
    user.workplace
    system system.authentication system.operations
    """.split()
)

OURS = {
    "vehicle.interest": "the model that somebody wants to drive",
    "vehicle.vin": "the identification number of a car",
    "vehicle.mileage": "how far a car has been driven, and since when",
    "vehicle.appointment": "when and where they come to drive it",
    "inquiry.words": "what somebody writes or says to us, and what we answer",
    "choice.opt_out": "that somebody said no, told to whoever has to obey it",
    "choice.erasure": "that somebody is erased, told by the numbers of what was sent to whoever has to erase it too",
}

# What the law calls sensitive: Cal. Civ. Code 1798.140(ae), and people under 16 since 2026 (R-CA-12).
SENSITIVE = (
    "user.authorization",
    "user.biometric",
    "user.childrens",
    "user.demographic.race_ethnicity",
    "user.demographic.religious_belief",
    "user.demographic.sexual_orientation",
    "user.financial",
    "user.government_id",
    "user.health_and_medical",
    "user.location.precise",
)


def is_known(category: str) -> bool:
    return category in FIDESLANG or category in OURS


def is_sensitive(category: str) -> bool:
    """Whether it is sensitive, or holds something that is ("user.location" holds the precise one)."""
    return any(is_covered(category, (one,)) or is_covered(one, (category,)) for one in SENSITIVE)


def is_covered(category: str, by: Iterable[str]) -> bool:
    return any(category == wider or category.startswith(f"{wider}.") for wider in by)
