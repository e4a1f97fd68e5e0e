"""The vault's throw-away certificate: self-signed, for `*.vault.azure.net`, trusted by nobody but our own client."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from local.http_server import Certificate
from local.vault.store import write_private

NAME = "*.vault.azure.net"
VALID_FOR = timedelta(days=365)
RENEWED_BEFORE = timedelta(days=30)


def certificate_in(folder: Path) -> Certificate:
    """A certificate valid for weeks lies in the folder with its key, the one that lay there if it is."""
    files = Certificate(folder / "certificate.pem", folder / "key.pem")
    if not (files.key.exists() and _is_fresh(files.certificate)):
        key = ec.generate_private_key(ec.SECP256R1())
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        write_private(files.key, pem.decode())
        write_private(files.certificate, _self_signed(key).public_bytes(Encoding.PEM).decode())
    return files


def _is_fresh(file: Path) -> bool:
    if not file.exists():
        return False
    certificate = x509.load_pem_x509_certificate(file.read_bytes())
    return certificate.not_valid_after_utc > datetime.now(UTC) + RENEWED_BEFORE


def _self_signed(key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    """With the extensions that OpenSSL's strict mode, Python's default, asks of a trust anchor."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + VALID_FOR)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    return builder.sign(key, hashes.SHA256())


def _usage() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        key_cert_sign=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
