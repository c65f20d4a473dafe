// A module that does nothing, as what the import of another is compared with.
