# What the service's pages say, in English.

## Every page

page-by = Beckon
page-about = Remote support, run by { $organisation } on its own service.

## The recipient's page

landing-title = Remote support from { $organisation }
landing-agent = { $agent } from { $organisation }
landing-queue = an agent of { $queue } at { $organisation }
landing-anyone = an agent of { $organisation }

landing-scheduled-heading = { $who } will help you at this time
landing-scheduled-lead = With your permission they connect to your computer then and help you with it. You can join from 15 minutes before.
landing-scheduled-left = Joining opens in
landing-scheduled-reload = Come back to this page then, or reload it: it does not change by itself.
landing-scheduled-computer = Be at the computer that needs help by then, and open this page on it.
landing-when = Planned for
landing-rescheduled = The time has changed since this link was made. This one counts.
landing-started = { $who } no longer waits for the time that was set: you can begin now.

landing-telephone-fresh = You seem to be on a telephone. Open this link on the computer that needs help. Or get the code here, open { $address } on that computer, and type it there.
landing-telephone-opened = You seem to be on a telephone. On the computer that needs help, open { $address } and type this code.

landing-fresh-heading = { $who } would like to help you
landing-fresh-lead = With your permission they connect to your computer and help you with it.
landing-fresh-steps = What will happen
landing-fresh-step-code = You press “Continue” and get a join code.
landing-fresh-step-client = On the computer that needs help you open Beckon, the program for this. The next page helps you with that.
landing-fresh-step-allow = Beckon asks you what they may do. Nothing is shared before you allow it, and you can end it at any time.
landing-warning = Did you expect this? If somebody you do not know called you or sent you here, close this page and end the call.
landing-continue = Continue

landing-opened-heading = Your join code
landing-opened-lead = With it your computer joins, and { $who } can ask for access. It is meant for the computer that needs help, and for no other.
landing-opened-steps = What to do with it
landing-opened-step-press = Press “Open Beckon”. Your browser may ask whether it may do that: allow it.
landing-opened-step-nothing = If nothing happens, Beckon is not on this computer yet: see below.
landing-opened-step-open = Open Beckon on the computer that needs help, type the code into the field at the top, and press “Connect”.
landing-opened-step-allow = Beckon shows who asks and what they may do. Choose “Allow access” or “Deny” there.
landing-opened-elsewhere = Does another computer need help? Open { $address } on it and type this code.
landing-open = Open Beckon

landing-get = Is Beckon not on this computer yet?
landing-get-there = Is Beckon not on that computer yet?
landing-get-ask = Ask { $organisation } how to get it.
landing-get-elsewhere = Get it on the computer that needs help.
landing-get-all = All downloads
landing-get-then = Then come back to this page and press “Open Beckon”.
landing-get-other = Other downloads

landing-joined-heading = A computer has joined
landing-joined-lead = Go on in the Beckon window on that computer: there you decide whether { $who } may see it.
landing-joined-again = Was the window closed? Open Beckon on the same computer; if it asks for a code, type this one again.
landing-ready-heading = Access is allowed
landing-ready-lead = { $who } can connect now. Leave the Beckon window on your computer open: it shows when they do, and you can end it there at any time.

landing-connected-heading = You are connected
landing-connected-lead = The session with { $who } is in the Beckon window on your computer. You can end it there at any time.

landing-closed-heading = This request is closed
landing-closed-lead = There is nothing more for you to do. If you still need help, ask { $organisation } for a new link.

landing-expired-heading = This link has expired
landing-expired-lead = If you still need help, ask { $organisation } for a new link.

landing-replaced-heading = There is a newer link
landing-replaced-lead = This one no longer works. Use the last link that { $organisation } sent you, or ask for it.

landing-unknown-heading = We do not know this link
landing-unknown-lead = Perhaps a part of it is missing. Open it again from the message, or ask whoever sent it for a new one.

landing-until = This link works until
landing-until-then = It worked until
landing-busy-heading = One moment, please
landing-busy-lead = Too many unknown links were opened from your network. Try again in { $seconds } seconds.

## A join code, typed by hand

join-heading = Type your join code
join-lead = Whoever helps you tells you the code. It leads to the page that says who asks.
join-code = Join code
join-hint = Such as 7Q4MX-2K9TD. Capitals do not matter.
join-wrong-form = This is not a join code: it has 10 letters and digits. Please look again.
join-wrong-unknown = We do not know this code. Please look again, or ask { $organisation } for it.
join-busy-heading = Please wait a while
join-busy-lead = Too many wrong codes were typed. No code is taken for { $minutes } min, not even the right one. Then you can try again.
join-again = Back to the code

## The page of an ID or alias

