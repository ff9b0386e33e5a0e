"""Excel in and out: open a stranger's file safely, read it into a normal form, check, show, take over once.

package (the zip) → sheet_reader (rows of one sheet, streaming) → reading (columns, cells, findings) → content
(what is kept) → sheets/* (check against the tables, save) → imports (the states). The upload itself is never
stored: it may hold columns that are not collected (domain.md §5.1).
"""
