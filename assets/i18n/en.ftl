# What Cairn says in English. One group of lines for each screen.

## Calendar

month-january = Jan
month-february = Feb
month-march = Mar
month-april = Apr
month-may = May
month-june = Jun
month-july = Jul
month-august = Aug
month-september = Sep
month-october = Oct
month-november = Nov
month-december = Dec
day-monday = Mon
day-tuesday = Tue
day-wednesday = Wed
day-thursday = Thu
day-friday = Fri
day-saturday = Sat
day-sunday = Sun
date-today = today
age-days = { $n }d
age-weeks = { $n }w
age-months = { $n }m
age-years = { $n }y

## Keys

key-space = Space
key-enter = Enter
key-esc = Esc
key-tab = Tab
key-back-tab = Shift-Tab
key-backspace = Backspace
key-delete = Delete
key-up = Up
key-down = Down
key-left = Left
key-right = Right
key-word-left = Ctrl-Left
key-word-right = Ctrl-Right
key-home = Home
key-end = End
key-page-up = PgUp
key-page-down = PgDn
key-shift-f = Shift-F{ $n }
keys-palette-only = palette only
context-anywhere = Anywhere
context-outside = Anywhere, while no text is written
context-list = In a list
context-form = In a form
context-text = While text is written
context-find = Find or register, in the box
context-find-list = Find or register, in the list
context-register = New patient
context-register-alike = New patient, among those who may be the same
context-chart = On every page of the chart
context-summary = Chart summary
context-vitals = Vital signs, in the line
context-vitals-table = Vital signs, in the table
context-vitals-menu = Vital signs, menu of a row
context-vitals-why = Vital signs, saying why
context-note = Visit note
context-note-line = Visit note, in the vital signs
context-note-text = Visit note, in a section
context-note-offer = Visit note, where something is offered
context-note-dx = Visit note, in the diagnoses
context-note-sign = Visit note, before signing
context-notes = Visits
context-notes-list = Visits, in the list
context-notes-read = Visits, reading one
context-menu = In the menu of a row
context-allergies = Allergies
context-allergies-none = Allergies, while none is on file
context-problems = Problems
context-drugs = Drugs
context-drugs-list = Drugs, in the list
context-drugs-stop = Drugs, where an allergy stops
context-immunizations = Vaccines
context-history = History
context-history-filter = History, in the filter
context-sheet = In the form of a record
context-sync = Among the clinic’s machines
context-sync-place = Among the clinic’s machines, looking at one
context-invite = While a new machine is paired
context-invite-ask = While a new machine is paired, at the question
context-invite-over = After a pairing
context-bundle = In the form of a USB bundle
context-commands = Help and the palette
context-messages = Messages
context-question = At a question
context-start = First start
context-start-list = First start, choosing
context-start-form = First start, the clinic
context-start-words = First start, the paper words
context-start-back = First start, the words typed back
context-start-join = First start, joining a clinic
context-lock = Lock screen
context-lock-who = Lock screen, choosing a person
context-lock-secret = Lock screen, typing
context-lock-pin = Lock screen, the PIN

## Hints

hint-help = help
hint-find = find/register
hint-palette = commands
hint-back = back
hint-next = next
hint-previous = back
hint-list = list
hint-repeat = same as last
hint-open-chart = open chart
hint-new-patient = new patient
hint-search = search
hint-save = save
hint-alike = already on file?
hint-to-form = back to the form
hint-use = use that one
hint-add = add
hint-change = change
hint-in-error = entered in error
hint-run = run
hint-close = close
hint-safe = the marked line
hint-choose = choose
hint-go-on = go on
hint-suggest = use the suggestion
hint-written = they are on paper
hint-make = make the clinic
hint-show-again = show the words again
hint-person = person
hint-unlock = unlock
hint-someone-else = someone else
hint-passphrase = passphrase
hint-quit = quit
hint-table = table
hint-type = type
hint-next-measure = next measure
hint-actions = actions
hint-value-in-error = this value
hint-row-in-error = the whole row
hint-mark = mark
hint-vitals = vitals
hint-note = note
hint-sign = sign
hint-go-on-writing = go on writing
hint-insert = insert
hint-keep-text = keep text
hint-diagnoses = diagnoses
hint-as-before = as last visit
hint-take = take
hint-problem-list = problem list
hint-read = read
hint-next-pane = next pane
hint-open = open
hint-older = older
hint-newer = newer
hint-addendum = addendum

## Frame

tab-find = Find
tab-chart = Chart
tab-sync = Sync
tab-find-help = To the search
tab-chart-help = To the open chart
tab-sync-help = To the clinic’s machines
saved-here = Saved here
saved-shared = Saved here - all shared
saved-to-send = Saved here - { $n } to send to peers
saved-not-met = Saved here - { $name } not met since { $day }
saved-not = NOT SAVED - disk full, F1
frame-help = Help for what has the focus
frame-palette = Run any command by its name
frame-messages = Show earlier messages
frame-finish = Finish: save or accept the form
frame-find = Find or register a patient
frame-lock = Lock now; switch user
frame-next-pane = To the next pane
frame-previous-pane = To the pane before
frame-back = Close, or back one step; nothing typed is lost
frame-new = New, of what this screen holds
frame-go-on = Go on with what lies unfinished
frame-nothing-unfinished = Nothing lies unfinished.
frame-unfinished-here = Only what is in front lies unfinished.
frame-filter = Narrow the list
frame-undo = Undo the last action
frame-redraw = Draw the screen again
frame-english = Language: English
frame-french = Language: French (français)
frame-spanish = Language: Spanish (español)
frame-quit = Quit
frame-interrupt = Stop what runs
frame-how-to-quit = Ctrl-Q quits.
frame-undo-hint = u undoes
frame-locks-soon = Locks in { $n } s - any key stays
frame-nothing-here = This role works from the command line.
go-no-patient = No patient is open: F3 finds one.
go-vitals = Vital signs and trends
go-note = Write the note of today
menu-title = This row
list-menu = What can be done with this row
frame-opening = Opening the clinic …
frame-too-small = Make the window larger (now { $columns }x{ $rows })
help-title = Help
help-prompt = Search:
palette-title = Commands
palette-prompt = Command:
commands-run = Run the marked line
overlay-close = Close
messages-title = Messages
messages-none = Nothing was said yet.
question-safe = Choose the marked, safe line
question-leave = Leave the question
quit-title = Quit with something unfinished?
quit-draft = In front: { $what }. It is kept as a draft and offered again.
quit-stay = Stay
quit-now = Quit; the draft is kept
list-up = Up
list-down = Down
list-page-up = A page up
list-page-down = A page down
list-first = To the first
list-last = To the last
list-open = Open
text-backspace = Delete the character before the caret
text-delete = Delete the character after the caret
text-word-back = Delete the word before the caret
text-left = Left
text-right = Right
text-word-left = A word to the left
text-word-right = A word to the right
text-home = To the start
text-end = To the end
text-undo = Undo
text-redo = Redo

## Patient banner

banner-born = Born { $date }
banner-number = No. { $number }
banner-allergy = ALLERGY:
banner-more = +{ $n } more (a)
banner-none-known = Allergies: none known (asked { $day })
banner-not-asked = Allergies: not recorded - ask (a)
banner-not-received = Allergies: not received yet
banner-no-identity = Name not received yet
banner-weight = Wt { $value }
person-about = about { $date }
sex-female = female
sex-male = male
sex-other = other
sex-unknown = unknown

## Forms

form-next = To the next field
form-accept = Accept and go to the next field
form-previous = To the field before
form-list = Open the list of this field
form-repeat = The same as the patient before
form-up = Up, in the list or the form
form-down = Down, in the list or the form
form-page-up = To the first field
form-page-down = To what can wait
form-needed = needed
form-missing = Something is missing; the caret is on the first.
form-not-a-birth = not a date or an age
form-not-a-day = not a day, a month or a year
form-day-to-come = a day that has not come yet
form-not-coded = not coded
form-not-the-same = The two are not the same.
form-one-of-the-letters = one of the letters
form-phone-none = or - for none
form-pin-short = A PIN has six digits.
origin-last-patient = = last patient
origin-search = = from the search
origin-draft = = from the draft
origin-series = = next of the series

## Drafts

draft-registration = new patient
draft-vitals = vital signs
draft-note = note
draft-addendum = addendum
draft-allergy = allergy
draft-problem = problem
draft-drug = prescription
draft-immunization = vaccine
draft-taken-up = The draft is taken up where it was left.
draft-taken-up-of = The draft for { $whose } is taken up where it was left.
draft-whose = { $what } for { $whose }
draft-unfinished =
    { $n ->
    [one] Unfinished: { $what } { $time } - Enter to go on
   *[other] Unfinished ({ $n }): { $what } { $time } - Enter to go on
    }
