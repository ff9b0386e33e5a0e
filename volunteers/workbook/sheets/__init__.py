"""One kind of workbook a file: its columns, what is checked against the tables, what is written."""
