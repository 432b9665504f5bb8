# What the service writes to recipients, in English.

mail-greeting = Hello { $name },
mail-farewell = { $organisation } runs a Beckon service for remote support, which has sent this mail by itself.

mail-invitation-subject = Remote support from { $organisation }
mail-invitation-lead = { $who } would like to help you with your computer.

mail-new-link-subject = A new link for your remote support from { $organisation }
mail-new-link-lead = { $who } has made a new session link for you. The one in the earlier mail no longer works.

mail-rescheduled-subject = Another time for your remote support from { $organisation }
mail-rescheduled-lead = { $who } has set another time for helping you. Your session link stays the same.

mail-started-subject = Your remote support from { $organisation } can begin
mail-started-lead = { $who } no longer waits for the time that was set: you can begin now. Your session link stays the same.

mail-closed-subject = Your remote support from { $organisation } is closed
mail-closed-lead = This request for remote support is closed. Its link no longer works, and there is nothing more for you to do. If you still need help, ask { $organisation } for a new link.

mail-reopened-subject = A new link for your remote support from { $organisation }
mail-reopened-lead = { $who } would like to go on helping you, and has made a new session link for you.

mail-when = When: { $moment }
mail-how = Open this link on the computer that needs help:
mail-how-scheduled = Open this link on the computer that needs help. You can join from 15 minutes before that time.
mail-button = Open the session link
mail-what = You will see who asks and what they may do. Nothing is shared before you allow it, and you can end it at any time.
mail-until = The link works until { $moment }. If it no longer works, ask { $organisation } for a new one.
mail-warning = Did you not expect this mail? Then do not open the link. If somebody you do not know called you and told you to open it, end the call.

## Moments

moment = { $weekday }, { $day } { $month } { $year }, { $time } ({ $zone })
weekday-1 = Monday
weekday-2 = Tuesday
weekday-3 = Wednesday
weekday-4 = Thursday
weekday-5 = Friday
weekday-6 = Saturday
weekday-7 = Sunday
month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December