draft-left = Kept unfinished: { $what } - Ctrl-O goes on
draft-goes-on = Going on with: { $what }
draft-in-chart = Unfinished: { $what } { $time }, not in the chart yet - { $key } goes on

## Trouble

trouble-locked = Sign in first.
trouble-role = Your role does not include this.
trouble-no-key = Your role does not hold the key of that part.
trouble-closed = Not saved: that category is closed to you now. Ctrl-K chooses another.
trouble-standing = This user is no longer in good standing; ask the owner.
trouble-session-over = The session is over; sign in again.
trouble-shut-out = This computer was removed from the clinic. Ask an owner: it can come back as a new one.
trouble-no-reason = This patient is not in care: say why you open the chart.
trouble-never-closed = This is never kept closed: allergies, consents and who the patient is stand open.
trouble-disk-full = The disk is full: free some space, then save again.
trouble-read-only = The data folder cannot be written: check its rights.
trouble-damaged = Something stored is damaged: run `cairn verify`.
trouble-not-found = That is not on this computer.
trouble-no-network = The network cannot be used on this machine. Is the address of --bind its own?
trouble-internal = A fault of the program; what was saved is safe.

## First start

start-title = Welcome
start-title-clinic = A new clinic
start-title-words = Write these 24 words on paper, twice
start-title-back = From your paper
start-title-making = One moment
start-create = Create a clinic on this computer
start-create-more = About five minutes, with paper and a pen.
start-demo = Look at the demo clinic
start-demo-more = Invented patients, safe to try everything.
start-join = Join a clinic that is on another computer
start-join-more = Its owner shows eight words there, good for ten minutes.
start-accept = Take the marked line
start-choose = Take the line of this number
start-go-on = Go on
start-suggest = Use the suggested passphrase
start-written = The words are on paper
start-make = Make the clinic
start-show-again = Show the words again
start-clinic = Clinic
start-clinic-help = The clinic’s name, as it stands in the title bar and on papers.
start-name = Your name
start-name-help = You become the owner, who adds the other people.
start-passphrase = Passphrase
start-passphrase-help = Five words or more. It opens everything on the first sign-in of a day.
start-passphrase-again = Passphrase again
start-again-help = Type it once more, so that no slip locks you out.
start-pin = PIN, 6 digits
start-pin-help = For quick changes of person during the day.
start-pin-again = PIN again
start-strong = strong enough
start-weak = This passphrase could be guessed: add words.
start-weak-percent = too weak yet, { $n } % of what is needed
start-suggestion = Suggestion: { $words }
start-words-why = They are the only way back if every computer is lost, and they open everything. Keep the two papers in two safe places. They are shown only now.
start-back-why = Type these three words from your paper, so that we both know that it is right.
start-word-a = Word { $n }
start-word-b = Word { $n }
start-word-c = Word { $n }
start-word-help = The word with this number on your paper.
start-wrong-word = That is not the word on the paper.
start-making = Preparing everything; this takes a few seconds.

## Lock and switch user

lock-started = Who is at the keyboard?
lock-asked = Locked.
lock-joined = This computer belongs to the clinic now. Sign in with your own passphrase.
lock-idle = { $n ->
    [one] Locked after 1 minute without a key.
   *[other] Locked after { $n } minutes without a key.
}
lock-someone = someone else
lock-someone-else = Someone who is not in the list
lock-other-up = Another person: the line above
lock-other-down = Another person: the line below
lock-choose = The person of this number
lock-accept = Accept what is typed
lock-back = Back to the list of people
lock-use-passphrase = The passphrase in place of the PIN
lock-name = Name:
lock-pin = PIN for { $name }:
lock-passphrase = Passphrase for { $name }:
lock-new-pin = Choose a PIN of 6 digits:
lock-new-pin-again = The PIN again:
lock-new-pin-what-for = It unlocks this computer for you until Cairn is closed.
lock-pin-plain = Everybody tries that PIN first: choose another.
lock-pin-wrong = { $n ->
    [one] Not that PIN. 1 try left, then the passphrase.
   *[other] Not that PIN. { $n } tries left, then the passphrase.
}
lock-pin-spent = Not that PIN either. Now the passphrase is needed.
lock-wrong = The name or the passphrase is not right.
lock-wrong-wait = Not right. The next try counts in { $n } s.
lock-waiting = One moment …
lock-passphrase-first = The passphrase first; after it, the PIN is enough.
lock-kept = Your work is kept where you left it.
lock-unfinished = unfinished: { $what }, { $time }
role-owner = owner
role-clinician = clinician
role-nurse = nurse
role-lab-pharmacy = lab/pharmacy
role-front-desk = front desk
role-auditor = auditor
role-hub = hub
role-emergency = emergency

## Find or register

find-label = Find:
find-by = name, number, phone, village
find-matches = { $n ->
    [one] { $n } match
   *[other] { $n } matches
}
find-recent = Seen last
find-searching = Searching …
find-age = Age
find-sex = Sex
find-village = Village
find-seen = Last seen
find-phone = Phone
find-register = Register new patient: { $name }
find-register-nobody = Register new patient
find-sounds-like = (sounds like)
find-misspelt = (nearly)
find-by-identifier = (other number)
find-last-seen = Last seen { $day }
find-severe-allergy = ! Severe allergy on file
find-open = Open the chart, or register
find-new = Register a new patient
find-to-list = From the box into the list
find-to-box = Back into the search box

## New patient

details-change = Correct the details of { $what }
details-said = { $who }: saved here.
details-key = Correct who the patient is: name, birth, phone, village
hint-details = edit details
draft-details = details of a patient
register-title = NEW PATIENT
register-not-saved = draft kept, not yet saved
register-saving = saving …
register-needed = Needed
register-can-wait = Can wait (PgDn)
register-family = Family name
register-family-help = The family name, in any case. Leave it empty for people with one name.
register-given = Given name(s)
register-given-help = The given names; for people with one name, that name.
register-sex = Sex
register-sex-help = One letter: f female, m male, o other, u unknown.
register-born = Born or age
register-born-help = A date (14 3 87, mar 87, 1987) or an age (38y, 8m, 3w). An age gives an estimated birth date.
register-village = Village
register-village-help = The first letters are enough; what is not in the list is kept as typed.
register-phone = Phone
register-phone2 = Other phone
register-phone-help = As it is dialled, or - for none.
register-kin = Next of kin
register-kin-help = Whom to call if something happens.
register-relation = Relation
register-relation-help = What the next of kin is to the patient.
register-kin-phone = Their phone
register-other-id = Other id
register-other-id-help = A number that someone else gave: national id, insurance, vaccination card.
register-language = Language
register-language-help = The language that the patient speaks best.
register-payer = Payer
register-payer-help = Who pays: self-pay, an insurer, a programme.
register-save = Save the new patient
register-saved = Saved with number { $number }.
register-needs-a-name = a family or a given name
register-no-last = No patient was registered just before.
register-alike-title = Already on file?
register-nobody-alike = Nobody like this so far
register-alike-how = F6 then 1-4: use that one
register-alike-digit = 1-4: use that one
register-alike-by = alike: { $what }
register-to-alike = To the people who may be the same
register-to-form = Back to the form
register-use = Open this person instead of a new one
register-near-title = Is this the same person?
register-near = { $name }, { $number }, is very much alike.
register-near-open = Open { $name }
register-near-new = Save as a new patient
register-near-back = Back to the form
register-draft-title = An unfinished registration from { $time } is kept
register-draft-take = Go on with it
register-draft-new = Drop it and start a new one
alike-name = name
alike-sex = sex
alike-age = age
alike-phone = phone
alike-village = village

## Chart pages

page-summary = Summary
page-notes = Notes
page-vitals = Vitals
page-newer = New in this chart from another machine: Enter shows it.
page-newer-short = New: Enter shows it
page-came = Just in from another machine.
page-newer-help = Show what came in for this chart from another machine
page-allergies = Allergies
page-problems = Problems
page-drugs = Drugs
page-immunizations = Vaccines
page-history = History
page-summary-help = To the summary
page-notes-help = To the visits and their notes
page-allergies-help = To the allergies
page-problems-help = To the problems
page-drugs-help = To the drugs
page-immunizations-help = To the vaccines
page-history-help = Who changed what

## Chart summary

summary-problems = Problems ({ $n })
summary-drugs = Drugs now ({ $n })
summary-since = since { $date }
summary-part = { $shown } of { $n }
summary-vitals = Vitals
summary-labs = Results ({ $n })
summary-visits = Visits ({ $n })
summary-vaccines = Vaccines ({ $n })
summary-problems-short = Problems { $n }
summary-drugs-short = Drugs { $n }
summary-vitals-short = Vitals
summary-labs-short = Results { $n }
summary-visits-short = Visits { $n }
summary-vaccines-short = Vaccines { $n }
summary-today = today
summary-before = before
summary-trend = trend
summary-last-visit = Last visit
summary-visit = Selected visit
summary-more = { $n ->
    [one] 1 more row
   *[other] { $n } more rows
}
summary-damaged = { $n ->
    [one] 1 entry of this chart could not be read. cairn verify names it.
   *[other] { $n } entries of this chart could not be read. cairn verify names them.
}
summary-open = Open the selected entry
summary-next = To the next pane
summary-previous = To the pane before
summary-across = To the pane beside
summary-no-page = This entry belongs to no visit of the chart.
summary-closed = This part of the record is closed to your role.

