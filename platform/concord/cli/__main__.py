"""`python -m concord.cli`: the command `concord` of this interpreter."""

from concord.cli import main

if __name__ == "__main__":
    main()
