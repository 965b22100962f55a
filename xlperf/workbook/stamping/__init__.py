"""Many workbooks from one template, which is taken apart once.

    slots         what differs from copy to copy: what one is filled with, and the places where that stands
    stamped_part  a part of the copies: packed once, or once for each number of rows, or put together from its slots
    stamp         the template taken apart, and a copy put together

A copy is what the editor (`FileWorkbook`) makes of the template with the same rows, byte for byte. What stands between
the slots is taken from a specimen that the editor wrote, and the slots are written by the functions that it has too.
"""
