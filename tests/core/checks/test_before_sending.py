import socket
import time
from dataclasses import replace
from email.utils import formatdate

import pytest
from samples import HOUR, JANE, MARY, TOM
from scripted_aws import dated, error, http, ok

from confirmdesk.core.aws.clients import Aws
from confirmdesk.core.checks.before_sending import ConnectionFacts, checks_of, read_facts
from confirmdesk.core.checks.check import Check, Light
from confirmdesk.core.cognito.control import ClientFacts, Control, PoolFacts
from confirmdesk.core.connections.connection import Connection
from confirmdesk.core.connections.secret import Secret
from confirmdesk.core.errors import Kind, Problem
from confirmdesk.core.sending.plan import Plan, make_plan

SHOP = Connection("Shop", "eu-west-1", "eu-west-1_Ab12Cd34E", "4f9k2client")
BOTH = frozenset({"email", "phone_number"})
EMAIL, PHONE = frozenset({"email"}), frozenset({"phone_number"})
POOL = PoolFacts("Shop", EMAIL, custom_message=True, built_in_mailer=False)
CLIENT = ClientFacts("web", Secret("canary-secret"), hides_users=True)
FINE = ConnectionFacts(POOL, CLIENT)
STORED = Secret("canary-secret")
DENIED = error("AccessDeniedException", "User: arn is not authorized to perform this")


def plan_of(*users, verified=EMAIL, rows=()):
    return make_plan(users, rows, verified)


MAIL, TEXTS = plan_of(JANE), plan_of(MARY, TOM, verified=PHONE)
TAGGED = plan_of(JANE, rows=[("ticket", "HD-4711")])


def about(setting, checks):
    """The lights and sentences about one setting."""
    return [(check.light, check.sentence) for check in checks if check.setting == setting]


def of_pool(plan=MAIL, sent_today=0, **changes):
    return checks_of(replace(FINE, pool=replace(POOL, **changes)), SHOP, STORED, plan, sent_today)


def test_a_pool_in_order_is_all_good():
    checks = checks_of(FINE, SHOP, STORED, TAGGED)
    assert {check.light for check in checks} == {Light.GOOD}
    assert [check.setting for check in checks] == [
        "AutoVerifiedAttributes",
        "AutoVerifiedAttributes",
        "VerificationMessageTemplate.DefaultEmailOption",
        "EmailConfiguration.EmailSendingAccount",
        "LambdaConfig.CustomMessage",
        "Client secret",
        "PreventUserExistenceErrors",
    ]


def test_the_gravest_comes_first():
    facts = ConnectionFacts(
        replace(POOL, auto_verified=BOTH, sms_failure="SNSSandbox"), Problem("No.", kind=Kind.DENIED)
    )
    checks = checks_of(facts, SHOP, STORED, plan_of(JANE, MARY, verified=BOTH))
    order = [Light.BAD, Light.WARN, Light.UNKNOWN, Light.GOOD]
    assert [light for light in order if light in {check.light for check in checks}] == order
    assert [check.light for check in checks] == sorted((check.light for check in checks), key=order.index)


def test_a_pool_that_verifies_nothing_refuses_every_code():
    (only,) = about("AutoVerifiedAttributes", of_pool(auto_verified=frozenset()))
    assert only == (Light.BAD, "This pool verifies no addresses, so Cognito refuses to send any code.")


@pytest.mark.parametrize(
    ("verified", "people", "light", "words"),
    [
        (EMAIL, (JANE,), Light.GOOD, "by e-mail only"),
        (PHONE, (MARY, TOM), Light.WARN, "by SMS only: 2 SMS in this list, and each costs money"),
        (BOTH, (JANE, MARY), Light.WARN, "gets an SMS only, never an e-mail: 1 SMS in this list, and each costs money"),
        (BOTH, (JANE,), Light.GOOD, "gets an SMS only, never an e-mail: nobody in this list"),
    ],
)
def test_the_channel_and_what_it_costs(verified, people, light, words):
    checks = of_pool(plan_of(*people, verified=verified), auto_verified=verified)
    (found,) = (found for found, sentence in about("AutoVerifiedAttributes", checks) if words in sentence)
    assert found is light


@pytest.mark.parametrize(("by_link", "words"), [(True, "a link to click"), (False, "a code to type in")])
def test_whether_the_mail_carries_a_link_or_a_code(by_link, words):
    ((light, sentence),) = about("VerificationMessageTemplate.DefaultEmailOption", of_pool(by_link=by_link))
    assert light is Light.GOOD
    assert words in sentence


