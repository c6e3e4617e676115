# ruff: noqa: E501 - a table of phrases, one a line
"""What servers say in other languages when they reject: German, French, Spanish, Italian, Portuguese.

The words of the vendors' own translations; what a site wrote itself is for ``server_words.yaml``.
"""

from __future__ import annotations

from headend.diagnosis.words import Phrase, Saying, Words, phrases
from headend.model.diagnosis import Cause

# By language: password, account, and what can be said of one and the other.
_PASSWORD = {
    "kennwort|passwort": "abgelaufen",
    "passe": "expiré",
    "contraseña|clave": "caducado|caducada|expirado|expirada|vencida",
    "password": "scaduta|abgelaufen|expiré|caducada",
    "senha": "expirou|expirada|vencida",
}
_ACCOUNT = {
    "konto|benutzerkonto|benutzer": ("gesperrt", "deaktiviert", "abgelaufen"),
    "compte|utilisateur": ("verrouillé|bloqué", "désactivé", "expiré"),
    "cuenta|usuario": (
        "bloqueada|bloqueado",
        "deshabilitada|deshabilitado|desactivada|desactivado",
        "caducado|caducada|expirado|expirada",
    ),
    "conta|usuário": ("bloqueada|bloqueado", "desativada|desativado", "expirada|expirou"),
    "account|utente": ("bloccato", "disabilitato", "scaduto"),
}
_LOCKED, _DISABLED, _EXPIRED = range(3)


def _account(state: int) -> tuple[Phrase, ...]:
    return phrases(*(f"{name} * {states[state]}" for name, states in _ACCOUNT.items()))


FOREIGN = Words(
    rejects=(
        Saying(Cause.PASSWORD_EXPIRED, 0.9, phrases(*(f"{name} * {state}" for name, state in _PASSWORD.items()))),
        Saying(Cause.ACCOUNT_LOCKED, 0.9, _account(_LOCKED)),
        Saying(Cause.ACCOUNT_DISABLED, 0.9, _account(_DISABLED)),
        Saying(Cause.ACCOUNT_EXPIRED, 0.85, _account(_EXPIRED)),
        Saying(Cause.PASSWORD_MUST_CHANGE, 0.85, phrases(
            "kennwort|passwort * geändert|ändern", "changer * passe", "contraseña * cambiar|cambiarse", "cambie|cambiar * contraseña",
            "senha * alterada|alterar", "altere|alterar * senha", "password * cambiata", "cambiare * password",
        )),
        Saying(Cause.ACCOUNT_UNKNOWN, 0.85, phrases(
            "benutzer|benutzername * unbekannt|gefunden", "unbekannter benutzer|benutzername", "utilisateur inconnu",
            "usuario * encontrado|existe|desconocido", "usuário * encontrado|existe|desconhecido", "utente sconosciuto", "utente * trovato",
        )),
        Saying(Cause.BAD_CREDENTIALS, 0.8, phrases(
            "kennwort|passwort|password * falsch|ungültig", "falsches|ungültiges kennwort|passwort", "ungültige anmeldedaten|anmeldeinformationen",
            "passe * incorrect|invalide", "identifiants * incorrects|invalides", "contraseña|clave * incorrecta|incorrecto|inválida",
            "credenciales * inválidas|incorrectas", "senha * incorreta|inválida", "credenciais * inválidas", "password * errata", "credenziali * valide|errate",
        )),
    ),
)  # fmt: skip
