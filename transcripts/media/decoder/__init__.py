"""What runs confined: reading what strangers upload, placing it in time, writing what providers and browsers get.

`main.py` is the program; the rest of the project only starts it (`media/run.py`) and reads the lines that it prints.
"""
