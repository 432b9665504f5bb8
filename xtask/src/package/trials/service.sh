# The service's package in a clean Debian that runs: installed, used, restarted, upgraded, removed, purged.
set -eu
export DEBIAN_FRONTEND=noninteractive
deb=$(echo /packages/beckon-service_*.deb)
data=/var/lib/beckon-service

say() { echo "· $*"; }

add() { apt-get install --quiet=2 --yes "$@" >/tmp/apt.log 2>&1 || { cat /tmp/apt.log; exit 1; }; }

as_beckon() { runuser -u beckon -- beckon-service --data "$data" "$@"; }

# It answers a moment after systemd has started it.
await() { curl --silent --fail --output /dev/null --retry 20 --retry-delay 1 --retry-all-errors "$@"; }

add "$deb"
systemctl is-active beckon-service
systemctl is-enabled beckon-service
await http://127.0.0.1:7400/
journalctl --quiet --unit beckon-service --grep 'Setup link' --output cat
test "$(stat --format '%U %a' "$data")" = 'beckon 700'
test "$(stat --format '%U %a' /etc/beckon/service.env)" = 'root 600'
say "installed and running as $(ps -o user= -C beckon-service)"
systemd-analyze security --no-pager beckon-service | tail -n 1

echo 'a long enough password' | as_beckon account create --name Ana --email ana@example.com --role owner --organisation Acme
link=$(as_beckon request create --recipient 'First guest' --agent ana@example.com)
await "$link"
say "an owner and a request: $link"

echo 'BECKON_SERVICE_TRUST_PROXY=true' >>/etc/beckon/service.env
systemctl restart beckon-service
await "$link"
say "restarted, and the request is still there"

systemctl stop beckon-service
test "$(systemctl show --property Result,ExecMainStatus --value beckon-service | tr '\n' ' ')" = 'success 0 '
systemctl start beckon-service
say "it ends cleanly when it is asked to"

before=$(systemctl show --property MainPID --value beckon-service)
dpkg-deb --raw-extract "$deb" /tmp/newer
sed --in-place 's/^Version: .*/&+newer/' /tmp/newer/DEBIAN/control
dpkg-deb --build /tmp/newer /tmp/newer.deb >/dev/null
add /tmp/newer.deb
test "$(systemctl show --property MainPID --value beckon-service)" != "$before"
grep --quiet '^BECKON_SERVICE_TRUST_PROXY=true' /etc/beckon/service.env
await "$link"
as_beckon account list | grep ana@example.com
say "upgraded to $(dpkg-query --show --showformat '${Version}' beckon-service): restarted, with its data and its settings"

apt-get remove --quiet=2 --yes beckon-service >/dev/null
if pgrep beckon-service; then exit 1; fi
test -s "$data/beckon.sqlite"
add "$deb"
await "$link"
say "removed and installed again, and the request is still there"

apt-get purge --quiet=2 --yes beckon-service >/dev/null
if pgrep beckon-service || getent passwd beckon; then exit 1; fi
if find / -xdev -path /packages -prune -o -iname '*beckon*' -print | grep .; then exit 1; fi
say "purged, and nothing is left"
