#!/bin/sh
# Brings README.md up to date after a release: .azure/docs/README_base.md, with the list of packages filled in.
# This file is yours to change; it runs in the folder of the repository.
set -eu

paa update-readme --base .azure/docs/README_base.md "$@"
