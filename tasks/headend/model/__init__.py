"""The nouns that every other package speaks in: frozen, without input or output."""
