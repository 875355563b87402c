"""The workbook that cities, provinces and assessors fill in."""