@pytest.mark.parametrize(
    ("people", "sent_today", "light"),
    [(50, 0, Light.GOOD), (51, 0, Light.WARN), (2, 48, Light.GOOD), (3, 48, Light.WARN), (1, 50, Light.BAD)],
)
def test_the_built_in_mailer_counts_what_went_out_today(people, sent_today, light):
    crowd = Plan(tuple(MAIL.recipients) * people)
    ((found, sentence),) = about(
        "EmailConfiguration.EmailSendingAccount", of_pool(crowd, sent_today, built_in_mailer=True)
    )
    assert found is light
    assert f"{sent_today} went out from here today; this list has {people}." in sentence


def test_nothing_is_said_of_mail_where_nobody_gets_one():
    settings = {check.setting for check in of_pool(TEXTS, auto_verified=PHONE, built_in_mailer=True, sms_failure="")}
    assert "EmailConfiguration.EmailSendingAccount" not in settings
    assert "VerificationMessageTemplate.DefaultEmailOption" not in settings


@pytest.mark.parametrize(
    ("failure", "setting", "light", "words"),
    [
        ("SNSSandbox", "Amazon SNS: SMS sandbox", Light.BAD, "only phone numbers that were verified there"),
        ("InvalidSmsRoleAccessPolicyException", "SmsConfiguration", Light.BAD, "InvalidSmsRoleAccessPolicyException"),
        ("", "SmsConfiguration", Light.GOOD, "no trouble"),
    ],
)
def test_what_aws_reports_of_sms(failure, setting, light, words):
    ((found, sentence),) = about(setting, of_pool(TEXTS, auto_verified=PHONE, sms_failure=failure))
    assert found is light
    assert words in sentence


def test_a_sandbox_is_of_no_interest_to_people_with_mail():
    assert all("sandbox" not in check.sentence for check in of_pool(sms_failure="SNSSandbox"))


def test_a_custom_sender_is_told_where_it_sends_to_somebody():
    ((light, sentence),) = about("LambdaConfig.CustomEmailSender", of_pool(custom_email_sender=True))
    assert light is Light.WARN
    assert "its failures never come back" in sentence
    assert about("LambdaConfig.CustomSMSSender", of_pool(custom_sms_sender=True)) == []
    both = of_pool(TEXTS, auto_verified=PHONE, custom_sms_sender=True, sms_failure="SNSSandbox")
    assert len(about("LambdaConfig.CustomSMSSender", both)) == 1
    assert about("Amazon SNS: SMS sandbox", both) == []


def test_a_custom_sender_does_the_mailing_so_no_mailer_has_a_limit():
    checks = of_pool(Plan(MAIL.recipients * 60), custom_email_sender=True, built_in_mailer=True)
    assert about("EmailConfiguration.EmailSendingAccount", checks) == []


def test_metadata_without_a_trigger_does_nothing():
    setting = "LambdaConfig.CustomMessage"
    ((light, sentence),) = about(setting, of_pool(TAGGED, custom_message=False))
    assert light is Light.WARN
    assert "ignores the client metadata" in sentence
    assert about(setting, of_pool(MAIL, custom_message=False)) == []
    ((light, _),) = about(setting, of_pool(TAGGED, custom_message=False, custom_email_sender=True))
    assert light is Light.UNKNOWN


@pytest.mark.parametrize(
    ("needed", "stored", "light", "words"),
    [
        (None, None, Light.GOOD, "needs none"),
        (None, STORED, Light.WARN, "has no secret, but one is stored"),
        (STORED, STORED, Light.GOOD, "is this app client's"),
        (STORED, None, Light.BAD, "needs its secret"),
        (STORED, Secret("other"), Light.WARN, "not the one that AWS shows"),
    ],
)
def test_the_secret_is_compared_in_memory(needed, stored, light, words):
    checks = checks_of(ConnectionFacts(POOL, ClientFacts("web", needed)), SHOP, stored, MAIL)
    ((found, sentence),) = about("Client secret", checks)
    assert found is light
    assert words in sentence
    assert "canary-secret" not in repr(checks)
    assert "other" not in sentence


def test_an_answer_that_may_be_simulated_is_told_apart():
    assert "hides" in about("PreventUserExistenceErrors", checks_of(FINE, SHOP, STORED, MAIL))[0][1]
    honest = checks_of(ConnectionFacts(POOL, ClientFacts("web", None)), SHOP, None, MAIL)
    assert "openly" in about("PreventUserExistenceErrors", honest)[0][1]


