"""The Data Rights Protocol's endpoints: for machines of authorized agents, who sign what they send."""

import uuid
from collections.abc import Callable
from functools import wraps

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from forecourt.accounts import throttle
from forecourt.agents import actions, business, envelope, states, wishes
from forecourt.agents.envelope import Message, Refused
from forecourt.agents.models import Agent, Asked
from forecourt.requests import offer
from forecourt.security_log import Event, tell
from forecourt.web.private import private

View = Callable[..., HttpResponse]
SET_UPS = throttle.Limit("tokens of agents from one network", 60, throttle.QUARTER)
ELSEWHERE = (
    "We send no word of changes to that status_callback: it is neither at the agent's own site nor in the directory we have. "
    "Ask for the status instead."
)


def endpoint(*methods: str) -> Callable[[View], View]:
    """Whatever is refused is said in the protocol's own form (its section 3.06)."""

    def ends(view: View) -> View:
        @csrf_exempt  # a signature and a token of its own say whose it is
        @wraps(view)
        def wrapped(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            try:
                if not offer.is_open(request.now):
                    raise Refused(404, "This brand takes requests by letter and phone.")
                if request.method not in methods:
                    raise Refused(405, f"What goes here is {' or '.join(methods)}.")
                return view(request, *args, **kwargs)
            except Refused as refused:
                return problem(refused, methods)

        return wrapped

    return ends


def problem(refused: Refused, methods: tuple[str, ...]) -> HttpResponse:
    said = {"code": str(refused.status), "message": refused.message} | ({"fatal": True} if refused.fatal else {})
    allow = {"Allow": ", ".join(methods)} if refused.status == 405 else {}
    return JsonResponse(said, status=refused.status, headers=allow)


@endpoint("GET", "HEAD")
def discovery(request: HttpRequest) -> HttpResponse:
    return JsonResponse(business.entry())


@private
@endpoint("POST")
def exercise(request: HttpRequest) -> HttpResponse:
    agent = bearer(request)
    message = envelope.check(signed(request, agent), agent.code, business.code(), request.now)
    wish = wishes.read(message.claims, agent)
    asked = actions.take(agent, message, wish, request.now)
    return JsonResponse(states.document(asked, ELSEWHERE if wish.elsewhere else ""))


@private
@endpoint("GET", "HEAD", "DELETE")
def request_of_agent(request: HttpRequest, request_id: str) -> HttpResponse:
    agent = bearer(request)
    asked = asked_by(agent, request_id)
    if request.method == "DELETE":
        message = envelope.check_taking_back(signed(request, agent), agent.code, business.code(), request.now)
        asked = actions.revoke(asked, message, request.now)
    return JsonResponse(states.document(asked))


def asked_by(agent: Agent, request_id: str) -> Asked:
    """Another agent's request is answered as one that does not exist is, and as what is no number at all."""
    try:
        found = Asked.objects.filter(pk=uuid.UUID(request_id), agent=agent).first()
    except ValueError:
        found = None
    if found is None:
        raise Refused(403, "No request of this agent has this number.")
    return found


@private
@csrf_exempt
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
        token = actions.set_up(found, message)
        tell(Event.SIGNED_IN, way="agent-token", who=code)
        return JsonResponse({"agent-id": code, "token": token})
    except throttle.TooMany:
        return HttpResponse(status=429)
    except Refused:
        return HttpResponse(status=403)


@endpoint("GET", "HEAD", "POST")
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
    # The reference agent names no type where it takes a request back.
    if request.content_type not in ("text/plain", ""):
        raise Refused(415, "Send it as text/plain.")
    try:
        return envelope.open_signed(request.body, bytes(agent.verify_key))
    except RequestDataTooBig:
        raise envelope.too_long() from None
