"""From files or a frame to documents, numbered as the single machine numbers them, and problems."""