## Vital signs

vitals-title = Vital signs and trends
vitals-label = Vitals
vitals-example = such as: bp 120/80 hr 72 t 37.1 w 64 spo2 98
vitals-none = Nothing was measured yet.
vitals-no-curve = No numbers to draw.
vitals-accept = Save the line
vitals-to-table = To the table
vitals-to-line = Back to the line
vitals-measure-after = The curve of the next measure
vitals-measure-before = The curve of the measure before
vitals-value-in-error = The marked value was entered in error
vitals-row-in-error = All values of this row were entered in error
vitals-mark = Mark as entered in error
vitals-why-ask = Entered in error. Why?
vitals-why-needed = Say in a few words why it is wrong.
vitals-no-value = There is no value of this measure in this row.
vitals-saved = { $n ->
    [one] 1 value saved.
   *[other] { $n } values saved.
}
vitals-marked = { $n ->
    [one] 1 value marked as entered in error.
   *[other] { $n } values marked as entered in error.
}
vitals-taken-back = Taken back.
vitals-taken-back-why = taken back right after saving
vitals-not-known = { $text }: not a vital sign
vitals-unfinished = { $text }: { $vital } needs a value
vitals-not-a-value = { $text }: not a value of { $vital }
vitals-wrong-unit = { $text }: not a unit of { $vital }
vitals-outside = { $text }: { $vital } outside { $range } - add ! if it is real
vitals-outside-or-unit = { $text }: { $vital } outside { $range } - add { $unit } if meant so, or ! if it is real
vitals-crossed = { $text }: the second pressure is not below the first
vitals-twice = { $text }: { $vital } is there twice
vitals-too-long = This is more than one line holds: save a part first.
vitals-not-done = { $vital } not done
vitals-not-done-why = { $vital } not done: { $why }
vital-blood-pressure = BP
vital-systolic = Systolic
vital-diastolic = Diastol.
vital-heart-rate = Pulse
vital-temperature = Temp
vital-respiratory-rate = RR
vital-spo2 = SpO2
vital-weight = Wt
vital-height = Ht
vital-length = Length
vital-head-circumference = Head
vital-muac = MUAC
vital-glucose = Glucose
vital-pain = Pain
vital-fundal-height = Fundus
vital-fetal-heart-rate = Fetal HR
vital-responsiveness = AVPU
vital-bmi = BMI
## Lists of records

sheet-save = Save
sheet-saving = saving …
sheet-kept = Not saved; kept as a draft.
sheet-kept-line = A form was left unfinished: + goes on with it.
sheet-draft-title = An unfinished form is kept
sheet-draft-take = Go on with it
sheet-draft-drop = Drop it and go on with the other
sheet-taken-back = Taken back.
sheet-taken-back-why = taken back at once
sheet-why = Reason
sheet-why-help = It stays in the history and no longer counts. Say what was wrong.
sheet-in-error-key = Entered in error: it stays in the history and no longer counts
sheet-in-error = Entered in error
sheet-is-in-error = This was entered in error already.
sheet-said-in-error = { $what }: entered in error.
sheet-not-there = That record is not on this computer.
sheet-because = { $what }: { $why }.
sheet-versions = ~ { $n } versions: { $values }.
sheet-also = { $machine } also changed this. Yours is kept as a second version.
sheet-said-second = Saved here. Another machine also changed this: both are kept, to be compared.
severity-mild = mild
severity-moderate = moderate
severity-severe = severe

## Allergies

allergy-add = Add an allergy
allergy-change = Change the allergy to { $what }
allergy-standing = Does the allergy to { $what } still count?
allergy-in-error = Allergy to { $what }: entered in error
allergy-add-key = Add an allergy
allergy-none-key = Asked: no allergies known
allergy-hint-none = asked, none known
allergy-change-key = Change the selected allergy
allergy-standing-key = The selected allergy no longer counts, or counts again
allergy-hint-standing = no longer allergic
allergy-substance = Allergic to
allergy-substance-help = First letters: pen, sulfa, groundnut. Other words are kept as typed.
allergy-reaction = What happened
allergy-reaction-help = First letters: ana, rash, hives. Leave it empty if nobody knows.
allergy-severity = How bad
allergy-severity-help = m mild, o moderate, s severe: severe stops a prescription.
allergy-risk = Next time
allergy-risk-help = The danger of the next exposure, if somebody judged it.
allergy-risk-low = low risk
allergy-risk-high = high risk
allergy-since = Since
allergy-since-help = A day, a month or a year: 2019, mar 2019, t-2w.
allergy-counts = It is
allergy-counts-help = Once resolved or refuted, the banner and the checks of drugs pass over it.
allergy-counts-active = active
allergy-counts-resolved = resolved
allergy-counts-refuted = refuted
allergy-because = Because
allergy-because-help = What shows it: took amoxicillin 2024 without harm; tested negative.
allergy-already = This substance is on file already.
allergy-resolved = Resolved, no longer counts
allergy-refuted = Refuted, does not count
allergy-high = High risk
allergy-said-added = Allergy to { $what } saved.
allergy-said-changed = Allergy to { $what } changed.
allergy-said-counts = The allergy to { $what } counts.
allergy-said-counts-not = The allergy to { $what } no longer counts.
allergy-said-none = Saved: asked today, no allergies known.
allergy-state-some = { $n ->
    [one] 1 allergy on file
   *[other] { $n } allergies on file
}
allergy-state-none = None known (asked { $day })
allergy-state-not-asked = Not asked yet. Ask, then: a adds an allergy, n when none is known.
allergy-state-not-received = Not received yet: another computer may know more. Ask the patient.

## Problems

problem-add = Add a problem
problem-change = Change: { $what }
problem-in-error = { $what }: entered in error
problem-add-key = Add a problem
problem-change-key = Change the selected problem
problem-over-key = The selected problem is resolved today, or there again
problem-hint-over = resolved
problem-what = Problem
problem-what-help = Words or a code: asthma, htn, J45. Other words are kept as typed.
problem-stands = It is
problem-stands-help = a active, i inactive (quiet, may come back), r resolved.
problem-active = active
problem-inactive = inactive
problem-resolved = resolved
problem-since = Since
problem-since-help = A day, a month or a year: 2021, mar 2021, t-2w.
problem-severity = How bad
problem-severity-help = From the list, or in your words.
problem-until = Until
problem-until-help = When it ended, if it did.
problem-note = Note
problem-note-help = Anything more, in a line.
problem-already = This problem is on the list already.
problem-none = No problem is on file.
problem-refuted = looked for, not found
problem-at-visit = at one visit
problem-recurrence = back again
problem-remission = in remission
problem-unconfirmed = not confirmed
problem-said-added = { $what } is on the list.
problem-said-changed = { $what } changed.
problem-said-resolved = { $what }: resolved today.
problem-said-active = { $what }: active again.

## Visit note

note-title = Visit { $time }
note-title-addendum = Addendum to a signed note
note-draft-kept = draft kept { $time }
note-saving = saving …
note-signing = signing …
note-why = Why
note-found = Found
note-dx = Dx
note-plan = Plan
note-added = Added
note-vitals-help = Vital signs in any order: bp 120/80 hr 72 t 37.1 w 64 spo2 98. A ! behind a value says that it is real. bp - refused says that it was not done, and why.
note-why-help = Why the patient came, in the patient’s words. The first line stands in the list of visits. A dot and letters offer phrases.
note-found-help = What was found on examination. A dot and letters offer phrases, such as .chest.
note-dx-help = The first letters of a diagnosis or a code. Enter takes the top line; what is not in the list is kept as typed.
note-plan-help = What is done, given and agreed, and when to come back.
note-added-help = What is added to the signed note. The note itself stays as it was signed.
note-sign-as = Sign as { $name }?
note-sign-now = Sign it
note-go-on = Go on writing
note-sign = Save and sign
note-signed = Signed by { $name }, { $time }.
note-insert = Insert the marked line
note-keep-text = Keep the text as it is typed
note-next = To the next blank or section
note-previous = To the section before
note-to-vitals = To the line of vital signs
note-list = The list of diagnoses: problem list and recent first
note-repeat = Copy this section of the last visit
note-up = Up, in the text or to the section before
note-down = Down, in the text or to the next section
note-accept-line = Accept the line and go on
note-new-line = A new line
note-take = Take the marked diagnosis, or go on
note-toggle-list = Put the diagnosis on the problem list, or not
note-take-out = Select the last diagnosis; again: take it out (Ctrl-Z puts it back)
note-from-list = (from problem list)
note-to-list = -> problem list
note-not-coded = (not coded)
note-phrases = Phrases
note-choices = Choose
note-blanks = { $n ->
    [one] 1 blank left: Tab goes to it
   *[other] { $n } blanks left: Tab goes to them
}
note-blanks-left = { $n ->
    [one] 1 blank is left; fill it, then sign.
   *[other] { $n } blanks are left; fill them, then sign.
}
note-dx-open = A diagnosis is typed and not taken: Enter takes it.
note-empty = Nothing to sign yet: write why the patient came, what was found or what is planned.
note-also = { $machine } also wrote in this note. Both texts are kept.
note-came = Somebody else wrote in this note, too: read it, then sign.
note-nothing-before = No earlier visit says anything here.
note-second-visit = Today’s visit is over already; this begins a second one.
note-other-patient = Another patient is open now. The draft is kept in the right chart.

