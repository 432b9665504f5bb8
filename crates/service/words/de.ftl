# What the service's pages say, in German.

## Every page

page-by = Beckon
page-about = Fernhilfe, die { $organisation } mit einem eigenen Dienst anbietet.

## The recipient's page

landing-title = Fernhilfe von { $organisation }
landing-agent = { $agent } von { $organisation }
landing-queue = jemand aus { $queue } bei { $organisation }
landing-anyone = jemand von { $organisation }

landing-scheduled-heading = { $who } hilft Ihnen zu dieser Zeit
landing-scheduled-lead = Mit Ihrer Erlaubnis verbindet sich die Person dann mit Ihrem Computer und hilft Ihnen dabei. Sie können ab 15 Minuten vorher beitreten.
landing-scheduled-left = Beitreten können Sie in
landing-scheduled-reload = Kommen Sie dann auf diese Seite zurück oder laden Sie sie neu: Von selbst ändert sie sich nicht.
landing-scheduled-computer = Seien Sie dann an dem Computer, der Hilfe braucht, und öffnen Sie diese Seite dort.
landing-when = Geplant für
landing-rescheduled = Die Zeit hat sich geändert, seit es diesen Link gibt. Es gilt diese.
landing-started = { $who } wartet nicht mehr auf die vereinbarte Zeit: Sie können jetzt anfangen.

landing-telephone-fresh = Sie scheinen an einem Telefon zu sein. Öffnen Sie diesen Link auf dem Computer, der Hilfe braucht. Oder holen Sie hier den Code, öffnen Sie auf jenem Computer { $address } und geben Sie ihn dort ein.
landing-telephone-opened = Sie scheinen an einem Telefon zu sein. Öffnen Sie auf dem Computer, der Hilfe braucht, { $address } und geben Sie diesen Code ein.

landing-fresh-heading = { $who } möchte Ihnen helfen
landing-fresh-lead = Mit Ihrer Erlaubnis verbindet sich die Person mit Ihrem Computer und hilft Ihnen dabei.
landing-fresh-steps = So geht es weiter
landing-fresh-step-code = Sie drücken auf „Weiter“ und bekommen einen Beitrittscode.
landing-fresh-step-client = Auf dem Computer, der Hilfe braucht, öffnen Sie Beckon, das Programm dafür. Die nächste Seite hilft Ihnen dabei.
landing-fresh-step-allow = Beckon fragt Sie, was erlaubt ist. Nichts wird geteilt, bevor Sie es erlauben, und Sie können es jederzeit beenden.
landing-warning = Haben Sie das erwartet? Wenn jemand Unbekanntes Sie angerufen oder hierher geschickt hat, schließen Sie diese Seite und beenden Sie das Gespräch.
landing-continue = Weiter

landing-opened-heading = Ihr Beitrittscode
landing-opened-lead = Damit tritt Ihr Computer bei, und { $who } kann um Zugriff bitten. Er ist nur für den Computer bestimmt, der Hilfe braucht.
landing-opened-steps = So geht es weiter
landing-opened-step-press = Drücken Sie auf „Beckon öffnen“. Der Browser fragt vielleicht, ob er das darf: Erlauben Sie es.
landing-opened-step-nothing = Wenn nichts geschieht, ist Beckon noch nicht auf diesem Computer: siehe unten.
landing-opened-step-open = Öffnen Sie Beckon auf dem Computer, der Hilfe braucht, geben Sie den Code in das Feld ganz oben ein und drücken Sie auf „Verbinden“.
landing-opened-step-allow = Beckon zeigt, wer anfragt und was erlaubt werden soll. Wählen Sie dort „Zugriff erlauben“ oder „Ablehnen“.
landing-opened-elsewhere = Braucht ein anderer Computer Hilfe? Öffnen Sie dort { $address } und geben Sie diesen Code ein.
landing-open = Beckon öffnen

