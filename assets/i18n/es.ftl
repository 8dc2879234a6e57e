# Lo que Cairn dice en español. Un grupo de líneas por pantalla.

## Calendario

month-january = ene
month-february = feb
month-march = mar
month-april = abr
month-may = may
month-june = jun
month-july = jul
month-august = ago
month-september = sep
month-october = oct
month-november = nov
month-december = dic
day-monday = lun
day-tuesday = mar
day-wednesday = mié
day-thursday = jue
day-friday = vie
day-saturday = sáb
day-sunday = dom
date-today = hoy
age-days = { $n }d
age-weeks = { $n }s
age-months = { $n }m
age-years = { $n }a

## Buscar o registrar

find-matches = { $n ->
    [one] { $n } expediente
   *[other] { $n } expedientes
}
find-register = Registrar paciente nuevo: { $name }
