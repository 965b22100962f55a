"""Reading untrusted workbooks in processes apart, which can be stopped and hold nothing worth having.

    readers   the pool: files in, books and findings out, in the order asked for
    kept      the pool of several batches
    process   one worker as its parent sees it: asked, timed, killed
    starting  how a worker is started; job is what Windows holds it with
    answers   what a worker says, checked before it is believed
    worker    the other side: a fresh interpreter that reads one file after another
    confined  what it takes from itself before the first file
    frames    how the two speak: lengths and bytes over pipes; the content is JSON, which can run nothing

A worker is given the bytes of a file, never its path. This module imports nothing, because the worker imports it.
"""
