import pytest

from confirmdesk.core.people.users import make_user
from confirmdesk.core.sending.judging import judge
from confirmdesk.core.sending.outcomes import (
    EMPTY_ANSWER,
    NO_ANSWER,
    NOT_AWS,
    NOT_CALLED,
    NOT_REACHED,
    NOT_SENDABLE,
    Again,
    Outcome,
    Reply,
)

JANE = "jane@example.com"
USER = make_user("jane", 0, True, "UNCONFIRMED", [("email", JANE), ("phone_number", "+447700900112")])
STOPS, GOES_ON = True, False

# Every row of what the service is known to answer: code, text, outcome, whether the run ends, words of the advice.
ROWS = [
    ("InvalidParameterException", "User is already confirmed.", Outcome.NOT_NEEDED, GOES_ON, "Good news"),
    ("InvalidParameterException", "1 validation error detected", Outcome.FAILED, GOES_ON, "Refresh the list"),
    (
        "InvalidParameterException",
        "Cognito received the following error from Amazon SES when attempting to send email: Email address is not "
        "verified. The following identities failed the check in region EU-WEST-1: no-reply@example.com",
        Outcome.LEFT,
        STOPS,
        "Amazon SES",
    ),
    ("InvalidParameterException", "The message is empty.", Outcome.LEFT, STOPS, "{####}"),
    (
        "InvalidParameterException",
        "1 validation error detected: Value at 'emailBody' failed to satisfy constraint: Member must satisfy regular "
        "expression pattern: [\\s\\S]*\\{####\\}[\\s\\S]*",
        Outcome.LEFT,
        STOPS,
        "{####}",
    ),
    (
        "NotAuthorizedException",
        "Cannot resend codes. Auto verification not turned on.",
        Outcome.LEFT,
        STOPS,
        "AutoVerifiedAttributes",
    ),
    (
        "NotAuthorizedException",
        "Unable to verify secret hash for client 4f9k2",
        Outcome.LEFT,
        STOPS,
        "Enter the new one, and go on",
    ),
    (
        "NotAuthorizedException",
        "Client 4f9k2 is configured with secret but SECRET_HASH was not received",
        Outcome.LEFT,
        STOPS,
        "needs its client secret",
    ),
    ("NotAuthorizedException", "User is disabled.", Outcome.FAILED, GOES_ON, "must be enabled"),
    ("NotAuthorizedException", "Something else.", Outcome.LEFT, STOPS, "administrator"),
    ("UserNotFoundException", "Username/client id combination not found.", Outcome.FAILED, GOES_ON, "sign up again"),
    ("ResourceNotFoundException", "User pool client 4f9k2 does not exist.", Outcome.LEFT, STOPS, "exists"),
    (
        "LimitExceededException",
        "Attempt limit exceeded, please try after some time.",
        Outcome.WAITING,
        GOES_ON,
        "newest message",
    ),
    (
        "LimitExceededException",
        "Exceeded daily email limit for the operation or the account. If a higher limit is required, please configure "
        "your user pool to use your own Amazon SES configuration for sending email.",
        Outcome.LEFT,
        STOPS,
        "09:00 UTC",
    ),
    ("TooManyRequestsException", "Too many requests", Outcome.LEFT, STOPS, "wait a few minutes"),
    ("TooManyRequestsException", "Rate exceeded", Outcome.LEFT, STOPS, "wait a few minutes"),
    (
        "CodeDeliveryFailureException",
        "Invalid email provided/Unable to send the email",
        Outcome.FAILED,
        GOES_ON,
        "typo",
    ),
    (
        "UserLambdaValidationException",
        "CustomMessage failed with error Pending for approval.",
        Outcome.FAILED,
        GOES_ON,
        "“CustomMessage failed with error Pending for approval.”",
    ),
    (
        "UnexpectedLambdaException",
        "CustomMessage invocation failed due to error AccessDeniedException.",
        Outcome.LEFT,
        STOPS,
        "permissions",
    ),
    (
        "UnexpectedLambdaException",
        "CustomMessage invocation failed due to error Socket timeout while invoking Lambda function.",
        Outcome.UNKNOWN,
        GOES_ON,
        "may have been sent",
    ),
    ("InvalidLambdaResponseException", "Unrecognizable lambda output", Outcome.LEFT, STOPS, "developer"),
    ("InvalidEmailRoleAccessPolicyException", "", Outcome.LEFT, STOPS, "SES sending"),
    ("InvalidSmsRoleAccessPolicyException", "", Outcome.LEFT, STOPS, "role"),
    ("InvalidSmsRoleTrustRelationshipException", "", Outcome.LEFT, STOPS, "trust"),
    ("ForbiddenException", "Request not allowed due to WAF block.", Outcome.LEFT, STOPS, "security team"),
    ("OperationNotEnabledException", "", Outcome.LEFT, STOPS, "primary region"),
    ("InternalErrorException", "", Outcome.UNKNOWN, GOES_ON, "may have been sent"),
    ("SomethingNewException", "Nobody has seen this", Outcome.FAILED, GOES_ON, "does not know"),
    ("UnknownOperationException", "", Outcome.LEFT, STOPS, "does not know how to resend a code"),
    ("Unsupported", "Cognito Local unsupported feature: ResendConfirmationCode", Outcome.LEFT, STOPS, "endpoint URL"),
    ("InternalFailure", "ResendConfirmationCode is not yet implemented", Outcome.LEFT, STOPS, "leave it empty for AWS"),
    ("InternalError", "Unknown operation resend_confirmation_code", Outcome.LEFT, STOPS, "leave it empty for AWS"),
    ("UserLambdaValidationException", "ResendConfirmationCode not supported", Outcome.FAILED, GOES_ON, "developers"),
    (NOT_REACHED, "The proxy is gone.", Outcome.LEFT, STOPS, "Nothing was sent. The proxy is gone."),
    (NOT_CALLED, "The file is gone.", Outcome.LEFT, STOPS, "Nothing was sent. The file is gone."),
    (NO_ANSWER, "", Outcome.UNKNOWN, GOES_ON, "may have been sent"),
    (EMPTY_ANSWER, "", Outcome.UNKNOWN, GOES_ON, "may have been sent"),
    (NOT_SENDABLE, "", Outcome.FAILED, GOES_ON, "Nothing was sent"),
]


