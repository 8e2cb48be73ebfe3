"""How people come in: log-in, lock-out, second factor, passwords, tokens, and a provider of OpenID Connect."""
