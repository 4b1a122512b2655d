"""What the tar format is made of: header blocks with their extensions, and maps of sparse files."""
