"""Counting and cutting up texts as platforms do: pure, total, and in linear time."""