@pytest.mark.parametrize(
    ("code", "text", "outcome", "stops", "advice"), ROWS, ids=[f"{r[0]}-{r[1][:24]}" for r in ROWS]
)
def test_every_known_answer_has_its_outcome_and_its_advice(code, text, outcome, stops, advice):
    verdict = judge(Reply(code, text, 400), USER)
    assert (verdict.outcome, verdict.stops) == (outcome, stops)
    assert advice in verdict.advice


def test_what_may_have_been_sent_is_never_taken_again_without_a_question():
    for code, text, outcome, _, _ in ROWS:
        if outcome is Outcome.UNKNOWN:
            assert judge(Reply(code, text, 400), USER).again is Again.ASK


def test_an_unknown_code_with_a_server_fault_may_have_been_sent():
    assert judge(Reply("SomethingNewException", "", 503), USER).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize("status", [302, 400, 403, 405, 429])
def test_an_answer_that_names_no_error_is_not_from_aws_and_stops_the_run_with_nothing_sent(status):
    verdict = judge(Reply(str(status), "Blocked by policy 77", status), USER)
    assert (verdict.outcome, verdict.stops, verdict.again) == (Outcome.LEFT, True, Again.YES)
    assert f"HTTP {status}" in verdict.advice
    assert "firewall" in verdict.advice


@pytest.mark.parametrize(("code", "status"), [(NOT_AWS, 404), ("404", 404), (NOT_AWS, 501), ("501", 501), ("X", 501)])
def test_an_endpoint_that_does_not_know_the_call_is_told_as_such(code, status):
    verdict = judge(Reply(code, "", status), USER)
    assert (verdict.outcome, verdict.stops) == (Outcome.LEFT, True)
    assert verdict.cause == "This endpoint has no ResendConfirmationCode"


def test_an_error_page_of_a_server_on_the_way_is_no_sign_in_page():
    verdict = judge(Reply(NOT_AWS, "", 502), USER)
    assert "Wi-Fi" not in verdict.advice
    assert "502" in verdict.advice
    assert "may have been sent" in verdict.advice


def test_a_bare_server_fault_may_have_been_sent():
    verdict = judge(Reply("503", "busy", 503), USER)
    assert (verdict.outcome, verdict.stops) == (Outcome.UNKNOWN, False)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(200, Outcome.UNKNOWN), (502, Outcome.UNKNOWN), (302, Outcome.LEFT), (403, Outcome.LEFT)],
)
def test_a_page_for_people_ends_the_run_and_is_never_accepted(status, outcome):
    verdict = judge(Reply(NOT_AWS, "", status), USER)
    assert (verdict.outcome, verdict.stops) == (outcome, True)


@pytest.mark.parametrize(("destination", "medium"), [("", ""), ("j***@e***", ""), ("", "EMAIL")])
def test_a_200_without_destination_and_medium_is_unknown(destination, medium):
    assert judge(Reply(status=200, destination=destination, medium=medium), USER).outcome is Outcome.UNKNOWN


def test_a_200_with_a_fitting_mask_is_accepted_and_with_another_doubtful():
    assert judge(Reply(status=200, destination="J***@E***", medium="EMAIL"), USER).outcome is Outcome.ACCEPTED
    assert judge(Reply(status=200, destination="+*******0112", medium="SMS"), USER).outcome is Outcome.ACCEPTED
    assert judge(Reply(status=200, destination="j***@e***", medium="SMS"), USER).outcome is Outcome.DOUBTFUL
    verdict = judge(Reply(status=200, destination="u***@y***", medium="EMAIL"), USER)
    assert (verdict.outcome, verdict.again) == (Outcome.DOUBTFUL, Again.ASK)
