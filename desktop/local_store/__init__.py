"""The studio's rows on this computer, encrypted, and everything that keeps them true."""
