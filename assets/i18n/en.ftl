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

## Find or register

find-matches = { $n ->
    [one] { $n } match
   *[other] { $n } matches
}
find-register = Register new patient: { $name }