landing-get = Ist Beckon noch nicht auf diesem Computer?
landing-get-there = Ist Beckon noch nicht auf jenem Computer?
landing-get-ask = Fragen Sie { $organisation }, wie Sie es bekommen.
landing-get-elsewhere = Holen Sie es auf dem Computer, der Hilfe braucht.
landing-get-all = Alle Downloads
landing-get-then = Kommen Sie dann auf diese Seite zurück und drücken Sie auf „Beckon öffnen“.
landing-get-other = Weitere Downloads

landing-joined-heading = Ein Computer ist beigetreten
landing-joined-lead = Machen Sie im Beckon-Fenster auf diesem Computer weiter: Dort entscheiden Sie, ob { $who } ihn sehen darf.
landing-joined-again = Wurde das Fenster geschlossen? Öffnen Sie Beckon auf demselben Computer; wenn es nach einem Code fragt, geben Sie diesen noch einmal ein.
landing-ready-heading = Der Zugriff ist erlaubt
landing-ready-lead = { $who } kann sich jetzt verbinden. Lassen Sie das Beckon-Fenster auf Ihrem Computer offen: Es zeigt, wann das geschieht, und dort können Sie es jederzeit beenden.

landing-connected-heading = Sie sind verbunden
landing-connected-lead = Die Sitzung mit { $who } ist im Beckon-Fenster auf Ihrem Computer. Dort können Sie sie jederzeit beenden.

landing-closed-heading = Diese Anfrage ist geschlossen
landing-closed-lead = Sie müssen nichts weiter tun. Wenn Sie noch Hilfe brauchen, bitten Sie { $organisation } um einen neuen Link.

landing-expired-heading = Dieser Link ist abgelaufen
landing-expired-lead = Wenn Sie noch Hilfe brauchen, bitten Sie { $organisation } um einen neuen Link.

landing-replaced-heading = Es gibt einen neueren Link
landing-replaced-lead = Dieser funktioniert nicht mehr. Nehmen Sie den letzten Link, den { $organisation } Ihnen geschickt hat, oder bitten Sie darum.

landing-unknown-heading = Wir kennen diesen Link nicht
landing-unknown-lead = Vielleicht fehlt ein Teil davon. Öffnen Sie ihn noch einmal aus der Nachricht, oder bitten Sie um einen neuen.

landing-until = Dieser Link funktioniert bis
landing-until-then = Er funktionierte bis
landing-busy-heading = Einen Augenblick, bitte
landing-busy-lead = Aus Ihrem Netz wurden zu viele unbekannte Links geöffnet. Versuchen Sie es in { $seconds } Sekunden noch einmal.

## A join code, typed by hand

join-heading = Geben Sie Ihren Beitrittscode ein
join-lead = Wer Ihnen hilft, sagt Ihnen den Code. Er führt auf die Seite, die zeigt, wer anfragt.
join-code = Beitrittscode
join-hint = Etwa 7Q4MX-2K9TD. Groß oder klein ist gleich.
join-wrong-form = Das ist kein Beitrittscode: Er hat 10 Buchstaben und Ziffern. Bitte sehen Sie noch einmal nach.
join-wrong-unknown = Wir kennen diesen Code nicht. Bitte sehen Sie noch einmal nach oder fragen Sie { $organisation } danach.
join-busy-heading = Bitte warten Sie eine Weile
join-busy-lead = Es wurden zu viele falsche Codes eingegeben. In den nächsten { $minutes } min wird keiner angenommen, auch nicht der richtige. Danach können Sie es noch einmal versuchen.
join-again = Zurück zum Code

## The page of an ID or alias

