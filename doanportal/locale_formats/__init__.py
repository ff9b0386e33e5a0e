"""The formats Django loads by language: FORMAT_MODULE_PATH names this package."""
