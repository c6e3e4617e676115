"""One request for each kind of change, as somebody would ask for it on the lab."""

from headend.policy.configuration import Configuration
from headend.policy.exposure import People, Session
from headend.workflow.planning import Place, Request
from policy.configurations import lab

EXCEPTION = {"exception": "0042", "issuer": "issuing-ca-01", "tunnel_group": "CORP"}
PARAMETERS = {
    "certificate-for-user": {**EXCEPTION, "subject": "jdoe"},
    "certificate-for-device": {**EXCEPTION, "subject": "laptop-0042.corp.example"},
    "password-and-certificate": {**EXCEPTION, "subject": "jdoe", "server_group": "AD"},
    "unlock-local-user": {"user": "localuser"},
    "ldap-map-value": {
        "attribute_map": "AD-MAP",
        "attribute": "memberOf",
        "directory_group": "CN=VPN Guests,OU=Groups,DC=corp,DC=example",
        "group_policy": "GP-STAFF",
    },
    "simultaneous-logins": {"group_policy": "GP-STAFF", "logins": "5"},
    "server-timeout": {"server_group": "RSA", "server": "10.20.1.5", "seconds": "60"},
    "move-server-group": {"tunnel_group": "CORP", "server_group": "AD"},
}


def request(kind: str, **parameters: str) -> Request:
    given = {**PARAMETERS[kind], **parameters}
    return Request(kind, given, "anna", "CHG-1", "incident", "2030-12-31")


def place(configuration: Configuration | None = None) -> Place:
    sessions = (Session("asmith", "STAFF", "GP-STAFF"), Session("c.tran", "CORP", "GP-STAFF"))
    return Place("vpn-1", configuration or lab(), People(sessions, ("n.kumar",)))


def token_name(group: str) -> bool:
    return group == "RSA"