@pytest.mark.parametrize(
    ("endpoint", "light", "words"),
    [
        ("https://cognito.example.com", Light.WARN, "go to https://cognito.example.com, not to AWS itself"),
        ("http://127.0.0.1:5000", Light.GOOD, "http://127.0.0.1:5000, on this computer"),
    ],
)
def test_an_endpoint_that_is_not_awss_is_named(endpoint, light, words):
    ((found, sentence),) = about("Endpoint URL", checks_of(FINE, replace(SHOP, endpoint=endpoint), STORED, MAIL))
    assert found is light
    assert words in sentence
    assert about("Endpoint URL", checks_of(FINE, SHOP, STORED, MAIL)) == []


def test_a_copy_of_a_pool_in_another_region_may_refuse():
    ((light, sentence),) = about("Region", checks_of(replace(FINE, primary_region="eu-central-1"), SHOP, STORED, MAIL))
    assert light is Light.WARN
    assert "primary region is eu-central-1" in sentence
    ((light, _),) = about("Region", checks_of(replace(FINE, primary_region="eu-west-1"), SHOP, STORED, MAIL))
    assert light is Light.GOOD
    assert about("Region", checks_of(FINE, SHOP, STORED, MAIL)) == []


def test_text_from_aws_cannot_play_tricks():
    hostile = of_pool(TEXTS, auto_verified=PHONE, sms_failure="\u202eevil\n" + "x" * 5000)
    ((_, sentence),) = about("SmsConfiguration", hostile)
    assert "\u202e" not in sentence
    assert "\n" not in sentence
    assert len(sentence) < 200


# Asked for real


@pytest.fixture
def control(aws, connection):
    return Control(aws, connection)


def run_checks(control, secret, plan):
    return checks_of(read_facts(control), control.connection, secret, plan)


def answers(pool=None, client=None, replicas=None):
    described = {"Name": "Shop", "AutoVerifiedAttributes": ["email"]}
    return [
        pool or ok({"UserPool": described}),
        client or ok({"UserPoolClient": {"ClientName": "web", "ClientSecret": "canary-secret"}}),
        replicas or ok({"UserPoolReplicas": []}),
    ]


def test_no_right_to_describe_is_one_check_for_each_and_no_error(control, server):
    server.otherwise = DENIED
    checks = run_checks(control, STORED, MAIL)
    assert [check for check in checks if check.light is Light.UNKNOWN] == [
        Check(
            Light.UNKNOWN,
            "Nobody here may look at the pool's settings; the first send will tell.",
            "cognito-idp:DescribeUserPool",
        ),
        Check(
            Light.UNKNOWN,
            "Nobody here may look at the app client and its secret; the first send will tell.",
            "cognito-idp:DescribeUserPoolClient",
        ),
    ]
    assert {check.setting for check in checks if check.light is not Light.UNKNOWN} == {"Endpoint URL"}


def test_a_secret_known_to_be_missing_is_a_problem_even_so(aws, connection, server):
    server.otherwise = DENIED
    needing = Control(aws, replace(connection, needs_secret=True))
    assert about("Client secret", run_checks(needing, None, MAIL))[0][0] is Light.BAD
    assert about("Client secret", run_checks(needing, STORED, MAIL)) == []


def test_nothing_is_ever_sent(control, server):
    server.script = answers()
    run_checks(control, STORED, MAIL)
    assert server.operations() == ["DescribeUserPool", "DescribeUserPoolClient", "ListUserPoolReplicas"]


@pytest.mark.parametrize(
    ("script", "setting", "light"),
    [
        (answers(pool=error("ResourceNotFoundException", "User pool x does not exist.")), "Connection", Light.BAD),
        (answers(client=error("ResourceNotFoundException", "Client does not exist.")), "Connection", Light.BAD),
        (answers(pool=error("InternalErrorException", "", 400)), "cognito-idp:DescribeUserPool", Light.UNKNOWN),
        (answers(client=ok({})), "cognito-idp:DescribeUserPoolClient", Light.UNKNOWN),
    ],
)
def test_what_went_wrong_is_told_and_the_rest_is_still_checked(control, server, script, setting, light):
    server.script = list(script)
    checks = run_checks(control, STORED, MAIL)
    assert [found for found, _ in about(setting, checks)] == [light]
    assert {"AutoVerifiedAttributes", "Client secret"} & {check.setting for check in checks}


