import pytest

from confirmdesk.core.sending.masks import mask_fits

JANE = "jane@example.com"


@pytest.mark.parametrize(
    ("mask", "address", "fits"),
    [
        ("j***@e***", JANE, True),
        ("j****@e****", "JANE@EXAMPLE.COM", True),
        ("j***@y***", JANE, False),
        ("+********1234", "+447700901234", True),
        ("+********1234", "+447700900112", False),
        ("+********1234", "", False),
        ("j***@e***", "+447700900112", False),
        ("[hidden]", JANE, True),
        ("j••@e••", JANE, True),
        ("jane@example.com", JANE, True),
        ("other@example.com", JANE, False),
        ("*", JANE, True),
        ("+447700900112", "+447700900112", True),
        ("a.*@e*", "abc@e.org", False),
        ("a.*@e*", "a.c@e.org", True),
    ],
)
def test_only_what_a_mask_reveals_is_compared(mask, address, fits):
    assert mask_fits(mask, address) is fits
