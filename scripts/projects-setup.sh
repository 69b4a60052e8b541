#!/bin/sh
# What the long form of test/projects needs beside Node, on Debian. As root, once per machine.
set -eu
apt-get update
apt-get install -y --no-install-recommends \
  python3-pytest python3-pytest-xdist python3-flask golang-go cargo cmake make gcc libc6-dev \
  ruby rake ruby-minitest bundler phpunit chromium postgresql python3-venv git-lfs