def test_no_network_is_no_error_either(aws, connection):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    nowhere = Control(aws, replace(connection, endpoint=f"http://127.0.0.1:{port}"))
    facts = read_facts(nowhere)
    assert facts.pool is facts.client  # asked once: each further question would take as long to fail
    sentences = [check.sentence for check in checks_of(facts, nowhere.connection, None, MAIL)]
    assert sum("could not be reached" in sentence for sentence in sentences) == 2


@pytest.mark.parametrize("answer", [http(200, b"<html>", "text/html"), http(407, b"", "text/plain")])
def test_a_network_that_answers_in_place_of_aws_is_asked_once(control, server, answer):
    server.otherwise = answer
    facts = read_facts(control)
    assert facts.pool is facts.client
    assert server.operations() == ["DescribeUserPool"]


def test_the_facts_are_read_as_aws_writes_them(control, server):
    pool = {
        "Name": "Shop",
        "AutoVerifiedAttributes": ["email", "phone_number"],
        "LambdaConfig": {"CustomEmailSender": {"LambdaVersion": "V1_0", "LambdaArn": "arn:x"}},
        "VerificationMessageTemplate": {"DefaultEmailOption": "CONFIRM_WITH_LINK"},
        "EmailConfiguration": {"EmailSendingAccount": "DEVELOPER"},
        "SmsConfigurationFailure": "SNSSandbox",
    }
    replicas = [
        {"RegionName": "eu-central-1", "Role": "PRIMARY", "Status": "ACTIVE"},
        {"RegionName": "eu-west-1", "Role": "SECONDARY", "Status": "ACTIVE"},
    ]
    client = {"ClientName": "web", "PreventUserExistenceErrors": "ENABLED"}
    server.script = answers(
        ok({"UserPool": pool}), ok({"UserPoolClient": client}), ok({"UserPoolReplicas": replicas, "NextToken": "n"})
    )
    server.otherwise = ok({"UserPoolReplicas": []})
    facts = PoolFacts(
        "Shop",
        BOTH,
        False,
        custom_email_sender=True,
        custom_sms_sender=False,
        by_link=True,
        built_in_mailer=False,
        sms_failure="SNSSandbox",
    )
    assert read_facts(control) == ConnectionFacts(facts, ClientFacts("web", None, hides_users=True), "eu-central-1")


def test_a_pool_that_says_little_is_taken_as_aws_makes_it(control, server):
    server.script = answers(ok({"UserPool": {"Name": "Shop"}}), ok({"UserPoolClient": {"ClientName": "web"}}))
    assert read_facts(control) == ConnectionFacts(PoolFacts("Shop", frozenset(), False), ClientFacts("web", None))


def test_a_pool_in_one_region_has_no_primary_one(control, server):
    server.otherwise = ok({"UserPoolReplicas": [{"RegionName": "eu-west-1", "Role": "PRIMARY"}]})
    assert control.primary_region() == ""


def test_the_practice_shop_is_good_to_send(practice, practice_aws):
    connection = practice.connection()
    secret = Secret(practice.pools[0].clients[0].secret)
    people = [replace(JANE, created=JANE.created - HOUR), MARY]
    checks = run_checks(Control(practice_aws, connection), secret, make_plan(people, [("t", "1")], BOTH))
    assert [check.light for check in checks if check.light is not Light.GOOD] == [Light.WARN]
    assert "1 SMS in this list" in checks[0].sentence
    assert practice.connection().endpoint in about("Endpoint URL", checks)[0][1]


@pytest.mark.parametrize(
    ("ahead", "words"),
    [(600.0, "10 min ahead of AWS's"), (-3600.0, "60 min behind AWS's"), (0.0, "")],
)
def test_a_clock_that_is_minutes_off_is_told(ahead, words):
    checks = checks_of(replace(FINE, clock_ahead=ahead), SHOP, STORED, MAIL)
    told = about("This computer's clock", checks)
    assert bool(told) == bool(words)
    assert all(light is Light.WARN and words in sentence for light, sentence in told)


def test_the_clock_is_compared_with_the_answers_that_were_read(connection, server, monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "example")
    late = formatdate(time.time() - 3600, usegmt=True)
    server.otherwise = dated(late, DENIED)
    assert read_facts(Control(Aws(), connection)).clock_ahead == pytest.approx(3600, abs=30)
