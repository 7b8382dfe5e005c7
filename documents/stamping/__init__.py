"""Draws a certificate's texts onto a page that the engine has laid out once, instead of laying it out each time."""