## Visits as they were

notes-title = Visit { $n } of { $of }, newest first
notes-none = No visit is on file yet. F8 writes the first note.
notes-read = Read the visit whole
notes-older = The visit before this one
notes-unconfirmed = Unconfirmed: whoever was cut off wrote in this. Read it with care.
notes-newer = The visit after this one
notes-write = Add to the signed note, or go on with yours that is not signed
notes-nothing-to-add = No signed note here to add to, and none of yours to go on with.
notes-signed = Signed by { $name }, { $time }
notes-not-signed = Not signed. Written by { $name }, { $time }
notes-is-not-signed = not signed
notes-is-changed = unsigned version
notes-changed = Unsigned version: changed after it was signed. { $name }
notes-someone = someone of another clinic
notes-goes-on = goes on
notes-imported = imported
notes-imported-of = imported, written by { $name }
notes-addendum = Addendum
notes-uses = uses { $phrases }
notes-more = { $n ->
    [one] 1 more row: Down
   *[other] { $n } more rows: PgDn
}
notes-drugs = Drugs
notes-vaccines = Vaccines
notes-procedures = Done
notes-results = Results
notes-reports = Reports
notes-papers = Papers

## Vaccines

vaccine-given = Record a dose
vaccine-not-given = A vaccine that was not given
vaccine-change = Change: { $what }
vaccine-in-error = { $what }: entered in error
vaccine-given-key = Record a dose
vaccine-hint-given = dose given
vaccine-not-given-key = Record that a vaccine was not given, and why
vaccine-hint-not-given = not given
vaccine-change-key = Change the selected dose
vaccine-what = Vaccine
vaccine-what-help = First letters or a CVX code: bcg, penta, opv, mr, 198.
vaccine-dose = Dose number
vaccine-dose-help = Which dose of the series: 1, 2, booster.
vaccine-date = Date
vaccine-date-help = t is today; t-1, 14 3 87, mar 2019.
vaccine-lot = Lot
vaccine-lot-help = As printed on the vial.
vaccine-expiry = Expires
vaccine-expiry-help = As printed on the vial.
vaccine-site = Where
vaccine-site-help = Where on the body; from the list or in your words.
vaccine-reaction = Reaction
vaccine-reaction-help = What happened after it, if anything did.
vaccine-why-not = Why not
vaccine-why-not-help = From the list, or in your words.
vaccine-why-stock = out of stock
vaccine-why-ill = ill today
vaccine-why-refused = refused
vaccine-why-had = had the disease
vaccine-why-contraindicated = contraindicated
site-left-thigh = left thigh
site-right-thigh = right thigh
site-left-arm = left arm
site-right-arm = right arm
site-mouth = by mouth
vaccine-none = No vaccine is on file.
vaccine-dose-number = dose { $n }
vaccine-was-not-given = Not given
vaccine-says-lot = lot { $text }
vaccine-says-expiry = expires { $text }
vaccine-says-reaction = reaction: { $text }
vaccine-said-given = { $what }: dose recorded.
vaccine-said-not-given = { $what }: not given, recorded.
vaccine-said-changed = { $what } changed.
vaccine-count = { $n ->
    [one] 1 dose given
   *[other] { $n } doses given
}

## History

history-loading = Reading …
history-filter-label = Filter:
history-filter = Show only lines that hold some words
history-hint-filter = filter
history-to-list = From the filter to the list
history-hint-list = to the list
history-clear = Show everything again
history-hint-clear = show all
history-nobody = (not known here)
history-made = { $kind } added
history-taken-out = { $old } → (nothing)
history-others = Someone else than
history-yes = yes
history-no = no
history-confirmed = confirmed
history-drug = Drug
history-visit-reason = Why they came
history-code = What it is
history-replaces = Replaces
history-remark = Remark
history-clinical = Stands
history-verification = How sure
history-intolerance = Intolerance
history-category = Category
history-since = Since
history-until = Until
history-severity = How bad
history-on-list = On the list
history-kind = Kind
history-status = Status
history-dose = Dose
history-route = Way
history-frequency = How often
history-duration = For how long
history-as-needed = When needed
history-start = From
history-end = To
history-quantity = In all
history-reason = Reason
history-instructions = Instructions
history-overridden = Warning set aside
history-visit = Visit
history-maker = Maker
history-when = When
history-value = Value
history-measure = Measure
history-absent = Not measured
history-range = Usual range
history-flag = Mark
history-method = Method
history-order = Order
history-title = Title
history-section = Section
history-text = Text
history-phrases = Phrases
history-signature = Signature
history-adds = Adds to
history-class = Seen
history-diagnosis = Diagnosis
history-practitioner = Seen by
history-place = Place
history-outcome = Outcome
history-activity = Activity
history-results = Results
history-issued = Issued
history-conclusion = Conclusion
history-media = Type of file
history-file = File
history-size = Size
history-name = Name
history-birth = Born
history-died = Died
history-phone2 = Other phone
history-district = District
history-address = Address
kind-person = Person
kind-provider = Provider
kind-allergy = Allergy
kind-no-known-allergies = No known allergies
kind-problem = Problem
kind-medication = Drug
kind-immunization = Vaccine
kind-procedure = Procedure
kind-plan = Plan
kind-visit = Visit
kind-note = Note
kind-observation = Measurement
kind-report = Report
kind-document = Document
kind-import-run = Import
drug-on-hold = on hold
drug-completed = course over
drug-stopped = stopped
drug-cancelled = never begun
history-lines = { $n ->
    [one] 1 line
   *[other] { $n } lines
}

## Drugs

drug-add = Prescribe
drug-told = Taken from elsewhere
drug-change = Change: { $what }
drug-stop = Stop or pause: { $what }
drug-takes = Does the patient take { $what }?
drug-in-error = { $what }: entered in error
drug-add-key = Prescribe a drug
drug-hint-add = prescribe
drug-open-key = Open the selected drug with its history
drug-hint-open = open
drug-told-key = Record a drug that the patient takes from elsewhere
drug-hint-told = taken elsewhere
drug-change-key = Change dose or reason of the selected drug
drug-stop-key = Stop or pause the selected drug
drug-hint-stop = stop
drug-takes-key = The patient was asked: taking the selected drug, or not
drug-hint-takes = taking it?
drug-safe-key = Do not prescribe
drug-hint-safe = do not prescribe
drug-override-key = Prescribe nevertheless, with the word and a reason
drug-hint-override = prescribe with override
drug-what = Drug
drug-what-help = First letters: amox, para, amlo 10. Other words are kept as typed.
drug-dose = Dose
drug-dose-help = 1 tds x 5d; 5ml bd x 7d; 2 puff prn; 1 od ongoing. Words behind a ;
drug-for = For
drug-for-help = Why it is taken: F4 lists the problems; or in your words.
drug-since = From
drug-since-help = t is today; t-2w, mar 2021, 2019.
drug-known = Known from
drug-known-help = From the list, or in your words.
drug-known-patient = told by the patient
drug-known-pack = seen on the pack
drug-known-papers = on the patient’s papers
drug-known-hospital = hospital letter
drug-stands = It is
drug-stands-help = s stopped, h on hold, o course over, n never begun.
drug-ended = Since
drug-ended-help = t is today; t-3, 14 11 25.
drug-taken = Takes it
drug-taken-help = t takes it, n does not.
drug-taken-yes = takes it
drug-taken-no = does not take it
drug-taken-why-help = Why not; or how it is really taken.
drug-why = Reason
drug-why-help = From the list, or in your words. It stays in the history.
drug-why-harm = side effects
drug-why-effect = does not work
drug-why-needed = no longer needed
drug-why-replaced = replaced by another
drug-why-wish = the patient’s wish
drug-why-stock = out of stock
drug-none = No drug is on file.
drug-count = Taken now: { $n }, from elsewhere: { $elsewhere }, no longer: { $before }
drug-not-prescribing = Your role does not prescribe; t records what the patient takes from elsewhere.
drug-elsewhere = From elsewhere
drug-imported = From another record
drug-overridden = Override
drug-run-out = Course was until { $day }
drug-prescribed = Prescribed { $day } by { $name }
drug-recorded = Recorded { $day } by { $name }
drug-from = From { $day }
drug-until = until { $day }
drug-twice = Taken already: { $what }.
drug-twice-since = Taken already since { $day }: { $what }.
drug-allergic-same = The patient is allergic to { $what }.
drug-allergic-group = { $drug } is of the group { $group }.
drug-allergic-related = Some who react to { $group } react to { $drug } too.
drug-not-known = { $drug } is not known here: compare it with the allergies on file.
drug-allergy-not-known = The allergy to { $what } is not known here: compare it with { $drug }.
drug-allergy-source = Recorded: { $what } - { $facts }; by { $name }, { $day }.
drug-allergy-more = +{ $n } more on file
drug-reaction-unknown = what happened is not known
drug-stop-title = STOP: allergy on file
drug-stop-safe = Do not prescribe
drug-override-word = OVERRIDE
drug-override-how = To go ahead, type { $word } and a reason, then F2:
drug-override-no-word = Nothing is prescribed: begin with { $word } in capitals.
drug-override-no-reason = Nothing is prescribed: say why behind { $word }.
drug-remark-takes = takes it, asked { $day }
drug-remark-takes-not = does not take it, asked { $day }
drug-said-added = { $what }: prescribed.
drug-said-told = { $what }: recorded, from elsewhere.
drug-said-changed = { $what } changed.
drug-said-stopped = { $what }: stopped.
drug-said-on-hold = { $what }: on hold.
drug-said-completed = { $what }: course over.
drug-said-cancelled = { $what }: never begun.
drug-said-takes = { $what }: the patient takes it.
drug-said-takes-not = { $what }: the patient does not take it.
drug-said-not-prescribed = Not prescribed. Take another drug, or Esc leaves the form.

