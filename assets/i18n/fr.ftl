# Ce que Cairn dit en français. Un groupe de lignes par écran.

## Calendrier

month-january = janv
month-february = févr
month-march = mars
month-april = avr
month-may = mai
month-june = juin
month-july = juil
month-august = août
month-september = sept
month-october = oct
month-november = nov
month-december = déc
day-monday = lun
day-tuesday = mar
day-wednesday = mer
day-thursday = jeu
day-friday = ven
day-saturday = sam
day-sunday = dim
date-today = aujourd’hui
age-days = { $n }j
age-weeks = { $n }s
age-months = { $n }m
age-years = { $n }a

## Chercher ou enregistrer

find-matches = { $n ->
    [one] { $n } dossier
   *[other] { $n } dossiers
}
find-register = Enregistrer un nouveau patient : { $name }
