"""The Data Rights Protocol's endpoints: for machines of authorized agents, who sign what they send."""

import uuid
from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from forecourt.accounts import throttle
from forecourt.agents import actions, business, envelope, states, wishes
from forecourt.agents.envelope import Message, Refused
from forecourt.agents.models import Agent, Asked
from forecourt.requests import offer
from forecourt.web.private import private

View = Callable[..., HttpResponse]
SET_UPS = throttle.Limit("tokens of agents from one network", 60, throttle.QUARTER)


def endpoint(view: View) -> View:
    """Whatever is refused is said in the protocol's own form (its section 3.06)."""

    @csrf_exempt  # a signature and a token of its own say whose it is
    @wraps(view)
    def wrapped(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        try:
            if not offer.is_open(request.now):
                raise Refused(404, "This brand takes requests by letter and phone.")
            return view(request, *args, **kwargs)
        except Refused as refused:
            return problem(refused)

    return wrapped


def problem(refused: Refused) -> HttpResponse:
    said = {"code": str(refused.status), "message": refused.message}
    return JsonResponse(said | ({"fatal": True} if refused.fatal else {}), status=refused.status)


@endpoint
@require_safe
def discovery(request: HttpRequest) -> HttpResponse:
    return JsonResponse(business.entry())


@private
@endpoint
@require_POST
def exercise(request: HttpRequest) -> HttpResponse:
    agent = bearer(request)
    message = envelope.check(signed(request, agent), agent.code, business.code(), request.now)
    wish = wishes.read(message.claims, agent.callback)
    return JsonResponse(states.document(actions.take(agent, message, wish, request.now)))


@private
@endpoint
@require_http_methods(["GET", "HEAD", "DELETE"])
def request_of_agent(request: HttpRequest, request_id: uuid.UUID) -> HttpResponse:
    agent = bearer(request)
    asked = Asked.objects.filter(pk=request_id, agent=agent).first()
    if asked is None:
        raise Refused(403, "No request of this agent has this number.")
    if request.method == "DELETE":
        signed(request, agent)
        asked = actions.revoke(asked, request.now)
    return JsonResponse(states.document(asked))


@private
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def agent(request: HttpRequest, code: str) -> HttpResponse:
    return set_up(request, code) if request.method == "POST" else known(request, code)


def set_up(request: HttpRequest, code: str) -> HttpResponse:
    """What fails is told in no word, as the protocol has it (its section 2.05.1)."""
    try:
        throttle.count((SET_UPS, throttle.network(request)), now=request.now)
        found = actions.find(code) if offer.is_open(request.now) else None
        if found is None:
            return HttpResponse(status=403)
        message = envelope.check(signed(request, found), code, business.code(), request.now)
        return JsonResponse({"agent-id": code, "token": actions.set_up(found, message)})
    except throttle.TooMany:
        return HttpResponse(status=429)
    except Refused:
        return HttpResponse(status=403)


@endpoint
def known(request: HttpRequest, code: str) -> HttpResponse:
    if bearer(request).code != code:
        raise Refused(403, "This token is another agent's.")
    return JsonResponse({})


def bearer(request: HttpRequest) -> Agent:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    found = actions.agent_of(token.strip()) if scheme.lower() == "bearer" else None
    if found is None:
        raise Refused(403, "No agent has this token: set one up at /v1/agent/ and your id.", fatal=False)
    return found


def signed(request: HttpRequest, agent: Agent) -> Message:
    if request.content_type != "text/plain":
        raise Refused(415, "Send it as text/plain.")
    if int(request.META.get("CONTENT_LENGTH") or 0) > min(envelope.LONGEST, settings.DATA_UPLOAD_MAX_MEMORY_SIZE):
        raise Refused(413, f"The message is longer than {envelope.LONGEST:,} bytes.")
    return envelope.open_signed(request.body, bytes(agent.verify_key))