## Doses

dose-apply = apply
dose-hourly = every { $n } hours
dose-morning = in the morning
dose-night = at night
dose-weekly = once a week
dose-monthly = once a month
dose-stat = once, now
dose-when-needed = when needed
dose-ongoing = ongoing
dose-total = total { $n }
dose-not-read = this is no dose: 1 tds x 5d
dose-lacks-amount = how much at a time?
dose-lacks-frequency = how often?
dose-as-told = It is kept in these words.
dose-unknown = { $text }: not part of a dose; free words go behind a ;
dose-twice = { $text }: is there twice
dose-ambiguous = { $text }: days or times a day? 5d or tds
dose-outside = { $text }: more than any dose, or nothing
dose-too-long = More than one line holds.
route-mouth = by mouth
route-muscle = into the muscle
route-vein = into the vein
route-under-skin = under the skin
route-tongue = under the tongue
route-rectum = into the rectum
route-vagina = into the vagina
route-inhaled = inhaled
route-skin = on the skin
route-eye = into the eye
route-ear = into the ear
route-nose = into the nose
dose-daily = { $n ->
    [1] once a day
    [2] twice a day
   *[other] { $n } times a day
}
dose-every-days = { $n ->
    [2] every other day
   *[other] every { $n } days
}
dose-days = { $n ->
    [one] 1 day
   *[other] { $n } days
}
dose-weeks = { $n ->
    [one] 1 week
   *[other] { $n } weeks
}
dose-months = { $n ->
    [one] 1 month
   *[other] { $n } months
}
noun-ampoule = { $n ->
    [one] ampoule
   *[other] ampoules
}
noun-application = { $n ->
    [one] application
   *[other] applications
}
noun-capsule = { $n ->
    [one] capsule
   *[other] capsules
}
noun-drop = { $n ->
    [one] drop
   *[other] drops
}
noun-implant = { $n ->
    [one] implant
   *[other] implants
}
noun-patch = { $n ->
    [one] patch
   *[other] patches
}
noun-pessary = { $n ->
    [one] pessary
   *[other] pessaries
}
noun-puff = { $n ->
    [one] puff
   *[other] puffs
}
noun-sachet = { $n ->
    [one] sachet
   *[other] sachets
}
noun-spray = { $n ->
    [one] spray
   *[other] sprays
}
noun-suppository = { $n ->
    [one] suppository
   *[other] suppositories
}
noun-tablet = { $n ->
    [one] tablet
   *[other] tablets
}
noun-teaspoon = { $n ->
    [one] teaspoon
   *[other] teaspoons
}
noun-unit = { $n ->
    [one] unit
   *[other] units
}
noun-vial = { $n ->
    [one] vial
   *[other] vials
}

## Machines

sync-saved = Everything you entered is saved on this computer.
sync-alone = This is the clinic’s only machine.
sync-to-compare = ~ { $n ->
    [one] One thing waits
   *[other] { $n } things wait
} to be compared (r).
sync-shared = Every other machine has all of it.
sync-waiting = { $n ->
    [one] 1 change is waiting to be shared. It goes by itself when a peer is near.
   *[other] { $n } changes are waiting to be shared. They go by themselves when a peer is near.
}
sync-copying = Coming in: { $n } changes, { $size }; { $left } left, about { $more }. You can search already.
sync-copying-shortly = Coming in: { $n } of { $all } changes. You can search already.
sync-off = This machine takes no part in the exchange: the network cannot be used. USB bundles work.
sync-place = Place
sync-met = Last met
sync-they-have = They have
sync-we-have = We have
sync-state = State
sync-here-name = { $name } (here)
sync-this = This computer
sync-here = here
sync-met-now = now
sync-met-never = never
sync-all-ours = all ours
sync-all-theirs = all theirs
sync-behind = { $n } behind
sync-not-known = not known
sync-both = They have: { $they }. We have: { $we }.
sync-in-step = in step
sync-exchanging = exchanging
sync-exchanging-of = exchanging { $n } of { $all }
sync-so-many-of = { $n } of { $all }
sync-not-in-reach = not in reach
sync-removed = removed
sync-not-known-there = does not know us
sync-disk = disk here full or faulty
sync-other-program = other program version
sync-unsound = sends nonsense
sync-copied = was copied
sync-copied-what = Two computers wrote in its name: a copied disk. All of it is kept.
sync-machine-id = Machine id { $id }
sync-last-address = Last met at { $where }
sync-own-address = Met here at { $where }
sync-no-address = No address is known.
sync-last-bundle = USB bundle: last made { $when } ({ $size })
sync-consent = Shared with consent
sync-consented = { $name }, { $clinic }: { $n ->
    [one] 1 patient
   *[other] { $n } patients
}
sync-consented-more = and { $n } more
size-kb = { $n } kB
size-mb = { $n } MB
sync-all-in-step = Every machine is in step.
sync-sharing = Sharing now with every machine in reach.
sync-nobody-in-reach = No other machine is in reach now. It goes by itself when one is.
sync-details = Look at the machine
sync-hint-details = details
sync-share = Share now with every machine in reach
sync-hint-share = share now
sync-invite = Pair a new machine
sync-hint-invite = pair a machine
sync-revoke = Remove the machine from the clinic
sync-hint-revoke = remove
sync-revoke-not-this = A machine removes another one, never itself.
sync-revoke-title = Remove { $name } from the clinic?
sync-revoke-what = Nothing more is exchanged with it, and new entries get new keys. It cannot come back but by being paired anew.
sync-revoke-holds = What it holds already stays readable to who has it and a passphrase.
sync-revoke-keep = Keep it
sync-revoke-do = Remove it
sync-revoked = { $name } is removed.

## Pairing

