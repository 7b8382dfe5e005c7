"""Models of what must hold over every interleaving, checked by Spin, with weakened variants that must not hold."""
