"""Pages become PDF in a process of their own: WeasyPrint takes a second to load, and much work and memory for a page,
which no request beside it should feel.
"""