invite-title = Pair a new machine
invite-opening = Drawing eight words …
invite-how = On the new computer, start Cairn, choose to join a clinic, and type these words. The first four letters of each are enough.
invite-address = Address of this computer: { $where }
invite-minutes = { $n ->
    [one] Good for 1 minute more.
   *[other] Good for { $n } minutes more.
}
invite-tries = { $n ->
    [one] 1 try left.
   *[other] { $n } tries.
}
invite-asks = { $name } knows the words. Let it in?
invite-card = Somebody typed the words at this machine:
invite-card-id = Machine id { $id }
invite-card-machine = It gets all of the clinic’s records, and everyone of the clinic can sign in there with their own passphrase.
invite-card-mailbox = It keeps what is sealed and passes it on. Nobody can sign in or read there.
invite-card-check = Press y only if that is the machine of the person who has the words.
invite-let-in = Let the machine in
invite-hint-let-in = let it in
invite-refuse = Do not let it in
invite-hint-refuse = do not
invite-again = Draw new words for another machine
invite-hint-again = new words
invite-over = i draws new words. Nothing was shared.
invite-enrolling = Letting { $name } in …
invite-in = { $name } is in.
invite-done = { $name } belongs to the clinic now. People sign in there with their own passphrase, and can search at once.
invite-copy = Its copy: { $n } changes sent, { $left } left.
invite-in-step = It has everything.
invite-by-itself = The records go there by themselves.
invite-too-many = Wrong words were tried three times. These words are good no more.
invite-expired = Nobody typed the words in ten minutes. They are good no more.
invite-declined = The machine was not let in.
invite-torn = The connection ended before the machine was let in.
invite-nonsense = The other machine said something that makes no sense. Is its Cairn another version?
invite-crossed = The other machine exchanges contact cards between two clinics. There, choose to join this clinic as a new machine.
invite-not-kept = The machine could not keep what it was given. Is its disk full?
invite-unconfirmed = The machine was let in but did not say that it is ready. If it is not, remove it in the table of machines and pair it anew.
join-title = Join a clinic
join-what = At a machine of the clinic, its owner opens Sync (8), presses i, and reads eight words and an address.
join-words = Eight words
join-words-help = Four letters of each word are enough; a space between the words.
join-address = Its address
join-address-help = As it stands there, such as 192.168.1.7:4433. On the same network it may stay empty.
join-name = This machine is
join-name-help = What the clinic calls this machine, such as Desk 2 or Hill Post.
join-do = Join
join-hint-do = join
join-count = { $n ->
    [one] 1 word is typed; eight are needed.
   *[other] { $n } words are typed; eight are needed.
}
join-unknown = Word { $n } is not in the list: type it again as it stands there.
join-looking = Looking for the other machine …
join-asking = The words are right. The owner at the other machine is asked now: they press y there.
join-keeping = Keeping what this machine needs. You can sign in in a moment.
join-no-answer = Nobody answers to these words. Compare the words and the address with the other screen; both machines must be on one network.
join-no-address = That is no address: it looks like 192.168.1.7:4433.
join-wrong-words = These are not the words that the other machine shows.
join-too-many = Wrong words were tried three times. New words are needed from the other machine.
join-expired = The words are older than ten minutes. New ones are needed from the other machine.
join-declined = The owner at the other machine said no.
join-torn = The connection ended too early. Nothing was kept here; try again with new words.
join-nonsense = The other machine said something that makes no sense here. Is its Cairn another version?
join-crossed = That machine exchanges contact cards between two clinics. Have it pair a new machine, and type its new words.
join-not-kept = This machine could not keep what it was given. Is the disk full?
# To compare
context-compare = Comparing two versions
context-compare-decide = Comparing, for who may decide
context-compare-both = Comparing, where both can stand
context-compare-judge = Comparing what does not count yet
context-compare-write = Comparing, writing the right answer
context-to-compare = In the list of facts to compare
compare-keep-a = A is right
compare-keep-b = B is right
compare-keep-c = C is right
compare-keep-d = D is right
compare-hint-a = keep A
compare-hint-b = keep B
compare-write = Write the right answer
compare-hint-write = write it
compare-both = Keep both numbers
compare-hint-both = keep both
compare-adopt = It counts from now on
compare-hint-adopt = adopt
compare-reject = It is not to count
compare-hint-reject = reject
compare-next = The next fact to compare
compare-hint-next = next
compare-history = Everything that was changed in the chart
compare-hint-history = history
compare-later = Decide later
compare-hint-later = later
compare-accept = Take what is written
compare-record-key = Compare the versions of the selected record
compare-chart-key = Compare what was set twice in this chart
compare-title = Compare { $n } of { $all }
compare-why = Two people changed this before their computers met. Both are kept.
compare-why-unconfirmed = Who wrote this had been removed, and nobody had seen it. It is kept.
compare-counts = What counts meanwhile: { $value }
compare-counts-not = It does not count until somebody adopts it. An allergy or a drug warns all the same.
compare-before = Before both: { $value }
compare-shown = Until someone decides, the chart shows: { $value }  ~ { $n } versions
compare-decided = Decided. The chart shows: { $value }
compare-was-taken-back = Taken back. The chart shows: { $value }
compare-signed = The choice is signed by you and shared; the other version stays in the history.
compare-not-yours = A clinician will decide.
compare-right = Right answer:
compare-empty = (nothing)
compare-none = There is nothing to compare.
compare-gone = Decided meanwhile, by somebody else.
compare-some-machine = (unknown computer)
machine-number = Computer { $n }
compare-no-value = This is no such value. Write it as on the form.
compare-kept = Kept: { $value }.
compare-kept-both = Kept both: { $value } is the first.
compare-adopted = Adopted: it counts from now on.
compare-rejected = Rejected: what stood there before counts.
compare-taken-back = Set back: { $value }.
compare-waits-again = Taken back: it waits to be decided again.
compare-nothing-to-undo = The chart showed this before too. Choose another letter to change it.
compare-nothing-here = There is only one version of this.
compare-first = This has two versions. Compare them first.
compare-in-chart = ~ { $n ->
    [one] one fact has
   *[other] { $n } facts have
} two versions to compare ({ $key })
compare-in-chart-unconfirmed = ~ { $n } to compare, of which { $unconfirmed } unconfirmed ({ $key })
to-compare-open = Compare the versions
to-compare-hint-open = compare
to-compare-key = What two people set apart from each other
to-compare-hint = compare
to-compare-title = To compare ({ $n })
to-compare-kept = nothing is lost; both are kept
to-compare-none = Nothing waits to be compared.
twins-what = perhaps registered twice
twins-title = Is this one person, registered twice?
twins-stay = Both stay as they are until their records are merged.
twins-later = Decide later
twins-apart = They are two people
twins-not-yours = Whoever registers patients will decide.
twins-told-apart = They are two people. u undoes.
twins-taken-back = Taken back: perhaps the same person.
twins-person = { $person }
trouble-not-taken = This was changed meanwhile. Look at it again.
sheet-marked = ~ { $n } versions
sheet-unconfirmed = ~ unconfirmed
sheet-unconfirmed-record = Unconfirmed: whoever wrote this was cut off. It does not count until a clinician adopts it.
sheet-unconfirmed-value = Unconfirmed: { $field } { $value }.

## USB bundles

bundle-make = Make a USB bundle for other machines
bundle-hint-make = USB bundle
bundle-take = Take in a USB bundle
bundle-hint-take = take one in
bundle-go = Begin
bundle-hint-go = begin
bundle-title-make = Make a USB bundle
bundle-title-take = Take in a USB bundle
bundle-what-make = What other machines lack is written onto a stick, sealed to them: whoever finds the stick learns nothing.
bundle-what-take = What came on a stick is taken in. Taking it twice changes nothing.
bundle-for = For (empty: all)
bundle-for-help = The machine that it is for, or nothing for all other machines of the clinic.
bundle-folder = Folder of the stick
bundle-folder-help = Where the stick is, such as /media/stick or E:\
bundle-file = File or folder
bundle-file-help = The bundle, or the folder of the stick: every bundle in it that is for this machine is taken.
bundle-begins = Looking at the stick … Leave it in.
bundle-running = { $n } of { $all } written. Leave the stick in.
bundle-taking = { $n } of { $all } changes read. Leave the stick in.
bundle-made = Written: { $n ->
    [one] 1 change
   *[other] { $n } changes
}, { $size }, { $files ->
    [one] 1 file
   *[other] { $files } files
}.
bundle-took = Made by { $from }, { $when }. New here: { $n }; here already: { $known }.
bundle-pull = You may pull the stick out now.
bundle-pull-made = You may pull the stick out now. At the other computer, open Sync (8) and press t.
bundle-broken = It ended too early or is damaged. What came before is kept; take it again, or have it made anew.
bundle-nothing = There is no bundle for this machine there.
bundle-no-such = No machine of the clinic has this name.
bundle-not-made = It could not be written there. Is the stick in, is the folder right, and is there another machine?
bundle-not-taken = It could not be read. Is the stick in, and is it a bundle of this clinic? If it was pulled out while it was written, have the bundle made anew.

paper-consent = Consent to share health records
paper-refusal = Refusal to share health records
paper-i-agree = I agree that what is named above may be given to the person or organisation named above, for this purpose and until this day, and that they keep what they were given.
paper-i-refuse = I do not agree that what is named above is given to the person or organisation named above.
paper-withdraw = I may take this back at any time, at the clinic, without giving a reason. Nothing more is given from then on. I am treated in the same way whether I agree or not.
paper-patient = Patient
paper-born = Born
paper-number = Number
paper-to = To
paper-everybody = everybody
paper-parts = What
paper-all = the whole record
paper-span = Only what is from
paper-purpose = What for
paper-from = From
paper-until = Until
paper-how = How it was said
paper-by = Witness or guardian
paper-printed = Printed
paper-witness = Witness
paper-guardian = Guardian
paper-recorded-by = For the clinic
paper-day = Date
consent-part-summary = summary (problems, allergies, drugs, vaccines)
consent-part-visits = visits and notes
consent-part-results = laboratory results
consent-for-treatment = treatment
consent-for-emergency = treatment in an emergency
consent-for-payment = payment for care
consent-for-operations = quality and audits of care
consent-for-public-health = public health
consent-for-research = research
consent-for-patient = the patient asked for it
consent-how-written = in writing
consent-how-verbal = in words, before a witness
consent-how-guardian = by a guardian
consent-is-given = given
consent-is-refused = refused
consent-is-withdrawn = withdrawn
kind-referral = Referral
history-letter = Letter
history-question = Question
history-reply = Answer
history-urgent = Urgent
kind-consent = Consent
kind-outcome = decision about a proposal
history-decision = Said
history-withdrawal = Withdrawn
history-to = To whom
history-card = Contact card
history-parts = Parts
history-shared-from = Things from
history-shared-until = Things up to
history-purpose = What for
history-how = How said
history-witness = Witness, guardian
history-sets-aside = Sets aside

