"""Amazon Cognito's numbers, and how much of them this program takes.

https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html
"""

HOUR = 3600.0

# ResendConfirmationCode for one user; not adjustable.
SENDS_AN_HOUR = 5

# Sends a second. AWS allows an account this many in each region, which the production app shares.
FASTEST = 50.0
# Above this the connection dialog says that it eats what production needs.
POLITE = 10.0
# What a run takes where its connection says nothing else, and what it slows down to at most.
SENDS_PER_SECOND = 5.0
SLOWEST = 0.5

# At 50 a second and 150 ms an answer seven or eight calls are under way; slow answers need more.
CALLS_IN_FLIGHT = 16

# What Cognito's built-in mailer sends a day for an AWS account, all its pools together, and when its day begins (UTC).
DAILY_MAILS = 50
DAY_BEGINS = 9

# A confirmation code or link is valid for 24 hours, in seconds here; not configurable.
CODE_LIFETIME = 24 * HOUR

# The most that ListUsers and the other lists give in one page.
PAGE_SIZE = 60

# The longest filter of ListUsers, in characters, with the attribute's name and the quotation marks.
# https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListUsers.html
LONGEST_FILTER = 256

# The longest text of a request, in characters: a key or a value of client metadata, an address, data of a device.
# https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ResendConfirmationCode.html
LONGEST_TEXT = 131_072

# By how many seconds a clock may be wrong before AWS takes nothing that is signed by it.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html
CLOCK_SKEW = 300.0
