"""The carrier's webhook. A stop is answered when it works, not when it was heard."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from forecourt.adapters import texts
from forecourt.messaging import stops
from forecourt.people.addresses import BadAddress

EMPTY = '<?xml version="1.0" encoding="UTF-8"?><Response/>'


@csrf_exempt  # the carrier signs its request instead
@require_POST
def incoming_text(request: HttpRequest) -> HttpResponse:
    try:
        incoming = texts.parse_incoming(
            request.build_absolute_uri(), request.POST, request.headers.get("X-Twilio-Signature", "")
        )
        reply = stops.receive(incoming, request.now)
    except texts.BadSignature as error:
        return HttpResponse(str(error), status=403, content_type="text/plain")
    except (texts.BadRequest, BadAddress, stops.UnknownSender) as error:
        return HttpResponse(str(error), status=400, content_type="text/plain")
    stops.settled(reply.contact_id)
    return HttpResponse(EMPTY, content_type="text/xml")