## Consent and sharing

context-consents = Consent and sharing
draft-consent = consent
page-consents = Consent
page-consents-help = To consent and sharing
form-not-one-day = not one day of the calendar
form-day-past = a day that is past
consent-give = The patient agrees
consent-refuse = The patient refuses
consent-correct = Correct: { $what }
consent-withdraw = Withdraw: { $what }
consent-in-error = { $what }: entered in error
consent-give-key = The patient agrees to share
consent-hint-give = agrees
consent-refuse-key = The patient refuses to share
consent-hint-refuse = refuses
consent-withdraw-key = The patient no longer agrees to the selected one
consent-hint-withdraw = withdraw
consent-correct-key = Replace what was written down wrongly
consent-hint-correct = correct
consent-to = To whom
consent-to-help = The person or organisation; F4 lists those of before.
consent-refuse-to-help = The person or organisation; empty for everybody.
consent-parts = What
consent-parts-help = First letters with commas, s, v, r; or restricted: and a name.
consent-refuse-parts-help = First letters with commas; empty for the whole record.
consent-parts-wrong = no part of a chart
consent-until = Until
consent-until-help = The last day on which it holds: t+1m, t+7, 30 6 26.
consent-until-wrong = it would end before it begins
consent-how = How
consent-how-help = W in writing, V in words, G by a guardian.
consent-witness = Witness
consent-witness-help = Who heard it, or the guardian.
consent-witness-needed = somebody heard it, or is the guardian
consent-purpose = What for
consent-purpose-help = T treatment, E emergency, P payment, O quality, H public health, R, A.
consent-since = Only from
consent-since-help = Only what is from this day on; empty for all.
consent-note = Remark
consent-note-help = Anything more that was said.
consent-reason = Why
consent-reason-help = In the patient’s words; may stay empty. F2 goes on.
consent-withdraw-title = Withdraw what was given to { $to }?
consent-withdraw-what = Nothing more is shared with them. To share again takes a new consent.
consent-withdraw-holds = What they have already stays with them.
consent-withdraw-keep = Keep the consent
consent-withdraw-do = Withdraw it
consent-withdrawn-already = This was withdrawn. Record what the patient agrees to now.
consent-refused-already = This is a refusal. If the patient agrees now, record that.
consent-over-already = This holds no longer.
consent-said-given = Recorded: { $to } may have what was agreed.
consent-said-given-card = Recorded: { $to } may have what was agreed. o shares it.
consent-said-refused = Refusal recorded.
consent-said-corrected = Corrected: { $to }.
consent-said-withdrawn = Withdrawn: { $to }.
consent-none = Nothing was agreed to or refused.
consent-everybody = everybody
consent-all = the whole record
consent-word-summary = summary
consent-word-visits = visits
consent-word-results = results
consent-word-written = written
consent-word-verbal = in words
consent-word-guardian = guardian
consent-is-not-yet = not yet
consent-is-over = over
consent-is-set-aside = set aside
consent-is-overruled = overruled
consent-is-in-error = in error
consent-says = For { $purpose }, recorded { $day }.
consent-says-withdrawn = Withdrawn { $day }
consent-says-witness = Witness: { $name }.
consent-says-guardian = Guardian: { $name }.
consent-says-since = Only from { $day }.
consent-count = { $n ->
    [0] Consent and sharing: no consent holds
    [one] Consent and sharing: 1 consent holds
   *[other] Consent and sharing: { $n } consents hold
}

## What opens with a reason

hint-emergency = emergency
find-emergency = What an emergency needs of the selected person's chart, with a reason
context-reason = Where a reason is given for opening a chart
context-reviews = In the owners' list of charts opened with a reason
reason-accept = Open it for the reason that is typed
reason-title-view = EMERGENCY VIEW
reason-title-chart = NOT IN CARE: say why you open this chart
reason-what = Press a digit, or type the reason and Enter. It opens for an hour. The reason is written down before anything is shown, and the owners read it.
reason-danger = Life in danger
reason-not-conscious = Not conscious, or cannot speak
reason-here-now = Here now, after a long time
reason-asked-elsewhere = A hospital or another clinic asks
reason-result = A result or a letter to look at
reason-label = Reason:
reason-empty = Say why: one digit, or some words.
glass-view = EMERGENCY VIEW until { $time }. The owners read who saw it.
glass-chart = OPENED WITH A REASON, not in care. Until { $time }. The owners read it.
glass-over = The hour is over: what the reason opened is closed.
glass-closed = A part of this record may be closed to you.
glass-not-here = The clinical part has not come to this computer.
glass-not-asked = Allergies: not recorded
glass-allergies = Allergies
glass-pregnant = PREGNANT: { $what }
glass-drugs = Drugs
glass-problems = Problems
glass-contacts = Whom to call
glass-none = none written down
reviews-key = Charts that were opened with a reason alone
reviews-hint = opened with a reason
reviews-reviewed = Say that you looked at it
reviews-hint-reviewed = looked at
reviews-title = Opened with a reason alone: { $n }
reviews-none = Nothing to look at.
reviews-wait = { $n ->
    [one] One chart was opened with a reason alone: look at it (8, then v).
   *[other] { $n } charts were opened with a reason alone: look at them (8, then v).
}
reviews-words = The sealed words were used: make new ones by { $day } (cairn user readmit).
reviews-done = Looked at. It is off the list of every owner.
reviews-view = emergency view of
reviews-chart = chart of

# What of a chart somebody was let see
context-told = In the list of who was let see a record
context-beyond-form = In a form of the screens of sharing
beyond-file = File
beyond-go = Go on with what is typed
beyond-hint-go = go on
beyond-not-written = It cannot be written there. Name a new file in a folder that is there.
told-key = Who was let see this record
told-hint = who saw it
told-title = Who was let see this record: { $n }
told-gaps = Not complete: a part of the log is missing or closed here.
told-print = What the patient is told, on paper
told-print-key = Write it into a file for the patient
told-hint-print = print for the patient
told-what-file = It is written into a new text file, to be printed and given to the patient. That it was printed stands in the list afterwards.
told-file-help = A new file, such as /media/stick/record.txt.
told-printed = Written. Print the file, give it to the patient, then delete it.
told-paper-title = Who was let see the record of { $who }
told-paper-known = { $clinic }, as known on this computer on { $day }
told-nobody = Nobody outside of this patient’s care.
told-not-whole = Not complete: { $why }
told-shared = Shared
told-exported = Exported as a file
told-print-made = Printed
told-consent = Consent
told-opened = Opened with a reason
told-to = to { $to }
told-why = Reason: { $why }
told-by = By { $by }.
told-somebody = somebody of the clinic

# Sharing what a consent agrees to
share-key = Share what the selected consent agrees to
share-hint = share
share-back-key = Take back what is shared
share-hint-back = take back
share-said = Shared, until the last day agreed.
share-said-back = Taken back. Nothing more of it goes there.
share-not-made = It was not shared: the consent or the card is another than before. Look again.
share-choose = Choose the consent to share by.
share-not-yet = This holds from a later day on. Share it then.
share-overruled = What the patient refused or withdrew stands against this. Record what they agree to now.
share-no-card = No card of { $to } is kept here. Take it in first: Ctrl-P, providers.
share-several-cards = Several are called { $to }. Record the consent to one card.
share-not-sure = Nobody made sure of { $to }’s card. Compare its words first: Ctrl-P, providers.
share-newer-card = { $to } made a newer card. Record the consent to that one.
share-no-consent = The patient did not agree to all of this for { $to }’s card. Record a new consent.
share-some-days = This is for some days of the chart only, and a share opens all. Print or export them.
share-apart = Nothing here can be shared as a whole; what is kept apart is not shared.
share-already = This is shared with { $to } already.
share-nothing-to-take-back = Nothing is shared by this consent.
share-over-already = This share is over.
share-back-title = Take back what is shared with { $to }?
share-back-what = Nothing more of it goes there, and what is written next has other keys.
share-back-holds = What they have already stays with them.
share-back-keep = Leave it shared
share-back-do = Take it back
share-count = { $n ->
    [one] Shared with one
   *[other] Shared with { $n }
}
share-is-early = shared later
share-is-live = shared
share-is-over = share over
share-is-revoked = taken back
share-card-not-kept = (card not kept)
share-says = Shared by { $by } on { $day }, for { $purpose }.
consent-says-card = To the bearer of a card, of { $clinic }.
consent-to-not-sure = { $clinic }, words not compared

