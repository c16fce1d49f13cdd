"""boto3's own paginator over the same pool, which drops each page at once."""

import time

import boto3
from botocore.config import Config
from parent import answer, given_connections, given_headers

large, small = given_connections()
client = boto3.client(
    "cognito-idp",
    region_name=large.region,
    endpoint_url=large.endpoint,
    aws_access_key_id="practice",
    aws_secret_access_key="practice",
    config=Config(proxies={}),
)


headers = given_headers()


def carry(request, **_):
    for name, value in headers.items():
        request.headers[name] = value


client.meta.events.register("request-created", carry)


def read(pool_id: str) -> int:
    pages = client.get_paginator("list_users").paginate(
        UserPoolId=pool_id, Filter='cognito:user_status = "UNCONFIRMED"', Limit=60
    )
    return sum(len(page["Users"]) for page in pages)


read(small.pool_id)
began = time.perf_counter()
users = read(large.pool_id)
answer({"seconds": time.perf_counter() - began, "users": users})
