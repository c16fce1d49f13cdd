"""ResendConfirmationCode on the practice pool: every rule, asked over HTTP by boto3."""

import json
import re
import time
from email.utils import parsedate_to_datetime
from urllib.request import ProxyHandler, Request, build_opener

import pytest

from confirmdesk.practice.resend import secret_hash

MOBILE, NEWSLETTER = 1, 1
HOUR = 3600.0
LIMITED = ("LimitExceededException", "Attempt limit exceeded, please try after some time.")
UNDELIVERED = ("CodeDeliveryFailureException", "Invalid email provided/Unable to send the email")


def attributes(user):
    return {attribute["Name"]: attribute["Value"] for attribute in user["Attributes"]}


def test_an_unconfirmed_user_is_sent_an_email(caller, plain_user):
    address = attributes(plain_user)["email"]
    details = caller.resend(plain_user["Username"])
    assert details == {
        "Destination": f"{address[0]}***@e***",
        "DeliveryMedium": "EMAIL",
        "AttributeName": "email",
    }
    (message,) = caller.server.outbox()
    assert (message.number, message.medium, message.destination) == (1, "EMAIL", address)
    assert message.username == plain_user["Username"]
    assert message.client_id == caller.server.pools[0].clients[0].client_id
    assert message.subject == "Your verification code"
    assert re.fullmatch(r"Your verification code is \d{6}\.", message.body)


def test_whoever_has_both_addresses_gets_an_sms_only(caller):
    user = caller.username('email = "moments.ago@example.org"')
    assert caller.resend(user) == {
        "Destination": "+********0010",
        "DeliveryMedium": "SMS",
        "AttributeName": "phone_number",
    }
    (message,) = caller.server.outbox()
    assert (message.medium, message.destination, message.subject) == ("SMS", "+447700900010", "")


def test_a_pool_that_verifies_only_email_ignores_the_phone(caller):
    user = caller.username('email = "moments.ago@example.org"')
    caller.control.update_user_pool(UserPoolId=caller.pool_id(), AutoVerifiedAttributes=["email"])
    assert caller.resend(user)["DeliveryMedium"] == "EMAIL"


def test_a_phone_alone_does_not_help_in_a_pool_that_verifies_only_email(caller):
    user = next(
        user
        for user in caller.users('phone_number ^= "+447700900"')
        if "email" not in attributes(user) and user["Enabled"] and user["UserStatus"] == "UNCONFIRMED"
    )
    assert caller.resend(user["Username"])["DeliveryMedium"] == "SMS"
    caller.control.update_user_pool(UserPoolId=caller.pool_id(), AutoVerifiedAttributes=["email"])
    assert caller.refusal(user["Username"]) == UNDELIVERED


def test_whoever_has_no_address_cannot_be_reached(caller):
    assert caller.refusal(caller.username('name = "Nobody Reachable"')) == UNDELIVERED
    assert caller.server.outbox() == []


def test_an_unknown_client_does_not_exist(caller, plain_user):
    with pytest.raises(caller.send.exceptions.ResourceNotFoundException) as caught:
        caller.send.resend_confirmation_code(ClientId="nobody1here", Username=plain_user["Username"])
    assert caught.value.response["Error"]["Message"] == "User pool client nobody1here does not exist."


def test_a_client_with_a_secret_wants_the_hash(caller, plain_user):
    client = caller.server.pools[0].clients[0].client_id
    with pytest.raises(caller.send.exceptions.NotAuthorizedException) as caught:
        caller.send.resend_confirmation_code(ClientId=client, Username=plain_user["Username"])
    text = f"Client {client} is configured with secret but SECRET_HASH was not received"
    assert caught.value.response["Error"]["Message"] == text


@pytest.mark.parametrize("change", [str.swapcase, lambda text: "A" * 44, lambda text: text[:-1], lambda text: "Ünfug"])
def test_a_wrong_hash_is_refused(caller, plain_user, change):
    client = caller.server.pools[0].clients[0]
    right = secret_hash(plain_user["Username"], client.client_id, client.secret)
    refusal = caller.refusal(plain_user["Username"], SecretHash=change(right))
    assert refusal == ("NotAuthorizedException", f"Unable to verify secret hash for client {client.client_id}")


def test_a_hash_over_the_email_is_refused(caller, plain_user):
    client = caller.server.pools[0].clients[0]
    over_email = secret_hash(attributes(plain_user)["email"], client.client_id, client.secret)
    refusal = caller.refusal(plain_user["Username"], SecretHash=over_email)
    assert refusal[1].startswith("Unable to verify secret hash")