call-title = Mit { $target } verbinden
call-heading = Mit diesem Gerät verbinden
call-lead = Mit einem Klick ruft Ihr Beckon es an. Sie sehen seinen Bildschirm, sobald dort jemand zugestimmt hat.
call-connect = Verbinden
call-telephone = Sie scheinen an einem Telefon zu sein. Öffnen Sie diese Seite auf dem Computer, von dem aus Sie sich verbinden möchten.
call-steps = So geht es weiter
call-step-connect = Sie drücken auf „Verbinden“.
call-step-browser = Der Browser fragt vielleicht, ob er Beckon öffnen darf.
call-step-window = Beckon zeigt, wen es anruft und über welchen Dienst: Es sollte { $address } sein. Dort können Sie jederzeit abbrechen.
call-step-allow = Wer dort sitzt, wird gefragt und entscheidet, was Sie tun dürfen. Wenn binnen einer Minute niemand antwortet, geschieht nichts.
call-warning = Einen solchen Link kann jeder schreiben. Verbinden Sie sich nur, wenn Sie wissen, wessen Gerät das ist.
call-get-elsewhere = Holen Sie es auf dem Computer, von dem aus Sie sich verbinden möchten.
call-get-then = Geben Sie ihm dann die Adresse dieses Dienstes an, { $address }, kommen Sie auf diese Seite zurück und drücken Sie auf „Verbinden“.
call-wrong-heading = Das ist weder eine ID noch ein Alias
call-wrong-lead = Eine ID hat 9 oder 10 Ziffern, und ein Alias sieht aus wie name@namespace. Vielleicht fehlt ein Teil der Adresse. Dort steht:

## Packages

download-title = Beckon holen
download-heading = Beckon holen
download-lead = Wählen Sie das System des Computers, auf dem Sie es brauchen.
download-get = { $name } herunterladen
download-get-it = Herunterladen
download-about = Version { $version }, { $size } MB
download-windows = Beckon für Windows
download-windows-steps = Öffnen Sie die heruntergeladene Datei und folgen Sie ihr.
download-assist = Beckon Assist für Windows
download-assist-steps = Um einmal Hilfe zu bekommen: Nichts wird installiert. Öffnen Sie die heruntergeladene Datei und geben Sie den Beitrittscode ein, den Sie bekommen haben.
download-assist-steps-here = Nichts wird installiert. Öffnen Sie die heruntergeladene Datei: Ihr Name enthält Ihren Beitrittscode, also lassen Sie ihn, wie er ist.
download-mac-apple = Beckon für Mac (Apple-Chip)
download-mac-apple-steps = Für Macs ab dem M1. Öffnen Sie die heruntergeladene Datei, bewegen Sie Beckon in den Ordner Programme und öffnen Sie es dort.
download-mac-intel = Beckon für Mac (Intel-Chip)
download-mac-intel-steps = Öffnen Sie die heruntergeladene Datei, bewegen Sie Beckon in den Ordner Programme und öffnen Sie es dort.
download-linux-amd64 = Beckon für Debian und Ubuntu
download-linux-amd64-steps = Für 64-Bit-Computer (amd64). Öffnen Sie die heruntergeladene Datei, oder installieren Sie sie in einem Terminal, in dem Ordner, in dem sie liegt:
download-linux-arm64 = Beckon für Debian und Ubuntu auf ARM
download-linux-arm64-steps = Für 64-Bit-ARM-Computer (arm64). Öffnen Sie die heruntergeladene Datei, oder installieren Sie sie in einem Terminal, in dem Ordner, in dem sie liegt:
download-check = Ist es die richtige Datei?
download-check-how = Wenn Sie sicher sein wollen, dass eine Datei so ankam, wie sie hier liegt, vergleichen Sie ihre SHA-256-Summe:
download-none-heading = Hier gibt es keine Downloads
download-none-lead = Dieser Dienst hat keine Pakete von Beckon. Fragen Sie { $organisation }, wie Sie es bekommen.
download-missing-heading = Dieses Paket ist nicht hier
download-missing-lead = Der Dienst hat es nicht oder nicht mehr.
download-full-heading = Einen Augenblick, bitte
download-full-lead = Gerade laden viele Menschen herunter. Versuchen Sie es in { $seconds } Sekunden noch einmal.
download-busy-heading = Einen Augenblick, bitte
download-busy-lead = Aus Ihrem Netz wurde zu viel heruntergeladen. Versuchen Sie es in { $seconds } Sekunden noch einmal.

