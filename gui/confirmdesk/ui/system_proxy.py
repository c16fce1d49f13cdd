"""The proxy that the operating system has for an address, as its browsers have it: set, found or computed (PAC)."""

from PySide6.QtCore import QUrl


def system_proxy(url: str) -> str | None:
    """For `core.aws.network.way`, which asks in a worker: a script is fetched from the company's network first.

    Nobody asks on Linux: Qt knows the environment only there, which is read before. Its packages have no QtNetwork.
    """
    # Nobody needs it before the first paint, and some not at all.
    from PySide6.QtNetwork import QNetworkProxy, QNetworkProxyFactory, QNetworkProxyQuery

    schemes = {
        QNetworkProxy.ProxyType.HttpProxy: "http",
        QNetworkProxy.ProxyType.HttpCachingProxy: "http",
        QNetworkProxy.ProxyType.Socks5Proxy: "socks5",
    }
    offered = QNetworkProxyFactory.systemProxyForQuery(QNetworkProxyQuery(QUrl(url)))
    # In the order in which they are to be tried; one that cannot be used counts where there is no other.
    usable = [p for p in offered if p.type() != QNetworkProxy.ProxyType.Socks5Proxy] or offered
    if not usable or usable[0].type() not in schemes:
        return ""
    host = usable[0].hostName()
    return f"{schemes[usable[0].type()]}://{f'[{host}]' if ':' in host else host}:{usable[0].port()}"
