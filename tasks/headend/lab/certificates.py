"""What a headend does with the client's certificate: validate it and look for its map."""

from __future__ import annotations

from dataclasses import dataclass

from headend.lab.box import Box
from headend.lab.directory import ISSUER, TRUSTPOINT, Certificate
from headend.lab.settings import asks_for_certificates, mapped_tunnel_group
from headend.lab.trace import CRYPTO, CRYPTO_DETAIL, lines


@dataclass(frozen=True)
class CertificateCheck:
    """The checks of one offered certificate; messages follow the vendor's syslog guide, 717xxx."""

    box: Box
    certificate: Certificate

    @property
    def _name(self) -> str:
        one = self.certificate
        return f"serial number: {one.serial}, subject name: {one.subject}"

    @property
    def _issuer(self) -> str:
        return f"issuer name: cn={self.certificate.issuer},o=Example"

    def valid(self) -> bool:
        """Validate the chain, logging each step; return whether it holds."""
        log, publish, one = self.box.log.add, self.box.publish, self.certificate
        log(7, 717025, "Validating certificate chain containing 1 certificate(s).")
        log(
            7,
            717029,
            f"Identified client certificate within certificate chain. {self._name}.",
        )
        publish(lines(CRYPTO, "CRYPTO_PKI: Looking for suitable trustpoints..."))
        publish(
            lines(
                CRYPTO_DETAIL,
                f"CRYPTO_PKI: Verifying certificate with {self._name}, {self._issuer}, "
                "signature alg: SHA256/RSA.",
            )
        )
        known = self.box.configuration.first("crypto", "ca", "trustpoint", TRUSTPOINT)
        if known is None or one.issuer != ISSUER:
            publish(
                lines(
                    CRYPTO_DETAIL,
                    "CRYPTO_PKI: No suitable trustpoints found to validate certificate "
                    f"{self._name}, {self._issuer} .",
                )
            )
            log(
                4,
                717031,
                "Failed to find a suitable trustpoint for the issuer: "
                f"cn={one.issuer},o=Example Reason: No suitable trustpoint found",
            )
            return self._failed("No suitable trustpoints found to validate certificate", 3)
        publish(
            lines(
                CRYPTO_DETAIL,
                f"CRYPTO_PKI: Found a suitable authenticated trustpoint {TRUSTPOINT}.",
            )
        )
        log(7, 717030, f"Found a suitable trustpoint {TRUSTPOINT} to validate certificate.")
        if one.expired:
            publish(lines(CRYPTO_DETAIL, "CRYPTO_PKI: Certificate is expired."))
            return self._failed("Certificate date is out-of-range", 1)
        publish(
            lines(
                CRYPTO_DETAIL,
                "CRYPTO_PKI: check_key_usage:Key Usage check OK",
                "CRYPTO_PKI: Certificate validation: Successful, status: 0. "
                "Attempting to retrieve revocation status if necessary",
            )
        )
        checks = known.value("revocation-check") or ["none"]
        if one.revoked and "none" not in checks[:1]:
            publish(lines(CRYPTO_DETAIL, "CRYPTO_PKI: Certificate revoked"))
            return self._failed("Certificate is revoked", 6)
        log(6, 717022, f"Certificate was successfully validated. {self._name}.")
        log(6, 717028, "Certificate chain was successfully validated.")
        return True

    def _failed(self, reason: str, status: int) -> bool:
        self.box.publish(
            lines(CRYPTO, f"CRYPTO_PKI: Certificate validation: Failed, status: {status}")
        )
        self.box.log.add(
            3, 717009, f"Certificate validation failed. {reason}, {self._name}, {self._issuer}."
        )
        self.box.log.add(3, 717027, f"Certificate chain failed validation. {reason}.")
        return False

    def mapped_group(self) -> str:
        """Return the tunnel group that certificate maps choose; empty when none does."""
        if not asks_for_certificates(self.box.configuration):
            return ""
        peer = f"{self._name}, {self._issuer}"
        log = self.box.log.add
        log(
            7,
            717036,
            "Looking for a tunnel group match based on certificate maps for "
            f"peer certificate with {peer}.",
        )
        group = mapped_tunnel_group(self.box.configuration, self.certificate)
        if group:
            log(
                7,
                717038,
                f"Tunnel group match found. Tunnel Group: {group}, Peer certificate: {peer}.",
            )
        else:
            log(
                4,
                717037,
                f"Tunnel group search using certificate maps failed for peer certificate: {peer}.",
            )
        return group


def no_certificate(box: Box, client_ip: str) -> None:
    """Log a handshake in which the client had no certificate to offer (725xxx)."""
    box.publish(lines(CRYPTO_DETAIL, "CRYPTO_PKI: No certificate received from peer"))
    box.log.add(
        7,
        725014,
        "SSL lib error. Function: tls_process_client_certificate "
        "Reason: peer did not return a certificate",
    )
    box.log.add(
        6,
        725006,
        f"Device failed SSL handshake with client outside:{client_ip}/51712 to 203.0.113.10/443",
    )
