"""What ships and what does not."""

import pytest

from trim import ships

SHIPS = [
    "xlsxwriter/worksheet.py",
    "confirmdesk/core/people/users.py",
    "confirmdesk/resources/icons/confirmdesk.svg",
    "confirmdesk-0.1.0.dist-info/METADATA",
    "keyring-25.7.0.dist-info/entry_points.txt",
    "moto-5.2.5.dist-info/licenses/LICENSE",
    "botocore/cacert.pem",
    "botocore/client.py",
    "botocore/data/endpoints.json",
    "botocore/data/partitions.json",
    "botocore/data/cognito-idp/2016-04-18/service-2.json.gz",
    "botocore/data/sso-oidc/2019-06-10/service-2.json.gz",
    "boto3/session.py",
    "moto/backends.py",
    "moto/cognitoidp/resources/url_signing_keys.json",
    "moto/core/responses.py",
    "PySide6/__init__.py",
    "PySide6/QtWidgets.abi3.so",
    "PySide6/QtWidgets.pyd",
    "PySide6/QtNetwork.abi3.so",
    "PySide6/Qt6Network.dll",
    "PySide6/Qt/lib/libQt6Network.so.6",
    "PySide6/libpyside6.abi3.so.6.11",
    "PySide6/pyside6.abi3.dll",
    "PySide6/Qt6Core.dll",
    "PySide6/Qt/lib/libQt6Core.so.6",
    "PySide6/Qt/lib/libicudata.so.73",
    "PySide6/Qt/plugins/platforms/libqxcb.so",
    "PySide6/plugins/platforms/qwindows.dll",
    "PySide6/plugins/styles/qmodernwindowsstyle.dll",
    "PySide6/Qt/plugins/imageformats/libqsvg.so",
    "PySide6/Qt/plugins/wayland-shell-integration/libxdg-shell.so",
    "shiboken6/Shiboken.abi3.so",
    "awscrt/auth.py",
    "requests/sessions.py",
    "truststore/_openssl.py",
]
STAYS = [
    "botocore/data/ec2/2016-11-15/service-2.json.gz",
    "botocore/data/cognito-identity/2014-06-30/service-2.json.gz",
    "botocore/data/sts/2011-06-15/examples-1.json",
    "boto3/data/ec2/2016-11-15/resources-1.json",
    "boto3/examples/cloudfront.rst",
    "moto/ec2/models.py",
    "moto/cognitoidentity/models.py",
    "PySide6/QtNetworkAuth.abi3.so",
    "PySide6/Qt6NetworkAuth.dll",
    "PySide6/QtCore.pyi",
    "PySide6/Qt6Quick.dll",
    "PySide6/Qt/lib/libQt6Qml.so.6",
    "PySide6/Qt/lib/libQt6QuickWidgets.so.6",
    "PySide6/Qt/plugins/platformthemes/libqgtk3.so",
    "PySide6/Qt/plugins/platforms/libqvnc.so",
    "PySide6/Qt/plugins/sqldrivers/libqsqlite.so",
    "PySide6/plugins/tls/qopensslbackend.dll",
    "PySide6/Qt/translations/qtbase_de.qm",
    "PySide6/designer.exe",
    "shiboken6/include/shiboken.h",
    "shiboken6/shiboken6.abi3.lib",
    "yaml/_yaml.cpython-311-x86_64-linux-gnu.so",
    "werkzeug/testing/__init__.py",
    "more_itertools/more.pyi",
    "requests-2.34.2.dist-info/RECORD",
    "confirmdesk-0.1.0.dist-info/direct_url.json",
    "bin/flask",
]


@pytest.mark.parametrize("path", SHIPS)
def test_what_the_program_needs_ships(path):
    assert ships(path)


@pytest.mark.parametrize("path", STAYS)
def test_what_nobody_asked_for_stays(path):
    assert not ships(path)
