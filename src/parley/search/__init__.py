"""The room of search: every word of the record, in English and Chinese, within a blink."""
