"""Seriema: mail defence against hijacked conversations and locked attachments."""
