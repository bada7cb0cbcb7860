"""What reports look like on paper: frozen figures in, the plain data of core.pdf.blocks out."""
