"""Confirmdesk: resend Amazon Cognito confirmation codes from the desktop."""