def test_a_public_client_wants_no_hash(caller, plain_user):
    assert caller.resend(plain_user["Username"], MOBILE)["DeliveryMedium"] == "EMAIL"
    assert caller.refusal(plain_user["Username"], MOBILE, SecretHash="A" * 44)[0] == "NotAuthorizedException"


def test_the_hash_is_the_documented_one():
    # Worked out with OpenSSL: printf mytestuser1example23456789 | openssl dgst -sha256 -hmac 9example87654321 -binary
    known = "AYin1wReBq+RQpgkLjHSLSWJQB/NgayMcMWKp0/mxfI="
    assert secret_hash("mytestuser", "1example23456789", "9example87654321") == known


def test_a_pool_without_auto_verification_sends_nothing(caller):
    refusal = caller.refusal("amelia.h", 0, NEWSLETTER)
    assert refusal == ("NotAuthorizedException", "Cannot resend codes. Auto verification not turned on.")


def test_the_pool_is_looked_at_before_the_user(caller):
    assert caller.refusal("nobody", 0, NEWSLETTER)[0] == "NotAuthorizedException"


def test_a_talkative_client_tells_that_a_user_is_unknown(caller):
    refusal = caller.refusal("nobody", MOBILE)
    assert refusal == ("UserNotFoundException", "Username/client id combination not found.")


def test_a_discreet_client_alternates_between_two_disguises(caller):
    seen = [
        caller.resend("nobody"),
        caller.refusal("somebody")[0],
        caller.resend("nobody"),
        caller.refusal("nobody")[0],
    ]
    simulated = {"Destination": "u***@y***", "DeliveryMedium": "EMAIL", "AttributeName": "email"}
    assert seen == [simulated, "InvalidParameterException"] * 2
    assert caller.server.outbox() == []


def test_no_real_address_looks_like_the_disguise(caller):
    addresses = [attributes(user).get("email", "") for user in caller.users()]
    assert not [address for address in addresses if re.fullmatch("u.*@y.*", address, re.IGNORECASE)]


def test_an_email_is_no_username(caller, plain_user):
    assert caller.refusal(attributes(plain_user)["email"], MOBILE)[0] == "UserNotFoundException"
    assert caller.refusal(plain_user["Username"].upper(), MOBILE)[0] == "UserNotFoundException"


def test_a_disabled_user_gets_nothing_and_only_a_talkative_client_says_so(caller):
    user = caller.username('email = "disabled.desmond@example.com"')
    assert caller.resend(user)["Destination"] == "u***@y***"
    assert caller.resend(user)["Destination"] == "u***@y***"
    assert caller.refusal(user, MOBILE) == ("NotAuthorizedException", "User is disabled.")
    assert caller.server.outbox() == []


def test_a_confirmed_user_needs_no_code(caller):
    user = caller.users('cognito:user_status = "CONFIRMED"')[0]
    assert caller.refusal(user["Username"]) == ("InvalidParameterException", "User is already confirmed.")


@pytest.mark.parametrize("status", ["FORCE_CHANGE_PASSWORD", "RESET_REQUIRED", "EXTERNAL_PROVIDER"])
def test_other_statuses_are_refused_with_another_text(caller, status):
    user = caller.users(f'cognito:user_status = "{status}"')[0]
    code, text = caller.refusal(user["Username"])
    assert code == "InvalidParameterException"
    assert "already confirmed" not in text


def test_who_confirms_meanwhile_is_confirmed(caller, plain_user):
    caller.control.admin_confirm_sign_up(UserPoolId=caller.pool_id(), Username=plain_user["Username"])
    assert caller.refusal(plain_user["Username"])[1] == "User is already confirmed."


def test_five_an_hour_and_the_hour_slides(caller, plain_user):
    user = plain_user["Username"]
    caller.resend(user)
    caller.server.put_clock_forward(HOUR / 2)
    for _ in range(4):
        caller.resend(user)
    assert caller.refusal(user) == LIMITED
    caller.server.put_clock_forward(HOUR / 2)
    caller.resend(user)
    assert caller.refusal(user) == LIMITED
    caller.server.put_clock_forward(HOUR / 2)
    for _ in range(4):
        caller.resend(user)
    assert caller.refusal(user) == LIMITED
    assert len(caller.server.outbox()) == 10


