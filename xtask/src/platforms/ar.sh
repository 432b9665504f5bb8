#!/bin/sh
# Stands in for the archiver of another system: every archive is an empty one.
archive=
for argument in "$@"; do
  case $argument in
    -out:* | /out:* | -OUT:* | /OUT:*) archive=${argument#?????} ;;
    -*) ;;
    *.a | *.lib) archive=$argument ;;
    *) continue ;;
  esac
  if [ -n "$archive" ]; then printf '!<arch>\n' > "$archive"; exit 0; fi
done
