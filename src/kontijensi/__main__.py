"""`python -m kontijensi` is the same as `kontijensi`."""

from kontijensi.cli import main

if __name__ == "__main__":
    main()