def test_the_limit_is_each_users_own_whatever_the_client(caller, plain_user):
    other = caller.username('email = "html@example.com"')
    for _ in range(5):
        caller.resend(plain_user["Username"])
    assert caller.refusal(plain_user["Username"], MOBILE) == LIMITED
    caller.resend(other)


def test_a_refused_attempt_does_not_prolong_the_wait(caller, plain_user):
    for _ in range(5):
        caller.resend(plain_user["Username"])
    caller.server.put_clock_forward(HOUR - 60)
    assert caller.refusal(plain_user["Username"]) == LIMITED
    caller.server.put_clock_forward(60)
    caller.resend(plain_user["Username"])


@pytest.mark.parametrize("address", ["bounce.barnaby@example.com", "bounce.beatrix@example.net"])
def test_an_address_that_bounces_is_refused(caller, address):
    assert caller.refusal(caller.username(f'email = "{address}"')) == UNDELIVERED


def test_a_lambda_can_refuse_and_its_words_come_through(caller):
    refusal = caller.refusal(caller.username('email = "pending.pauline@example.org"'))
    text = "CustomMessage failed with error Pending for approval."
    assert refusal == ("UserLambdaValidationException", text)
    assert caller.server.outbox() == []


def test_the_trigger_receives_the_metadata_exactly(caller, plain_user):
    metadata = {"ticket": "T-4711", "": "", "Grüße": 'naïve "quotes"\n\u202e👋', "long": "x" * 131072}
    caller.resend(plain_user["Username"], ClientMetadata=metadata)
    (message,) = caller.server.outbox()
    assert message.client_metadata == metadata
    event = message.trigger_event
    assert event["triggerSource"] == "CustomMessage_ResendCode"
    assert event["userPoolId"] == caller.pool_id()
    assert event["userName"] == plain_user["Username"]
    assert event["callerContext"]["clientId"] == message.client_id
    assert event["request"]["codeParameter"] == "####"
    assert attributes(plain_user).items() <= event["request"]["userAttributes"].items()


def test_no_metadata_means_none_in_the_event(caller, plain_user):
    caller.resend(plain_user["Username"])
    caller.resend(plain_user["Username"], ClientMetadata={})
    assert [message.client_metadata for message in caller.server.outbox()] == [None, {}]


def test_the_request_is_kept_as_received_and_its_hash_out_of_sight(caller, plain_user):
    context = {"IpAddress": "192.0.2.7", "EncodedData": "fingerprint"}
    caller.resend(plain_user["Username"], UserContextData=context)
    (message,) = caller.server.outbox()
    client = caller.server.pools[0].clients[0]
    digest = secret_hash(plain_user["Username"], client.client_id, client.secret)
    assert message.request == {
        "ClientId": client.client_id,
        "Username": plain_user["Username"],
        "SecretHash": digest,
        "UserContextData": context,
    }
    assert digest not in repr(message)


def test_the_outbox_tells_signed_from_unsigned(caller, plain_user):
    caller.resend(plain_user["Username"], MOBILE)
    body = {"ClientId": caller.server.pools[0].clients[MOBILE].client_id, "Username": plain_user["Username"]}
    headers = {
        **caller.server.headers,
        "X-Amz-Target": "AWSCognitoIdentityProviderService.ResendConfirmationCode",
        "Content-Type": "application/x-amz-json-1.1",
        # By hand: botocore signs this call not even for a client that has keys.
        "Authorization": "AWS4-HMAC-SHA256 Credential=practice/20260101/us-east-1/cognito-idp/aws4_request",
    }
    build_opener(ProxyHandler({})).open(Request(caller.server.endpoint, json.dumps(body).encode(), headers)).close()
    assert [message.signed for message in caller.server.outbox()] == [False, True]


def test_the_outbox_gives_what_is_new(caller, plain_user):
    for _ in range(3):
        caller.resend(plain_user["Username"])
    assert [message.number for message in caller.server.outbox(after=1)] == [2, 3]
    assert caller.server.outbox(after=3) == []


def test_every_answer_carries_the_date_of_the_practice_pools_clock(caller, plain_user):
    def date_of(answer):
        return parsedate_to_datetime(answer["ResponseMetadata"]["HTTPHeaders"]["date"]).timestamp()

    before = date_of(caller.control.list_user_pools(MaxResults=1))
    assert before == pytest.approx(time.time(), abs=30)
    caller.server.put_clock_forward(HOUR)
    assert date_of(caller.control.list_user_pools(MaxResults=1)) == pytest.approx(before + HOUR, abs=30)
