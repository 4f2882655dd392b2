#!/bin/sh
# Brings README.md up to date after a release: .github/docs/README_base.md, with the list of packages filled in.
# This file is yours to change; it runs in the folder of the repository.
set -eu

paa update-readme --base .github/docs/README_base.md "$@"
