"""An agent as the protocol has it: it signs what it sends, and keeps a token."""

import base64
import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.test import Client

from forecourt.agents import directory
from forecourt.consent import choices, standing
from forecourt.people import contacts
from tests.cast import ADA

REQUESTS = "/v1/data-rights-request"
CALLBACK = "https://kestrel.example/status"


def sealed(content: bytes, key: Ed25519PrivateKey) -> str:
    return base64.b64encode(key.sign(content) + content).decode()


@dataclass
class Machine:
    now: datetime
    code: str = "KESTREL"
    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    token: str = ""
    client: Client = field(default_factory=lambda: Client(enforce_csrf_checks=True))

    @property
    def entry(self) -> dict[str, str]:
        return {
            "id": self.code,
            "name": "Kestrel, who asks for you",
            "verify_key": base64.b64encode(self.key.public_key().public_bytes_raw()).decode(),
            "web_url": "https://kestrel.example/",
            "status_callback": CALLBACK,
        }

    def listed(self) -> "Machine":
        directory.add([directory.entry(self.entry, "the directory")], self.now)
        return self

    def claims(self, **more: Any) -> dict[str, Any]:
        said = {
            "agent-id": self.code,
            "business-id": "WREN",
            "issued-at": self.now.isoformat(),
            "expires-at": (self.now + timedelta(minutes=10)).isoformat(),
            "drp.version": "1.0",
            **{name.replace("__", "."): value for name, value in more.items()},
        }
        return {name: value for name, value in said.items() if value is not None}

    def wish(self, exercise: str = "sale:opt_out", **more: Any) -> dict[str, Any]:
        person = {"exercise": exercise, "regime": "ccpa", "email": ADA.contact, "email_verified": True}
        return self.claims(**{**person, **more})

    def sign(self, claims: dict[str, Any]) -> str:
        return sealed(json.dumps(claims).encode(), self.key)

    @property
    def bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def sets_up(self, body: str | None = None, code: str = ""):
        body = self.sign(self.claims()) if body is None else body
        answer = self.client.post(f"/v1/agent/{code or self.code}", body, content_type="text/plain")
        if answer.status_code == 200:
            self.token = answer.json()["token"]
        return answer

    def sends(self, body: str, content_type: str = "text/plain"):
        return self.client.post(REQUESTS, body, content_type=content_type, headers=self.bearer)

    def asks(self, exercise: str = "sale:opt_out", **more: Any):
        return self.sends(self.sign(self.wish(exercise, **more)))

    def looks(self, request_id: str):
        return self.client.get(f"{REQUESTS}/{request_id}", headers=self.bearer)

    def revokes(self, request_id: str, body: str | None = None):
        body = self.sign({"reason": "I changed my mind"}) if body is None else body
        return self.client.delete(f"{REQUESTS}/{request_id}", body, content_type="text/plain", headers=self.bearer)


def refused_by(address: str):
    contact = contacts.find(contacts.read(address))
    return choices.of_standing(standing.of(contact.pk)).said_no
