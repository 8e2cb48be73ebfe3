"""Plots as an investor asks for them: searched by terms, counted, and seen with the networks near them."""
