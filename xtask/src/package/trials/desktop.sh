# One person's session: a screen, a window manager, the program from its menu entry, and a link.
set -eu

say() { echo "· $*"; }

mkfifo /tmp/ana/display
Xvfb -displayfd 3 -screen 0 1280x800x24 -nolisten tcp 3>/tmp/ana/display 2>/tmp/ana/xvfb.log &
read -r number </tmp/ana/display
export DISPLAY=":$number" NO_AT_BRIDGE=1
openbox 2>/tmp/ana/openbox.log &

windows() { xdotool search --onlyvisible --name Beckon 2>/dev/null || true; }

# Waits until the screen shows more than a bare window, and keeps what it shows.
photograph() {
    for _ in $(seq 60); do
        import -window root "/tmp/ana/$1"
        test "$(identify -format %k "/tmp/ana/$1")" -gt 64 && return
        sleep 0.5
    done
    say "the window stayed empty"
    exit 1
}

gio launch /usr/share/applications/beckon.desktop 2>/tmp/ana/client.log
timeout 60 xdotool search --sync --onlyvisible --name Beckon >/tmp/ana/window
photograph client.png
say "the menu entry opened $(xdotool getwindowname "$(head -n 1 /tmp/ana/window)")"
process=$(pgrep --exact beckon)

gio open anydesk:123456789 2>>/tmp/ana/client.log
sleep 5
import -window root /tmp/ana/client-link.png
test "$(pgrep --exact beckon)" = "$process"
if grep ERROR /tmp/ana/client.log; then exit 1; fi
test "$(compare -metric AE /tmp/ana/client.png /tmp/ana/client-link.png null: 2>&1)" != 0
say "a link reached the program that runs, which has these windows now:"
for window in $(windows); do xdotool getwindowname "$window"; done

kill "$process"