call-title = Connect to { $target }
call-heading = Connect to this device
call-lead = With one click your Beckon calls it. You see its screen once somebody there has allowed it.
call-connect = Connect
call-telephone = You seem to be on a telephone. Open this page on the computer from which you want to connect.
call-steps = What will happen
call-step-connect = You press “Connect”.
call-step-browser = The browser may ask whether it may open Beckon.
call-step-window = Beckon shows whom it calls and by which service: it should be { $address }. You can cancel there at any time.
call-step-allow = Whoever sits there is asked, and decides what you may do. If nobody answers within a minute, nothing happens.
call-warning = Anybody can write such a link. Connect only if you know whose device this is.
call-get-elsewhere = Get it on the computer from which you want to connect.
call-get-then = Then give it the address of this service, { $address }, come back to this page and press “Connect”.
call-wrong-heading = This is neither an ID nor an alias
call-wrong-lead = An ID has 9 or 10 digits, and an alias looks like name@namespace. Perhaps a part of the address is missing. It says:

## Packages

download-title = Get Beckon
download-heading = Get Beckon
download-lead = Choose the system of the computer on which you need it.
download-get = Download { $name }
download-get-it = Download
download-about = Version { $version }, { $size } MB
download-windows = Beckon for Windows
download-windows-steps = Open the downloaded file and follow it.
download-assist = Beckon Assist for Windows
download-assist-steps = For being helped once: nothing is installed. Open the downloaded file and type the join code that you were given.
download-assist-steps-here = Nothing is installed. Open the downloaded file: its name carries your join code, so leave the name as it is.
download-mac-apple = Beckon for Mac (Apple chip)
download-mac-apple-steps = For Macs with an M1 or later. Open the downloaded file, move Beckon into Applications, and open it there.
download-mac-intel = Beckon for Mac (Intel chip)
download-mac-intel-steps = Open the downloaded file, move Beckon into Applications, and open it there.
download-linux-amd64 = Beckon for Debian and Ubuntu
download-linux-amd64-steps = For 64-bit computers (amd64). Open the downloaded file, or install it in a terminal, in the folder where it lies:
download-linux-arm64 = Beckon for Debian and Ubuntu on ARM
download-linux-arm64-steps = For 64-bit ARM computers (arm64). Open the downloaded file, or install it in a terminal, in the folder where it lies:
download-check = Is it the right file?
download-check-how = If you want to be sure that a file arrived as it is here, compare its SHA-256:
download-none-heading = No downloads here
download-none-lead = This service has no packages of Beckon to hand out. Ask { $organisation } how to get it.
download-missing-heading = This package is not here
download-missing-lead = The service does not have it, or no longer.
download-full-heading = One moment, please
download-full-lead = Many people are downloading at this moment. Try again in { $seconds } seconds.
download-busy-heading = One moment, please
download-busy-lead = Too much was downloaded from your network. Try again in { $seconds } seconds.

## The first owner

setup-title = Set up Beckon
setup-heading = Set up your Beckon service
setup-lead = Name your organisation and make the first account. It owns the service.
setup-organisation = Organisation
setup-organisation-hint = The people you help will see this name.
setup-name = Your name
setup-email = Your email
setup-password = Password
setup-password-hint = At least { $min } characters.
setup-submit = Create the account
setup-failed = Nothing was created yet. Please correct what is marked.

setup-wrong-empty = Please fill this in.
setup-wrong-long = At most { $max } characters.
setup-wrong-forbidden = Control characters cannot be part of it.
setup-wrong-email = This is not an email address.
setup-wrong-short = At least { $min } characters.

setup-done-heading = { $organisation } is ready
setup-done-lead = Your account was created. This setup link no longer works.
setup-done-steps = What to do next
setup-done-step-open = Open the Beckon client.
setup-done-step-service = Enter the address of this service:
setup-done-step-sign-in = Sign in with { $email } and your password.
setup-done-step-more = Make accounts for your colleagues on this machine:

setup-dead-heading = This setup link does not work
setup-dead-lead = It works once, and only until the service is started again. If nobody owns the service yet, its output shows the current link.

## The front page

home-title = Beckon service of { $organisation }
home-heading = { $organisation }
home-lead = This is a Beckon service: remote support that this organisation runs itself. What is shared in a session is encrypted between the two computers, and this service cannot see it.
home-recipient = Do you need help?
home-recipient-how = Were you sent a link? Open it from the message. Were you told a join code? Type it here, and see who asks before anything happens.
home-join = Type a join code
home-agent = Do you help others?
home-agent-how = Sign in from the Beckon client with the address of this page.

home-get = Get Beckon

## Refused

refused-heading = That did not come from this page
refused-lead = Please go back and try again from the page itself.

## Failed

failed-heading = Something went wrong
failed-lead = It is our fault, and it was written down. Please try again in a little while.
failed-trace = If you report it, this number helps:
unavailable-heading = Not just now
unavailable-lead = The service cannot do this at the moment. Please try again in a little while.
missing-heading = There is nothing here
missing-lead = Perhaps a part of the address is missing. Were you sent a link? Then open it again from the message.
missing-home = What this service is
