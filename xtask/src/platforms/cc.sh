#!/bin/sh
# Stands in for a C compiler whose system's headers are not here: every source becomes an empty object.
# Enough to check and lint, where nothing is linked.
out= in= only_preprocess= previous=
for argument in "$@"; do
  if [ "$previous" = -o ]; then out=$argument previous=; continue; fi
  case $argument in
    -o) previous=-o ;;
    -Fo* | /Fo*) out=${argument#?Fo} ;;
    -E | /E | -EP | /EP) only_preprocess=yes ;;
    --version | -v) echo 'clang version 22.0.0'; exit 0 ;;
    -*) ;;
    *) in=$argument ;;
  esac
done
# Build scripts ask which compiler this is by what it makes of a file with conditions.
if [ -n "$only_preprocess" ]; then exec gcc -E -P -x c -D__clang__=1 "$in"; fi
if [ -n "$out" ]; then : > "$out"; fi
