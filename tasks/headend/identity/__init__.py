"""Read-only look-ups of accounts in Active Directory and other LDAP directories."""
