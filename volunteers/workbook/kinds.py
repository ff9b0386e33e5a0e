"""The kinds of workbooks there are, by the word in their addresses."""

from .sheets import cameras, enterprises, ocop, roster

ROSTER = roster.KIND
REGISTERS = {module.KIND: module.REGISTER for module in (cameras, ocop, enterprises)}
DEFINITIONS = {ROSTER: roster.DEFINITION} | {
    kind: register.definition for kind, register in REGISTERS.items()
}
