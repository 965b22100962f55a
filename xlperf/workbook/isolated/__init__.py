"""Reading untrusted workbooks in separate processes, which can be killed and hold nothing worth stealing.

    readers         the pool: files in, books and findings out, in the order asked for
    kept            a pool that serves several batches
    worker_process  one worker as its parent sees it: asked, timed, killed
    deadlines       the thread that ends a worker over which a file takes too long
    starting        how a worker is started; job is what confines it on Windows
    answers         checks what a worker says before it is believed
    worker          the other side: a fresh interpreter that reads one file after another
    cell_codes      how the two write a cell
    confined        the rights that a worker gives up before its first file
    frames          how the two talk: lengths and bytes over pipes; the content is JSON, which cannot run anything

A worker is given the bytes of a file, never its path. This module imports nothing, because the worker imports it.
"""
