#!/bin/sh
# Brings a fresh clone to where every script runs: npm packages and a redis-server. Safe to run again.
set -eu
cd "$(dirname "$0")/.."

echo "==> npm packages"
npm ci --no-audit --no-fund

if command -v redis-server >/dev/null 2>&1 || command -v valkey-server >/dev/null 2>&1; then
  echo "==> redis-server: already installed"
  exit 0
fi

echo "==> redis-server: installing from the system's packages"
if command -v brew >/dev/null 2>&1; then
  brew install redis
elif command -v apt-get >/dev/null 2>&1; then
  as_root=""
  if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null 2>&1; then
      echo "redis-server is missing and this user may not install it: run 'apt-get install redis-server' as root." >&2
      echo "'npm start' works without it, unshared: each process then caches for itself." >&2
      exit 1
    fi
    as_root="sudo"
  fi
  $as_root apt-get update -qq
  # Policy 101 keeps the package from starting a system-wide server that nobody asked for.
  $as_root env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y -qq --no-install-recommends redis-server >/dev/null
else
  echo "Please install redis-server with your system's package manager, then run this again." >&2
  exit 1
fi
command -v redis-server