# Providers of other clinics
context-providers = In the list of providers of other clinics
context-providers-one = There, while one card is looked at
context-providers-own = There, at your own card
providers-key = Providers of other clinics, and their cards
providers-hint = providers
providers-title = Providers of other clinics: { $n }
providers-none = No card is kept. a takes one in, o shows your own to give.
providers-open = Look at the card and its words
providers-hint-open = look
providers-take-key = Take in a provider’s card
providers-hint-take = add a card
providers-own-key = Your own card, to give to a provider
providers-hint-own = your own card
providers-phone-key = The words were compared by telephone
providers-hint-phone = compared by telephone
providers-room-key = The words were compared in the room
providers-hint-room = compared in the room
providers-give-key = Write your card into a file
providers-hint-give = write into a file
providers-take = A provider’s card
providers-take-help = A file; or paste the text of the card here.
providers-what-take = Theirs is a small text in a message or on a stick. Name its file, or paste the text. Nothing is shared with it before its words were compared.
providers-give = Your own card
providers-give-help = A new file, such as /media/stick/mine.card.
providers-what-give = Send the file as a message, or give it on a stick. It is no secret.
providers-is-not-sure = words not compared
providers-is-phone = by telephone
providers-is-room = in the room
providers-is-older = older card
providers-says-not-sure = Kept by { $by } on { $day }. Nobody made sure of it: have them read these words to you, in the room or by telephone.
providers-says-phone = { $by } compared the words by telephone on { $day }.
providers-says-room = { $by } compared the words in the room on { $day }.
providers-says-older = They made a newer card, which is kept too.
providers-own-word = Names and roles on a card are its bearer’s own word.
providers-made = { $n ->
    [one] Made { $day }, for one computer.
   *[other] Made { $day }, for { $n } computers.
}
providers-own-what = Whoever takes this card in reads these words back to you, in the room or by telephone.
providers-sure-phone-title = Did { $name } read these words to you by telephone?
providers-sure-room-title = Did { $name } read these words to you in the room?
providers-sure-what = You must know the person, or the voice. The log keeps that you made sure.
providers-sure-words = { $words }
providers-sure-not = Not yet
providers-sure-phone = Yes, the same words, by telephone
providers-sure-room = Yes, the same words, in the room
providers-sure-already = Somebody made sure of it already.
providers-not-read = No card could be read there. Ask for the file or the message as it was made.
providers-own-clinic = This is a card of this clinic; theirs is wanted.
providers-said-kept = Kept. Have them read the words to you now.
providers-said-sure = Kept that the words were compared.
providers-said-given = Written. It is no secret: send it, or give it on a stick.

# Meeting a provider in the room
context-meet = Before and after somebody of another clinic is met
context-meet-ask = There, at the question whether the card is theirs
meet-key = Meet somebody of another clinic in the room
meet-hint = meet in the room
meet-show-key = Show eight words here
meet-hint-show = show words here
meet-type-key = Type the words of the other computer
meet-hint-type = type theirs
meet-yes-key = This is the card of the person in the room
meet-hint-yes = it is theirs
meet-no-key = It is somebody else’s
meet-hint-no = it is not
meet-title = Meet somebody of another clinic
meet-what = Both of you get the other’s card. One computer shows eight words.
meet-show = w  Show the words here, and read them aloud
meet-type = t  Type the words that the other computer shows
meet-words-how = On the other computer: machines (8), p, m, t, and these words. The first four letters of each are enough.
meet-words-what = As the other computer shows them; the first four letters of each are enough.
meet-came = A card came. Is it theirs?
meet-check = Press y only if this is the person in the room with you. Then each keeps the other’s card, made sure of in the room.
meet-waits = Waiting for the other person to say yes to yours …
meet-done = Kept on both sides, made sure of in the room.
meet-declined = One of you said no. No card was kept.
meet-torn = The connection ended too early. No card was kept here.
meet-crossed = The other computer pairs a new machine of its clinic. There, meet somebody of another clinic instead.
meet-same-clinic = The other computer belongs to your own clinic: a colleague needs no card.
meet-again = w shows new words, t types theirs.
# What providers of other clinics propose
context-proposals = What providers propose
context-proposals-one = What providers propose, while one is looked at
context-proposals-why = What providers propose, while a reason is written
proposals-key = What providers of other clinics propose
proposals-hint = proposals
proposals-here-key = What providers of other clinics propose for this chart
proposals-open = Look at it beside the chart
proposals-hint-open = look
proposals-all-key = What was decided too, or what waits alone
proposals-hint-all = decided too
proposals-accept-key = Accept: take it into the chart
proposals-hint-accept = accept
proposals-decline-key = Decline, with a reason that its maker reads
proposals-hint-decline = decline
proposals-why-key = The reason is written
proposals-hint-why = that is why
proposals-title = Proposed by providers of other clinics, to be decided: { $n }
proposals-title-all = Proposed by providers of other clinics: { $n }
proposals-none = Nothing waits to be decided.
proposals-is-waiting = waits
proposals-is-doubtful = waits, doubtful
proposals-is-apart = ~ decided in two ways
proposals-is-accepted = accepted
proposals-is-declined = declined
proposals-is-taken-back = taken back
proposals-by = Proposed by { $name }, { $day }
proposals-stops = Stops it: { $what }
proposals-allergies = Allergies on file ({ $n })
proposals-drugs = Drugs now ({ $n })
proposals-problems = Problems ({ $n })
proposals-not-theirs = Somebody else than { $name } wrote in it.
proposals-does-not-count = What { $name } wrote here does not count: it was written outside of the time of the share, or after it was taken back.
proposals-share-over = What was shared with { $name } is over.
proposals-anyway-title = Accept it anyway?
proposals-anyway = accept it
proposals-anyway-not = Leave it open
proposals-why-decline = Why is it declined? Its maker reads this.
proposals-no-reason = Write a reason in words; its maker reads it.
proposals-taken-back = Its maker took this back.
proposals-was-accepted = This was accepted already.
proposals-was-declined = This was declined already.
proposals-said-accepted = Accepted: it stands in the chart, with its maker named.
proposals-said-declined = Declined. Its maker reads why.
proposals-not-taken = This was changed meanwhile; look at it again.
proposals-accepted-on = Accepted { $day }
proposals-declined-on = Declined { $day }
proposals-decided-on = Decided { $day }
proposed-by = proposed by { $name }, not accepted
summary-proposed = Proposed, not accepted (o): { $what }
banner-proposed = (proposed)

# What other clinics share
context-guests = In the list of what other clinics share with you
context-guests-read = There, while a chart of theirs is read
guests-key = What other clinics share with you
guests-hint = shared with me
guests-title = Shared with you by other clinics: { $n }
guests-none = Nothing is shared with you. Another clinic shares with your card, when the patient agrees.
guests-open = Read the chart as far as it is shared
guests-hint-open = read
guests-note-key = Write a consult note for that clinic
guests-hint-note = write a note
guests-drug-key = Propose a drug to that clinic
guests-hint-drug = propose a drug
guests-somebody = Somebody whose name is not here
guests-is-live = until { $day }
guests-is-early = not yet; until { $day }
guests-is-over = over since { $day }
guests-is-revoked = taken back
guests-not-here-yet = It has not come yet: it comes when your computer meets theirs.
guests-not-yet = This share has not begun.
guests-over = This share is over. What you read here is closed; ask the clinic to share again.
guests-taken-back = That clinic took this share back. Ask them; the patient may have withdrawn.
guests-banner = Read only, until { $day }: a chart of { $clinic }
guests-proposals = What you proposed
guests-results = Results
guests-waits = waits
guests-accepted = accepted
guests-declined = declined
guests-apart = decided in two ways
guests-note = A consult note for that clinic
guests-drug = A drug for that clinic to decide about
guests-what = It goes there when your computer meets theirs. A clinician of theirs accepts it or declines; your name stays with it. Esc looks at the chart and keeps what you typed until you close it.
guests-note-help = In one line; as long as you need. At least one of the three.
guests-note-empty = write what you found, think or advise
guests-drug-stops = an allergy of theirs stops this drug; if it must be, say why in a note
guests-not-proposed = It cannot be proposed: the share may be over.
guests-said = Kept. It goes to that clinic when your computer meets theirs.
closed-key = Close what you write, or write it open again
closed-cannot = Nothing can be closed here: no patient is open, or nobody named you for a category.
closed-said-closed = What you write from here on is closed: { $category }.
closed-said-open = What you write from here on is open.
closed-now = What you write is CLOSED: { $category } (Ctrl-K).
closed-not-now = What you write is open (Ctrl-K closes it).
closed-checks = Checks incomplete: a part of this record is closed to you.