## The first owner

setup-title = Beckon einrichten
setup-heading = Ihren Beckon-Dienst einrichten
setup-lead = Geben Sie Ihrer Organisation einen Namen und legen Sie das erste Konto an. Ihm gehört der Dienst.
setup-organisation = Organisation
setup-organisation-hint = Diesen Namen sehen die Menschen, denen Sie helfen.
setup-name = Ihr Name
setup-email = Ihre E-Mail-Adresse
setup-password = Passwort
setup-password-hint = Mindestens { $min } Zeichen.
setup-submit = Konto anlegen
setup-failed = Es wurde noch nichts angelegt. Bitte berichtigen Sie, was markiert ist.

setup-wrong-empty = Bitte füllen Sie das aus.
setup-wrong-long = Höchstens { $max } Zeichen.
setup-wrong-forbidden = Steuerzeichen dürfen nicht darin vorkommen.
setup-wrong-email = Das ist keine E-Mail-Adresse.
setup-wrong-short = Mindestens { $min } Zeichen.

setup-done-heading = { $organisation } ist bereit
setup-done-lead = Ihr Konto wurde angelegt. Dieser Einrichtungslink funktioniert nicht mehr.
setup-done-steps = Was als Nächstes zu tun ist
setup-done-step-open = Öffnen Sie den Beckon-Client.
setup-done-step-service = Geben Sie die Adresse dieses Dienstes ein:
setup-done-step-sign-in = Melden Sie sich mit { $email } und Ihrem Passwort an.
setup-done-step-more = Legen Sie auf diesem Rechner Konten für Ihre Kolleginnen und Kollegen an:

setup-dead-heading = Dieser Einrichtungslink funktioniert nicht
setup-dead-lead = Er funktioniert einmal, und nur bis der Dienst neu gestartet wird. Wenn der Dienst noch niemandem gehört, zeigt seine Ausgabe den aktuellen Link.

## The front page

home-title = Beckon-Dienst von { $organisation }
home-heading = { $organisation }
home-lead = Dies ist ein Beckon-Dienst: Fernhilfe, die diese Organisation selbst betreibt. Was in einer Sitzung geteilt wird, ist zwischen den beiden Computern verschlüsselt, und dieser Dienst kann es nicht sehen.
home-recipient = Brauchen Sie Hilfe?
home-recipient-how = Wurde Ihnen ein Link geschickt? Öffnen Sie ihn aus der Nachricht. Wurde Ihnen ein Beitrittscode genannt? Geben Sie ihn hier ein und sehen Sie, wer anfragt, bevor etwas geschieht.
home-join = Beitrittscode eingeben
home-agent = Helfen Sie anderen?
home-agent-how = Melden Sie sich im Beckon-Client mit der Adresse dieser Seite an.

home-get = Beckon holen

## Refused

refused-heading = Das kam nicht von dieser Seite
refused-lead = Bitte gehen Sie zurück und versuchen Sie es noch einmal von der Seite selbst aus.

## Failed

failed-heading = Etwas ist schiefgegangen
failed-lead = Es ist unser Fehler, und er wurde festgehalten. Bitte versuchen Sie es in einer kleinen Weile noch einmal.
failed-trace = Wenn Sie es melden, hilft diese Nummer:
unavailable-heading = Gerade nicht
unavailable-lead = Der Dienst kann das im Moment nicht. Bitte versuchen Sie es in einer kleinen Weile noch einmal.
missing-heading = Hier ist nichts
missing-lead = Vielleicht fehlt ein Teil der Adresse. Wurde Ihnen ein Link geschickt? Dann öffnen Sie ihn noch einmal aus der Nachricht.
missing-home = Was das für ein Dienst ist
