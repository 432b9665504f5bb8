# The client's package in a clean Debian: installed, started from its menu entry, reached by a link, purged.
set -eu
export DEBIAN_FRONTEND=noninteractive
deb=$(echo /packages/beckon_*.deb)

say() { echo "· $*"; }

add() { apt-get install --quiet=2 --yes --no-install-recommends "$@" >/tmp/apt.log 2>&1 || { cat /tmp/apt.log; exit 1; }; }

# What a system has, but for what changes by itself.
list_files() {
    find / -xdev \( -path /proc -o -path /sys -o -path /dev -o -path /run -o -path /tmp -o -path /var/tmp \
        -o -path /var/log -o -path /var/cache -o -path /var/lib/apt -o -path /var/lib/dpkg -o -path /home \
        -o -path /packages -o -path /trial -o -path /seen \) -prune -o -print | sort
}

apt-get update --quiet=2
add "$deb"
say "installed, with $(dpkg-query --show | wc -l) packages in the system"
if ldd /usr/bin/beckon | grep 'not found'; then exit 1; fi
say "every library that it is linked with is there"

# What this trial looks with; the package must not need any of it.
add xvfb openbox dbus xdotool imagemagick libglib2.0-bin fonts-dejavu-core
useradd --create-home ana

apt-get purge --quiet=2 --yes beckon >/dev/null
list_files >/tmp/without
add "$deb"

for scheme in anydesk beckon; do
    gio mime "x-scheme-handler/$scheme" | tee /tmp/handler
    head -n 1 /tmp/handler | grep --quiet ': beckon.desktop$'
done

install --directory --owner ana --mode 700 /tmp/ana
# It keeps what it saw, also where it failed.
trap 'cp /tmp/ana/*.png /tmp/ana/*.log /seen' EXIT
runuser -u ana -- env --ignore-environment PATH="$PATH" HOME=/home/ana LANG=C.UTF-8 XDG_RUNTIME_DIR=/tmp/ana \
    dbus-run-session -- sh /trial/desktop.sh

apt-get purge --quiet=2 --yes beckon >/dev/null
list_files >/tmp/purged
diff /tmp/without /tmp/purged
if find / -xdev -path /home -prune -o -path /packages -prune -o -iname '*beckon*' -print | grep .; then exit 1; fi
if grep beckon /usr/share/applications/mimeinfo.cache; then exit 1; fi
say "purged, and nothing is left but what ana keeps in her home:"
find /home/ana -iname '*beckon*'
