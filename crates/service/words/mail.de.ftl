# What the service writes to recipients, in German.

mail-greeting = Guten Tag { $name },
mail-farewell = { $organisation } betreibt einen Beckon-Dienst für Fernhilfe, der diese Mail von selbst verschickt hat.

mail-invitation-subject = Fernhilfe von { $organisation }
mail-invitation-lead = { $who } möchte Ihnen an Ihrem Computer helfen.

mail-new-link-subject = Ein neuer Link für Ihre Fernhilfe von { $organisation }
mail-new-link-lead = { $who } hat einen neuen Sitzungslink für Sie erstellt. Der Link aus der früheren Mail funktioniert nicht mehr.

mail-rescheduled-subject = Ein anderer Termin für Ihre Fernhilfe von { $organisation }
mail-rescheduled-lead = { $who } hat einen anderen Termin festgelegt, um Ihnen zu helfen. Ihr Sitzungslink bleibt derselbe.

mail-started-subject = Ihre Fernhilfe von { $organisation } kann beginnen
mail-started-lead = { $who } wartet nicht länger auf den festgelegten Termin: Sie können jetzt beginnen. Ihr Sitzungslink bleibt derselbe.

mail-closed-subject = Ihre Fernhilfe von { $organisation } ist abgeschlossen
mail-closed-lead = Diese Anfrage für Fernhilfe ist geschlossen. Ihr Link funktioniert nicht mehr, und Sie müssen nichts weiter tun. Wenn Sie noch Hilfe brauchen, bitten Sie { $organisation } um einen neuen Link.

mail-reopened-subject = Ein neuer Link für Ihre Fernhilfe von { $organisation }
mail-reopened-lead = { $who } möchte Ihnen weiterhelfen und hat einen neuen Sitzungslink für Sie erstellt.

mail-when = Wann: { $moment }
mail-how = Öffnen Sie diesen Link auf dem Computer, der Hilfe braucht:
mail-how-scheduled = Öffnen Sie diesen Link auf dem Computer, der Hilfe braucht. Beitreten können Sie ab 15 Minuten vor diesem Zeitpunkt.
mail-button = Sitzungslink öffnen
mail-what = Sie sehen, wer anfragt und was dann möglich ist. Nichts wird geteilt, bevor Sie es erlauben, und Sie können es jederzeit beenden.
mail-until = Der Link funktioniert bis { $moment }. Wenn er nicht mehr funktioniert, bitten Sie { $organisation } um einen neuen.
mail-warning = Haben Sie diese Mail nicht erwartet? Dann öffnen Sie den Link nicht. Wenn jemand Unbekanntes Sie angerufen hat und wollte, dass Sie ihn öffnen, beenden Sie das Gespräch.

## Moments

moment = { $weekday }, { $day }. { $month } { $year }, { $time } Uhr ({ $zone })
weekday-1 = Montag
weekday-2 = Dienstag
weekday-3 = Mittwoch
weekday-4 = Donnerstag
weekday-5 = Freitag
weekday-6 = Samstag
weekday-7 = Sonntag
month-1 = Januar
month-2 = Februar
month-3 = März
month-4 = April
month-5 = Mai
month-6 = Juni
month-7 = Juli
month-8 = August
month-9 = September
month-10 = Oktober
month-11 = November
month-12 = Dezember
