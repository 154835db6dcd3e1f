"""What agents are told of us: our entry of the network's directory (the protocol's section 3.05.2)."""

import re

from django.urls import reverse

from forecourt.agents.models import Asked
from forecourt.web.brand import brand

SUPPORTED = [one.value for one in Asked.Exercise if one is not Asked.Exercise.OPT_IN]
VERIFIED_BY = ["email", "phone_number"]


def code() -> str:
    return re.sub("[^A-Z]+", "_", brand().name.upper()).strip("_")


def entry() -> dict[str, object]:
    ours = brand()
    return {
        "id": code(),
        "name": ours.name,
        "logo": None,
        "api_base": ours.site_url,
        "supported_actions": SUPPORTED,
        "supported_verifications": VERIFIED_BY,
        "privacy_policy_url": f"{ours.site_url}{reverse('proof:policy')}",
        "web_url": f"{ours.site_url}/",
        "technical_contact": ours.privacy_email,
        "business_contact": ours.privacy_email,
    }
