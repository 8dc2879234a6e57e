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

## Teclas

key-space = Espacio
key-enter = Intro
key-esc = Esc
key-tab = Tab
key-back-tab = Mayús-Tab
key-backspace = Retroceso
key-delete = Supr
key-up = Arriba
key-down = Abajo
key-left = Izquierda
key-right = Derecha
key-word-left = Ctrl-Izquierda
key-word-right = Ctrl-Derecha
key-home = Inicio
key-end = Fin
key-page-up = RePág
key-page-down = AvPág
key-shift-f = Mayús-F{ $n }
keys-palette-only = solo en la paleta
context-anywhere = En cualquier pantalla
context-outside = En cualquier pantalla, fuera del texto
context-list = En una lista
context-form = En un formulario
context-text = Al escribir texto
context-find = Buscar, en el cuadro
context-find-list = Buscar, en la lista
context-register = Paciente nuevo
context-register-alike = Paciente nuevo, entre los parecidos
context-chart = En cada página de la historia
context-summary = Resumen del expediente
context-vitals = Signos vitales, en la línea
context-vitals-table = Signos vitales, en la tabla
context-vitals-menu = Signos vitales, menú de una fila
context-vitals-why = Signos vitales, decir por qué
context-note = Nota de consulta
context-note-line = Nota de consulta, en los signos vitales
context-note-text = Nota de consulta, en un apartado
context-note-offer = Nota de consulta, ante una propuesta
context-note-dx = Nota de consulta, en los diagnósticos
context-note-sign = Nota de consulta, antes de firmar
context-notes = Consultas
context-notes-list = Consultas, en la lista
context-notes-read = Consultas, leyendo una
context-menu = En el menú de una fila
context-allergies = Alergias
context-allergies-none = Alergias, mientras no consta ninguna
context-problems = Problemas
context-drugs = Fármacos
context-drugs-list = Fármacos, en la lista
context-drugs-stop = Fármacos, donde una alergia detiene
context-immunizations = Vacunas
context-history = Historial
context-history-filter = Historial, en el filtro
context-sheet = En la ficha de un registro
context-sync = Entre los equipos del centro
context-sync-place = Entre los equipos del centro, mirando uno
context-invite = Al vincular un equipo
context-invite-ask = Al vincular un equipo, en la pregunta
context-invite-over = Después de vincular
context-bundle = En el formulario de un paquete USB
context-commands = Ayuda y paleta
context-messages = Mensajes
context-question = Ante una pregunta
context-start = Primer inicio
context-start-list = Primer inicio, elección
context-start-form = Primer inicio, la clínica
context-start-words = Primer inicio, las palabras de respaldo
context-start-back = Primer inicio, las palabras copiadas
context-start-join = Primer inicio, unirse a un centro
context-lock = Pantalla bloqueada
context-lock-who = Pantalla bloqueada, elección de persona
context-lock-secret = Pantalla bloqueada, al escribir
context-lock-pin = Pantalla bloqueada, el PIN

## Recordatorios

hint-help = ayuda
hint-find = buscar/registrar
hint-palette = comandos
hint-back = volver
hint-next = siguiente
hint-previous = anterior
hint-list = lista
hint-repeat = igual al último
hint-open-chart = abrir expediente
hint-new-patient = paciente nuevo
hint-search = buscar
hint-save = guardar
hint-alike = ¿ya registrado?
hint-to-form = volver al formulario
hint-use = usar ese
hint-add = añadir
hint-change = modificar
hint-in-error = anotado por error
hint-run = ejecutar
hint-close = cerrar
hint-safe = la línea marcada
hint-choose = elegir
hint-go-on = continuar
hint-suggest = usar la sugerencia
hint-written = están en papel
hint-make = crear la clínica
hint-show-again = ver otra vez las palabras
hint-person = persona
hint-unlock = desbloquear
hint-someone-else = otra persona
hint-passphrase = frase de acceso
hint-quit = salir
hint-table = tabla
hint-type = escribir
hint-next-measure = siguiente medida
hint-actions = acciones
hint-value-in-error = este valor
hint-row-in-error = toda la fila
hint-mark = marcar
hint-vitals = signos
hint-note = nota
hint-sign = firmar
hint-go-on-writing = seguir
hint-insert = insertar
hint-keep-text = dejar el texto
hint-diagnoses = diagnósticos
hint-as-before = como antes
hint-take = tomar
hint-problem-list = lista de problemas
hint-read = leer
hint-next-pane = panel siguiente
hint-open = abrir
hint-older = anterior
hint-newer = siguiente
hint-addendum = adenda

## Marco

tab-find = Buscar
tab-chart = Expediente
tab-sync = Sincr.
tab-find-help = Ir a la búsqueda
tab-chart-help = Ir al expediente abierto
tab-sync-help = Ir a los equipos del centro
saved-here = Guardado aquí
saved-shared = Guardado aquí - todo compartido
saved-to-send = Guardado aquí - { $n } por enviar
saved-not-met = Guardado aquí - { $name } sin contacto desde { $day }
saved-not = NO GUARDADO - disco lleno, F1
frame-help = Ayuda sobre el elemento activo
frame-palette = Ejecutar un comando por su nombre
frame-messages = Ver los mensajes anteriores
frame-finish = Terminar: guardar o aceptar
frame-find = Buscar o registrar un paciente
frame-lock = Bloquear; cambiar de usuario
frame-next-pane = Panel siguiente
frame-previous-pane = Panel anterior
frame-back = Cerrar o volver un paso; no se pierde nada
frame-new = Nuevo, según la pantalla
frame-go-on = Retomar lo que quedó sin terminar
frame-nothing-unfinished = No queda nada sin terminar.
frame-unfinished-here = Solo queda sin terminar lo que está en pantalla.
frame-filter = Filtrar la lista
frame-undo = Deshacer la última acción
frame-redraw = Redibujar la pantalla
frame-english = Idioma: inglés (English)
frame-french = Idioma: francés (français)
frame-spanish = Idioma: español
frame-quit = Salir
frame-interrupt = Detener lo que está en curso
frame-how-to-quit = Ctrl-Q para salir.
frame-undo-hint = u deshace
frame-locks-soon = Se bloquea en { $n } s - pulse una tecla
frame-nothing-here = Este rol trabaja desde la línea de comandos.
go-no-patient = No hay paciente abierto: F3 busca uno.
go-vitals = Signos vitales y tendencias
go-note = Escribir la nota de hoy
menu-title = Esta fila
list-menu = Qué se puede hacer con esta fila
frame-opening = Abriendo la clínica …
frame-too-small = Agrande la ventana ({ $columns }x{ $rows })
help-title = Ayuda
help-prompt = Buscar:
palette-title = Comandos
palette-prompt = Comando:
commands-run = Ejecutar la línea marcada
overlay-close = Cerrar
messages-title = Mensajes
messages-none = Todavía no hay mensajes.
question-safe = Elegir la línea marcada, la segura
question-leave = Dejar la pregunta
quit-title = ¿Salir con algo sin terminar?
quit-draft = En pantalla: { $what }. Se guarda como borrador y se ofrece de nuevo.
quit-stay = Quedarse
quit-now = Salir; el borrador se guarda
list-up = Subir
list-down = Bajar
list-page-up = Página anterior
list-page-down = Página siguiente
list-first = Al principio
list-last = Al final
list-open = Abrir
text-backspace = Borrar el carácter anterior
text-delete = Borrar el carácter siguiente
text-word-back = Borrar la palabra anterior
text-left = A la izquierda
text-right = A la derecha
text-word-left = Una palabra a la izquierda
text-word-right = Una palabra a la derecha
text-home = Al inicio de la línea
text-end = Al final de la línea
text-undo = Deshacer
text-redo = Rehacer

## Franja del paciente

banner-born = Nac. { $date }
banner-number = N.º { $number }
banner-allergy = ALERGIA:
banner-more = +{ $n } más (a)
banner-none-known = Alergias: ninguna conocida (preguntado el { $day })
banner-not-asked = Alergias: sin registrar - pregunte (a)
banner-not-received = Alergias: aún no recibidas
banner-no-identity = Nombre aún no recibido
banner-weight = Peso { $value }
person-about = hacia { $date }
sex-female = mujer
sex-male = hombre
sex-other = otro
sex-unknown = desconocido

## Formularios

form-next = Campo siguiente
form-accept = Aceptar y pasar al campo siguiente
form-previous = Campo anterior
form-list = Abrir la lista de este campo
form-repeat = Lo mismo que el paciente anterior
form-up = Subir, en la lista o el formulario
form-down = Bajar, en la lista o el formulario
form-page-up = Al primer campo
form-page-down = A lo que puede esperar
form-needed = obligatorio
form-missing = Falta algo; el cursor está en el primer campo.
form-not-a-birth = ni fecha ni edad
form-not-a-day = no es un día, un mes ni un año
form-day-to-come = un día que aún no ha llegado
form-not-coded = sin código
form-not-the-same = Los dos no coinciden.
form-one-of-the-letters = una de las letras
form-phone-none = o - si no hay
form-pin-short = El PIN tiene seis dígitos.
origin-last-patient = = paciente anterior
origin-search = = de la búsqueda
origin-draft = = del borrador
origin-series = = siguiente de la serie

## Borradores

draft-registration = paciente nuevo
draft-vitals = signos vitales
draft-note = nota
draft-addendum = adenda
draft-allergy = alergia
draft-problem = problema
draft-drug = receta
draft-immunization = vacuna
draft-taken-up = El borrador continúa donde se quedó.
draft-taken-up-of = El borrador de { $whose } continúa donde se quedó.
draft-whose = { $what } de { $whose }
draft-unfinished =
    { $n ->
    [one] Sin terminar: { $what } { $time } - Intro continúa
   *[other] Sin terminar ({ $n }): { $what } { $time } - Intro continúa
    }
draft-left = Guardado sin terminar: { $what } - Ctrl-O continúa
draft-goes-on = Se continúa: { $what }
draft-in-chart = Sin terminar: { $what } { $time }, aún no en el expediente - { $key } continúa

## Problemas

trouble-locked = Inicie sesión primero.
trouble-role = Su rol no lo permite.
trouble-no-key = Su rol no tiene la llave de esa parte.
trouble-closed = No se guardó: esa categoría está cerrada para usted. Ctrl-K elige otra.
trouble-standing = Este usuario ya no está autorizado; hable con el responsable.
trouble-session-over = La sesión terminó; inicie sesión de nuevo.
trouble-shut-out = Este equipo fue retirado de la clínica. Pregunte a un responsable: puede volver como uno nuevo.
trouble-no-reason = Este paciente no está en atención: diga por qué abre la historia.
trouble-never-closed = Esto nunca se cierra: alergias, consentimientos e identidad quedan legibles.
trouble-disk-full = El disco está lleno: libere espacio y guarde otra vez.
trouble-read-only = No se puede escribir en la carpeta de datos: revise los permisos.
trouble-damaged = Hay datos dañados: ejecute `cairn verify`.
trouble-not-found = No está en este equipo.
trouble-no-network = La red no se puede usar en este equipo. ¿Es suya la dirección de --bind?
trouble-internal = Fallo del programa; lo guardado está a salvo.

## Primer inicio

start-title = Bienvenida
start-title-clinic = Una clínica nueva
start-title-words = Escriba estas 24 palabras en papel, dos veces
start-title-back = Según su papel
start-title-making = Un momento
start-create = Crear una clínica en este equipo
start-create-more = Unos cinco minutos, con papel y bolígrafo.
start-demo = Ver la clínica de demostración
start-demo-more = Pacientes inventados, para probarlo todo sin riesgo.
start-join = Unirse a un centro que está en otro equipo
start-join-more = Su responsable muestra allí ocho palabras, válidas diez minutos.
start-accept = Tomar la línea marcada
start-choose = Tomar la línea de este número
start-go-on = Continuar
start-suggest = Usar la frase sugerida
start-written = Las palabras están en papel
start-make = Crear la clínica
start-show-again = Ver otra vez las palabras
start-clinic = Clínica
start-clinic-help = El nombre de la clínica, como aparece en pantalla y en los papeles.
start-name = Su nombre
start-name-help = Usted será responsable y añadirá a las demás personas.
start-passphrase = Frase de acceso
start-passphrase-help = Cinco palabras o más. Abre todo en el primer acceso del día.
start-passphrase-again = Frase otra vez
start-again-help = Escríbala otra vez, para que un error no le deje fuera.
start-pin = PIN, 6 dígitos
start-pin-help = Para cambiar de persona con rapidez durante el día.
start-pin-again = PIN otra vez
start-strong = bastante segura
start-weak = Esta frase se puede adivinar: añada palabras.
start-weak-percent = aún débil, { $n } % de lo necesario
start-suggestion = Sugerencia: { $words }
start-words-why = Son la única salida si se pierden todos los equipos, y lo abren todo. Guarde los dos papeles en dos lugares seguros. Solo se muestran ahora.
start-back-why = Escriba estas tres palabras de su papel, para saber que está bien.
start-word-a = Palabra { $n }
start-word-b = Palabra { $n }
start-word-c = Palabra { $n }
start-word-help = La palabra con este número en su papel.
start-wrong-word = Esa no es la palabra del papel.
start-making = Preparando todo; unos segundos.

## Bloqueo y cambio de usuario

lock-started = ¿Quién está al teclado?
lock-asked = Bloqueado.
lock-joined = Este equipo pertenece al centro. Entre con su propia frase de acceso.
lock-idle = { $n ->
    [one] Bloqueado tras 1 minuto sin teclas.
   *[other] Bloqueado tras { $n } minutos sin teclas.
}
lock-someone = otra persona
lock-someone-else = Alguien que no está en la lista
lock-other-up = Otra persona: la línea de arriba
lock-other-down = Otra persona: la línea de abajo
lock-choose = La persona de este número
lock-accept = Aceptar lo escrito
lock-back = Volver a la lista de personas
lock-use-passphrase = La frase de acceso en lugar del PIN
lock-name = Nombre:
lock-pin = PIN de { $name }:
lock-passphrase = Frase de acceso de { $name }:
lock-new-pin = Elija un PIN de 6 dígitos:
lock-new-pin-again = El PIN otra vez:
lock-new-pin-what-for = Le abre este equipo hasta que se cierre Cairn.
lock-pin-plain = Ese PIN lo prueba cualquiera: elija otro.
lock-pin-wrong = { $n ->
    [one] PIN incorrecto. Queda 1 intento, después la frase de acceso.
   *[other] PIN incorrecto. Quedan { $n } intentos, después la frase de acceso.
}
lock-pin-spent = PIN incorrecto otra vez. Ahora hace falta la frase de acceso.
lock-wrong = El nombre o la frase de acceso no es correcto.
lock-wrong-wait = Incorrecto. Próximo intento en { $n } s.
lock-waiting = Un momento …
lock-passphrase-first = Primero la frase de acceso; después basta el PIN.
lock-kept = Su trabajo se conserva donde lo dejó.
lock-unfinished = sin terminar: { $what }, { $time }
role-owner = responsable
role-clinician = clínico
role-nurse = enfermería
role-lab-pharmacy = lab/farmacia
role-front-desk = recepción
role-auditor = auditoría
role-hub = nodo
role-emergency = urgencia

## Buscar o registrar

find-label = Buscar:
find-by = nombre, número, teléfono, aldea
find-matches = { $n ->
    [one] { $n } expediente
   *[other] { $n } expedientes
}
find-recent = Vistos hace poco
find-searching = Buscando …
find-age = Edad
find-sex = Sx
find-village = Aldea
find-seen = Última vez
find-phone = Tel.
find-register = Registrar paciente nuevo: { $name }
find-register-nobody = Registrar paciente nuevo
find-sounds-like = (suena igual)
find-misspelt = (casi)
find-by-identifier = (otro número)
find-last-seen = Visto por última vez el { $day }
find-severe-allergy = ! Alergia grave registrada
find-open = Abrir el expediente, o registrar
find-new = Registrar un paciente nuevo
find-to-list = Del cuadro a la lista
find-to-box = Volver al cuadro de búsqueda

## Paciente nuevo

details-change = Corregir los datos de { $what }
details-said = { $who }: guardado aquí.
details-key = Corregir quién es el paciente: nombre, nacimiento, teléfono, aldea
hint-details = corregir
draft-details = datos de un paciente
register-title = PACIENTE NUEVO
register-not-saved = borrador guardado, aún sin registrar
register-saving = guardando …
register-needed = Obligatorio
register-can-wait = Puede esperar (AvPág)
register-family = Apellido
register-family-help = El apellido, en mayúsculas o minúsculas. Déjelo vacío si solo hay un nombre.
register-given = Nombre(s)
register-given-help = Los nombres; si solo hay uno, ese.
register-sex = Sexo
register-sex-help = Una letra: f mujer, m hombre, o otro, u desconocido.
register-born = Nac. o edad
register-born-help = Una fecha (14 3 87, mar 87, 1987) o una edad (38a, 8m, 3s). Una edad da una fecha estimada.
register-village = Aldea
register-village-help = Bastan las primeras letras; lo que no está en la lista queda como se escribió.
register-phone = Teléfono
register-phone2 = Otro teléfono
register-phone-help = Como se marca, o - si no hay.
register-kin = Familiar
register-kin-help = A quién llamar si pasa algo.
register-relation = Parentesco
register-relation-help = El parentesco con el paciente.
register-kin-phone = Su teléfono
register-other-id = Otro n.º
register-other-id-help = Un número dado en otro lugar: identidad, seguro, carné de vacunas.
register-language = Idioma
register-language-help = El idioma que mejor habla el paciente.
register-payer = Pagador
register-payer-help = Quién paga: el paciente, un seguro, un programa.
register-save = Guardar el paciente nuevo
register-saved = Guardado con el número { $number }.
register-needs-a-name = un apellido o un nombre
register-no-last = No se registró ningún paciente justo antes.
register-alike-title = ¿Ya registrado?
register-nobody-alike = Nadie parecido por ahora
register-alike-how = F6 y 1-4: usar ese
register-alike-digit = 1-4: usar ese
register-alike-by = parecido: { $what }
register-to-alike = A las personas parecidas
register-to-form = Volver al formulario
register-use = Abrir este expediente en lugar de uno nuevo
register-near-title = ¿Es la misma persona?
register-near = { $name }, { $number }, es muy parecido.
register-near-open = Abrir { $name }
register-near-new = Guardar como paciente nuevo
register-near-back = Volver al formulario
register-draft-title = Hay un registro sin terminar de las { $time }
register-draft-take = Continuar con él
register-draft-new = Descartarlo y empezar uno nuevo
alike-name = nombre
alike-sex = sexo
alike-age = edad
alike-phone = teléfono
alike-village = aldea

## Páginas de la historia

page-summary = Resumen
page-notes = Notas
page-vitals = Signos
page-newer = Hay algo nuevo de otro equipo en esta historia: Intro lo muestra.
page-newer-short = Nuevo: Intro lo muestra
page-came = Acaba de llegar de otro equipo.
page-newer-help = Mostrar lo que otro equipo añadió a la historia
page-allergies = Alergias
page-problems = Problemas
page-drugs = Fármacos
page-immunizations = Vacunas
page-history = Historial
page-summary-help = Al resumen
page-notes-help = A las consultas y sus notas
page-allergies-help = A las alergias
page-problems-help = A los problemas
page-drugs-help = A los fármacos
page-immunizations-help = A las vacunas
page-history-help = Quién cambió qué

## Resumen del expediente

summary-problems = Problemas ({ $n })
summary-drugs = Medicación actual ({ $n })
summary-since = desde { $date }
summary-part = { $shown } de { $n }
summary-vitals = Signos
summary-labs = Resultados ({ $n })
summary-visits = Consultas ({ $n })
summary-vaccines = Vacunas ({ $n })
summary-problems-short = Problemas { $n }
summary-drugs-short = Medic. { $n }
summary-vitals-short = Signos
summary-labs-short = Result. { $n }
summary-visits-short = Consultas { $n }
summary-vaccines-short = Vacunas { $n }
summary-today = hoy
summary-before = antes
summary-trend = curva
summary-last-visit = Última consulta
summary-visit = Consulta elegida
summary-more = { $n ->
    [one] 1 línea más
   *[other] { $n } líneas más
}
summary-damaged = { $n ->
    [one] 1 entrada de este expediente no se puede leer. cairn verify la nombra.
   *[other] { $n } entradas de este expediente no se pueden leer. cairn verify las nombra.
}
summary-open = Abrir la entrada elegida
summary-next = Al panel siguiente
summary-previous = Al panel anterior
summary-across = Al panel de al lado
summary-no-page = Esta entrada no pertenece a ninguna consulta del expediente.
summary-closed = Esta parte del expediente está cerrada para su rol.

## Signos vitales

vitals-title = Signos vitales y tendencias
vitals-label = Signos
vitals-example = por ejemplo: bp 120/80 hr 72 t 37.1 w 64 spo2 98
vitals-none = Todavía no hay mediciones.
vitals-no-curve = No hay números que dibujar.
vitals-accept = Guardar la línea
vitals-to-table = A la tabla
vitals-to-line = Volver a la línea
vitals-measure-after = La curva de la medida siguiente
vitals-measure-before = La curva de la medida anterior
vitals-value-in-error = El valor marcado se registró por error
vitals-row-in-error = Todos los valores de esta fila se registraron por error
vitals-mark = Marcar como registrado por error
vitals-why-ask = Registrado por error. ¿Por qué?
vitals-why-needed = Diga en pocas palabras por qué es incorrecto.
vitals-no-value = Esta fila no tiene valor de esta medida.
vitals-saved = { $n ->
    [one] 1 valor guardado.
   *[other] { $n } valores guardados.
}
vitals-marked = { $n ->
    [one] 1 valor marcado como registrado por error.
   *[other] { $n } valores marcados como registrados por error.
}
vitals-taken-back = Deshecho.
vitals-taken-back-why = deshecho justo después de guardar
vitals-not-known = { $text }: no es un signo vital
vitals-unfinished = { $text }: falta el valor de { $vital }
vitals-not-a-value = { $text }: no es un valor de { $vital }
vitals-wrong-unit = { $text }: no es una unidad de { $vital }
vitals-outside = { $text }: { $vital } fuera de { $range } - añada ! si es real
vitals-outside-or-unit = { $text }: { $vital } fuera de { $range } - añada { $unit } si es la unidad, o ! si es real
vitals-crossed = { $text }: la segunda presión no es menor que la primera
vitals-twice = { $text }: { $vital } aparece dos veces
vitals-too-long = Es más de lo que cabe en una línea: guarde primero una parte.
vitals-not-done = { $vital } no realizado
vitals-not-done-why = { $vital } no realizado: { $why }
vital-blood-pressure = PA
vital-systolic = Sistól.
vital-diastolic = Diastól.
vital-heart-rate = Pulso
vital-temperature = Temp
vital-respiratory-rate = FR
vital-spo2 = SpO2
vital-weight = Peso
vital-height = Talla
vital-length = Long.
vital-head-circumference = PC
vital-muac = PB
vital-glucose = Gluc.
vital-pain = Dolor
vital-fundal-height = AU
vital-fetal-heart-rate = FCF
vital-responsiveness = AVPU
vital-bmi = IMC
## Listas de la historia

sheet-save = Guardar
sheet-saving = guardando …
sheet-kept = Sin guardar; queda como borrador.
sheet-kept-line = Quedó una ficha sin terminar: + la retoma.
sheet-draft-title = Hay una ficha sin terminar
sheet-draft-take = Continuarla
sheet-draft-drop = Descartarla y pasar a la otra
sheet-taken-back = Deshecho.
sheet-taken-back-why = deshecho enseguida
sheet-why = Motivo
sheet-why-help = Queda en el historial y deja de contar. Diga qué estaba mal.
sheet-in-error-key = Anotado por error: queda en el historial y deja de contar
sheet-in-error = Anotado por error
sheet-is-in-error = Ya consta como anotado por error.
sheet-said-in-error = { $what }: anotado por error.
sheet-not-there = Ese registro no está en este equipo.
sheet-because = { $what }: { $why }.
sheet-versions = ~ { $n } versiones: { $values }.
sheet-also = { $machine } también lo cambió. Lo suyo queda como segunda versión.
sheet-said-second = Guardado aquí. Otro equipo también lo cambió: quedan ambos, por comparar.
severity-mild = leve
severity-moderate = moderada
severity-severe = grave

## Alergias

allergy-add = Añadir una alergia
allergy-change = Modificar la alergia a { $what }
allergy-standing = ¿Sigue contando la alergia a { $what }?
allergy-in-error = Alergia anotada por error: { $what }
allergy-add-key = Añadir una alergia
allergy-none-key = Preguntado: ninguna alergia conocida
allergy-hint-none = preguntado, ninguna
allergy-change-key = Modificar la alergia elegida
allergy-standing-key = La alergia elegida deja de contar, o vuelve a contar
allergy-hint-standing = ya no es alérgico
allergy-substance = Alérgico a
allergy-substance-help = Primeras letras: pen, sulfa, huevo. Lo demás queda como se escribe.
allergy-reaction = Qué pasó
allergy-reaction-help = Primeras letras: ana, rash. Déjelo vacío si nadie lo sabe.
allergy-severity = Gravedad
allergy-severity-help = m leve, o moderada, s grave: la grave detiene una receta.
allergy-risk = La próxima vez
allergy-risk-help = El peligro de la próxima exposición, si alguien lo valoró.
allergy-risk-low = riesgo bajo
allergy-risk-high = riesgo alto
allergy-since = Desde
allergy-since-help = Un día, un mes o un año: 2019, mar 2019, t-2w.
allergy-counts = Está
allergy-counts-help = Resuelta o descartada, sale del encabezado y del control de fármacos.
allergy-counts-active = activa
allergy-counts-resolved = resuelta
allergy-counts-refuted = descartada
allergy-because = Porque
allergy-because-help = Lo que lo muestra: toleró amoxicilina en 2024; prueba negativa.
allergy-already = Esta sustancia ya consta.
allergy-resolved = Resuelta, ya no cuenta
allergy-refuted = Descartada, no cuenta
allergy-high = Riesgo alto
allergy-said-added = Alergia guardada: { $what }.
allergy-said-changed = Alergia modificada: { $what }.
allergy-said-counts = Esta alergia cuenta: { $what }.
allergy-said-counts-not = Esta alergia ya no cuenta: { $what }.
allergy-said-none = Guardado: preguntado hoy, ninguna alergia conocida.
allergy-state-some = { $n ->
    [one] 1 alergia anotada
   *[other] { $n } alergias anotadas
}
allergy-state-none = Ninguna conocida (preguntado el { $day })
allergy-state-not-asked = Aún sin preguntar. Pregunte y luego: a añade, n si no hay ninguna conocida.
allergy-state-not-received = Aún no recibido: otro equipo puede saber más. Pregunte al paciente.

## Problemas

problem-add = Añadir un problema
problem-change = Modificar: { $what }
problem-in-error = Anotado por error: { $what }
problem-add-key = Añadir un problema
problem-change-key = Modificar el problema elegido
problem-over-key = El problema elegido se resuelve hoy, o vuelve
problem-hint-over = resuelto
problem-what = Problema
problem-what-help = Palabras o código (lista en inglés): asthma, J45. Lo demás queda.
problem-stands = Está
problem-stands-help = a activo, i inactivo (quieto, puede volver), r resuelto.
problem-active = activo
problem-inactive = inactivo
problem-resolved = resuelto
problem-since = Desde
problem-since-help = Un día, un mes o un año: 2021, mar 2021, t-2w.
problem-severity = Gravedad
problem-severity-help = De la lista, o con sus palabras.
problem-until = Hasta
problem-until-help = Cuándo terminó, si terminó.
problem-note = Nota
problem-note-help = Algo más, en una línea.
problem-already = Este problema ya está en la lista.
problem-none = No consta ningún problema.
problem-refuted = buscado, no hallado
problem-at-visit = en una visita
problem-recurrence = recidiva
problem-remission = en remisión
problem-unconfirmed = sin confirmar
problem-said-added = Añadido: { $what }.
problem-said-changed = Modificado: { $what }.
problem-said-resolved = { $what }: resuelto hoy.
problem-said-active = { $what }: activo de nuevo.

## Nota de consulta

note-title = Consulta { $time }
note-title-addendum = Adenda a una nota firmada
note-draft-kept = borrador guardado { $time }
note-saving = guardando …
note-signing = firmando …
note-why = Motivo
note-found = Examen
note-dx = Dx
note-plan = Plan
note-added = Añadido
note-vitals-help = Signos vitales en cualquier orden: bp 120/80 hr 72 t 37.1 w 64 spo2 98. Un ! tras un valor dice que es real. bp - rechazo dice que no se hizo, y por qué.
note-why-help = El motivo de consulta, en palabras del paciente. La primera línea figura en la lista de consultas. Un punto y letras proponen frases.
note-found-help = La exploración. Un punto y letras proponen frases, por ejemplo .chest.
note-dx-help = Las primeras letras de un diagnóstico o un código. Intro toma la primera línea; lo que no está en la lista se guarda tal cual.
note-plan-help = Lo que se hace, se da y se acuerda, y cuándo volver.
note-added-help = Lo que se añade a la nota firmada. La nota misma queda como se firmó.
note-sign-as = ¿Firmar como { $name }?
note-sign-now = Firmarla
note-go-on = Seguir escribiendo
note-sign = Guardar y firmar
note-signed = Firmado por { $name }, { $time }.
note-insert = Insertar la línea marcada
note-keep-text = Dejar el texto como está
note-next = Al siguiente hueco o apartado
note-previous = Al apartado anterior
note-to-vitals = A la línea de signos vitales
note-list = La lista de diagnósticos: problemas conocidos y recientes primero
note-repeat = Copiar este apartado de la última consulta
note-up = Arriba, en el texto o al apartado anterior
note-down = Abajo, en el texto o al apartado siguiente
note-accept-line = Aceptar la línea y seguir
note-new-line = Una línea nueva
note-take = Tomar el diagnóstico marcado, o seguir
note-toggle-list = Poner el diagnóstico en la lista de problemas, o no
note-take-out = Seleccionar el último diagnóstico; otra vez: quitarlo (Ctrl-Z lo devuelve)
note-from-list = (lista de problemas)
note-to-list = -> lista de problemas
note-not-coded = (sin código)
note-phrases = Frases
note-choices = Elegir
note-blanks = { $n ->
    [one] Falta 1 hueco: Tab lleva a él
   *[other] Faltan { $n } huecos: Tab lleva a ellos
}
note-blanks-left = { $n ->
    [one] Queda 1 hueco; rellénelo y firme.
   *[other] Quedan { $n } huecos; rellénelos y firme.
}
note-dx-open = Hay un diagnóstico escrito sin tomar: Intro lo toma.
note-empty = Nada que firmar: escriba el motivo, la exploración o el plan.
note-also = { $machine } también escribió en esta nota. Quedan ambos textos.
note-came = Otra persona también escribió en esta nota: léala y después firme.
note-nothing-before = Ninguna consulta anterior dice nada aquí.
note-second-visit = La consulta de hoy ya terminó; esto empieza una segunda.
note-other-patient = Hay otro paciente abierto. El borrador queda en el expediente correcto.

## Consultas pasadas

notes-title = Consulta { $n } de { $of }, la más reciente primero
notes-none = Aún no hay consultas. F8 escribe la primera nota.
notes-read = Leer la consulta entera
notes-older = La consulta anterior
notes-unconfirmed = Sin confirmar: alguien que fue excluido escribió aquí. Léalo con cuidado.
notes-newer = La consulta siguiente
notes-write = Añadir a la nota firmada, o seguir con la suya sin firmar
notes-nothing-to-add = Aquí no hay nota firmada a la que añadir ni una suya por terminar.
notes-signed = Firmado por { $name }, { $time }
notes-not-signed = Sin firmar. Escrito por { $name }, { $time }
notes-is-not-signed = sin firmar
notes-is-changed = versión sin firmar
notes-changed = Versión sin firmar: cambiada después de firmada. { $name }
notes-someone = alguien de otro centro
notes-goes-on = en curso
notes-imported = importado
notes-imported-of = importado, escrito por { $name }
notes-addendum = Adenda
notes-uses = usa { $phrases }
notes-more = { $n ->
    [one] 1 línea más: Abajo
   *[other] { $n } líneas más: AvPág
}
notes-drugs = Medicinas
notes-vaccines = Vacunas
notes-procedures = Hecho
notes-results = Resultad.
notes-reports = Informes
notes-papers = Papeles

## Vacunas

vaccine-given = Anotar una dosis
vaccine-not-given = Una vacuna no administrada
vaccine-change = Modificar: { $what }
vaccine-in-error = Anotado por error: { $what }
vaccine-given-key = Anotar una dosis
vaccine-hint-given = dosis dada
vaccine-not-given-key = Anotar que no se dio una vacuna, y por qué
vaccine-hint-not-given = no dada
vaccine-change-key = Modificar la dosis elegida
vaccine-what = Vacuna
vaccine-what-help = Primeras letras o código CVX: bcg, penta, opv, mr, 198.
vaccine-dose = Dosis n.º
vaccine-dose-help = Qué dosis de la serie: 1, 2, refuerzo.
vaccine-date = Fecha
vaccine-date-help = t es hoy; t-1, 14 3 87, mar 2019.
vaccine-lot = Lote
vaccine-lot-help = Como está impreso en el vial.
vaccine-expiry = Caduca
vaccine-expiry-help = Como está impresa en el vial.
vaccine-site = Dónde
vaccine-site-help = Dónde en el cuerpo; de la lista o con sus palabras.
vaccine-reaction = Reacción
vaccine-reaction-help = Qué pasó después, si pasó algo.
vaccine-why-not = Por qué no
vaccine-why-not-help = De la lista, o con sus palabras.
vaccine-why-stock = sin existencias
vaccine-why-ill = enfermo hoy
vaccine-why-refused = rechazada
vaccine-why-had = pasó la enfermedad
vaccine-why-contraindicated = contraindicada
site-left-thigh = muslo izquierdo
site-right-thigh = muslo derecho
site-left-arm = brazo izquierdo
site-right-arm = brazo derecho
site-mouth = por la boca
vaccine-none = No consta ninguna vacuna.
vaccine-dose-number = dosis { $n }
vaccine-was-not-given = No dada
vaccine-says-lot = lote { $text }
vaccine-says-expiry = caduca { $text }
vaccine-says-reaction = reacción: { $text }
vaccine-said-given = { $what }: dosis anotada.
vaccine-said-not-given = { $what }: no dada, anotado.
vaccine-said-changed = Modificado: { $what }.
vaccine-count = { $n ->
    [one] 1 dosis dada
   *[other] { $n } dosis dadas
}

## Historial

history-loading = Leyendo …
history-filter-label = Filtro:
history-filter = Mostrar solo las líneas que contienen unas palabras
history-hint-filter = filtrar
history-to-list = Del filtro a la lista
history-hint-list = a la lista
history-clear = Mostrarlo todo otra vez
history-hint-clear = mostrar todo
history-nobody = (desconocido aquí)
history-made = { $kind }: alta
history-taken-out = { $old } → (nada)
history-others = No es
history-yes = sí
history-no = no
history-confirmed = confirmado
history-drug = Fármaco
history-visit-reason = Motivo de visita
history-code = Qué es
history-replaces = Sustituye a
history-remark = Observación
history-clinical = Estado
history-verification = Certeza
history-intolerance = Intolerancia
history-category = Categoría
history-since = Desde
history-until = Hasta
history-severity = Gravedad
history-on-list = En la lista
history-kind = Tipo
history-status = Situación
history-dose = Dosis
history-route = Vía
history-frequency = Frecuencia
history-duration = Duración
history-as-needed = Si hace falta
history-start = Desde
history-end = Hasta
history-quantity = En total
history-reason = Motivo
history-instructions = Indicaciones
history-overridden = Aviso descartado
history-visit = Visita
history-maker = Fabricante
history-when = Cuándo
history-value = Valor
history-measure = Medida
history-absent = Sin medir
history-range = Valores usuales
history-flag = Marca
history-method = Método
history-order = Solicitud
history-title = Título
history-section = Apartado
history-text = Texto
history-phrases = Frases
history-signature = Firma
history-adds = Completa
history-class = Visto
history-diagnosis = Diagnóstico
history-practitioner = Visto por
history-place = Lugar
history-outcome = Resultado
history-activity = Actividad
history-results = Resultados
history-issued = Emitido
history-conclusion = Conclusión
history-media = Tipo de archivo
history-file = Archivo
history-size = Tamaño
history-name = Nombre
history-birth = Nacimiento
history-died = Fallecimiento
history-phone2 = Otro teléfono
history-district = Distrito
history-address = Dirección
kind-person = Persona
kind-provider = Profesional
kind-allergy = Alergia
kind-no-known-allergies = Ninguna alergia conocida
kind-problem = Problema
kind-medication = Fármaco
kind-immunization = Vacuna
kind-procedure = Procedimiento
kind-plan = Plan de cuidados
kind-visit = Visita
kind-note = Nota
kind-observation = Medición
kind-report = Informe
kind-document = Documento
kind-import-run = Importación
drug-on-hold = en pausa
drug-completed = terminado
drug-stopped = suspendido
drug-cancelled = nunca empezado
history-lines = { $n ->
    [one] 1 línea
   *[other] { $n } líneas
}

## Fármacos

drug-add = Recetar
drug-told = Lo toma, de otra parte
drug-change = Cambiar: { $what }
drug-stop = Suspender o pausar: { $what }
drug-takes = ¿Toma el paciente { $what }?
drug-in-error = { $what }: introducido por error
drug-add-key = Recetar un fármaco
drug-hint-add = recetar
drug-open-key = Abrir el fármaco elegido con su historial
drug-hint-open = abrir
drug-told-key = Anotar un fármaco que toma de otra parte
drug-hint-told = de otra parte
drug-change-key = Cambiar dosis o motivo del fármaco elegido
drug-stop-key = Suspender o pausar el fármaco elegido
drug-hint-stop = suspender
drug-takes-key = Se preguntó al paciente: toma el fármaco elegido, o no
drug-hint-takes = ¿lo toma?
drug-safe-key = No recetar
drug-hint-safe = no recetar
drug-override-key = Recetar de todos modos, con la palabra y un motivo
drug-hint-override = recetar pese a ello
drug-what = Fármaco
drug-what-help = Primeras letras: amox, para, amlo 10. Otras palabras quedan igual.
drug-dose = Dosis
drug-dose-help = 1 tds x 5d, 5ml bd x 7d, 2 puff prn, 1 od ongoing. Palabras tras ;
drug-for = Para
drug-for-help = Para qué: F4 muestra los problemas; o en sus palabras.
drug-since = Desde
drug-since-help = t es hoy; t-2w, mar 2021, 2019.
drug-known = Sabido por
drug-known-help = De la lista, o en sus palabras.
drug-known-patient = lo dijo el paciente
drug-known-pack = visto en el envase
drug-known-papers = en los papeles del paciente
drug-known-hospital = carta del hospital
drug-stands = Está
drug-stands-help = s suspendido, h en pausa, o terminado, n nunca empezado.
drug-ended = Desde
drug-ended-help = t es hoy; t-3, 14 11 25.
drug-taken = Lo toma
drug-taken-help = t lo toma, n no lo toma.
drug-taken-yes = lo toma
drug-taken-no = no lo toma
drug-taken-why-help = Por qué no; o cómo lo toma en realidad.
drug-why = Motivo
drug-why-help = De la lista, o en sus palabras. Queda en el historial.
drug-why-harm = efectos adversos
drug-why-effect = no hace efecto
drug-why-needed = ya no hace falta
drug-why-replaced = sustituido por otro
drug-why-wish = deseo del paciente
drug-why-stock = sin existencias
drug-none = Ningún fármaco registrado.
drug-count = Toma: { $n }, de otra parte: { $elsewhere }, ya no: { $before }
drug-not-prescribing = Su función no receta; t anota lo que el paciente toma de otra parte.
drug-elsewhere = De otra parte
drug-imported = De otro expediente
drug-overridden = Pese a la alergia
drug-run-out = Tratamiento hasta { $day }
drug-prescribed = Recetado el { $day } por { $name }
drug-recorded = Anotado el { $day } por { $name }
drug-from = Desde { $day }
drug-until = hasta { $day }
drug-twice = Ya lo toma: { $what }.
drug-twice-since = Ya lo toma desde { $day }: { $what }.
drug-allergic-same = El paciente es alérgico: { $what }.
drug-allergic-group = { $drug } es del grupo { $group }.
drug-allergic-related = Algunos alérgicos al grupo { $group } reaccionan también: { $drug }.
drug-not-known = { $drug } no se conoce aquí: compárelo con las alergias registradas.
drug-allergy-not-known = La alergia a { $what } no se conoce aquí: compárela con { $drug }.
drug-allergy-source = Registrado: { $what } - { $facts }; por { $name }, { $day }.
drug-allergy-more = +{ $n } más registradas
drug-reaction-unknown = reacción desconocida
drug-stop-title = ALTO: alergia registrada
drug-stop-safe = No recetar
drug-override-word = ANULAR
drug-override-how = Para seguir, escriba { $word } y un motivo, luego F2:
drug-override-no-word = No se receta nada: empiece con { $word } en mayúsculas.
drug-override-no-reason = No se receta nada: diga por qué tras { $word }.
drug-remark-takes = lo toma, preguntado el { $day }
drug-remark-takes-not = no lo toma, preguntado el { $day }
drug-said-added = { $what }: recetado.
drug-said-told = { $what }: anotado, de otra parte.
drug-said-changed = { $what }: cambiado.
drug-said-stopped = { $what }: suspendido.
drug-said-on-hold = { $what }: en pausa.
drug-said-completed = { $what }: tratamiento terminado.
drug-said-cancelled = { $what }: nunca empezado.
drug-said-takes = { $what }: el paciente lo toma.
drug-said-takes-not = { $what }: el paciente no lo toma.
drug-said-not-prescribed = No recetado. Tome otro fármaco, o Esc deja la ficha.

## Dosis

dose-apply = aplicar
dose-hourly = cada { $n } horas
dose-morning = por la mañana
dose-night = por la noche
dose-weekly = una vez por semana
dose-monthly = una vez al mes
dose-stat = una vez, ahora
dose-when-needed = si hace falta
dose-ongoing = de continuo
dose-total = total { $n }
dose-not-read = no es una dosis: 1 tds x 5d
dose-lacks-amount = ¿cuánto cada vez?
dose-lacks-frequency = ¿cada cuánto?
dose-as-told = Se guarda con estas palabras.
dose-unknown = { $text }: no es de una dosis; palabras libres tras un ;
dose-twice = { $text }: está dos veces
dose-ambiguous = { $text }: ¿días o veces al día? 5d o tds
dose-outside = { $text }: más que cualquier dosis, o nada
dose-too-long = Más de lo que cabe en una línea.
route-mouth = por la boca
route-muscle = en el músculo
route-vein = en la vena
route-under-skin = bajo la piel
route-tongue = bajo la lengua
route-rectum = en el recto
route-vagina = en la vagina
route-inhaled = inhalado
route-skin = en la piel
route-eye = en el ojo
route-ear = en el oído
route-nose = en la nariz
dose-daily = { $n ->
    [1] una vez al día
    [2] dos veces al día
   *[other] { $n } veces al día
}
dose-every-days = { $n ->
    [2] un día sí y otro no
   *[other] cada { $n } días
}
dose-days = { $n ->
    [one] 1 día
   *[other] { $n } días
}
dose-weeks = { $n ->
    [one] 1 semana
   *[other] { $n } semanas
}
dose-months = { $n ->
    [one] 1 mes
   *[other] { $n } meses
}
noun-ampoule = { $n ->
    [one] ampolla
   *[other] ampollas
}
noun-application = { $n ->
    [one] aplicación
   *[other] aplicaciones
}
noun-capsule = { $n ->
    [one] cápsula
   *[other] cápsulas
}
noun-drop = { $n ->
    [one] gota
   *[other] gotas
}
noun-implant = { $n ->
    [one] implante
   *[other] implantes
}
noun-patch = { $n ->
    [one] parche
   *[other] parches
}
noun-pessary = { $n ->
    [one] óvulo
   *[other] óvulos
}
noun-puff = { $n ->
    [one] inhalación
   *[other] inhalaciones
}
noun-sachet = { $n ->
    [one] sobre
   *[other] sobres
}
noun-spray = { $n ->
    [one] pulverización
   *[other] pulverizaciones
}
noun-suppository = { $n ->
    [one] supositorio
   *[other] supositorios
}
noun-tablet = { $n ->
    [one] comprimido
   *[other] comprimidos
}
noun-teaspoon = { $n ->
    [one] cucharadita
   *[other] cucharaditas
}
noun-unit = { $n ->
    [one] unidad
   *[other] unidades
}
noun-vial = { $n ->
    [one] frasco
   *[other] frascos
}

## Equipos

sync-saved = Todo lo que ha escrito está guardado en este equipo.
sync-alone = Este es el único equipo del centro.
sync-to-compare = ~ { $n ->
    [one] Hay una cosa
   *[other] Hay { $n } cosas
} por comparar (r).
sync-shared = Todos los demás equipos lo tienen todo.
sync-waiting = { $n ->
    [one] 1 cambio espera ser compartido. Sale solo cuando hay otro equipo cerca.
   *[other] { $n } cambios esperan ser compartidos. Salen solos cuando hay otro equipo cerca.
}
sync-copying = Llegan: { $n } cambios, { $size }; quedan { $left }, unos { $more }. Ya puede buscar.
sync-copying-shortly = Llegan: { $n } de { $all }. Ya puede buscar.
sync-off = Este equipo no participa en el intercambio: la red no se puede usar. Los paquetes USB sí funcionan.
sync-place = Lugar
sync-met = Visto
sync-they-have = Tienen
sync-we-have = Tenemos
sync-state = Estado
sync-here-name = { $name } (aquí)
sync-this = Este equipo
sync-here = aquí
sync-met-now = ahora
sync-met-never = nunca
sync-all-ours = todo
sync-all-theirs = todo
sync-behind = { $n } menos
sync-not-known = no se sabe
sync-both = Tienen: { $they }. Tenemos: { $we }.
sync-in-step = al día
sync-exchanging = intercambia
sync-exchanging-of = intercambia { $n } de { $all }
sync-so-many-of = { $n } de { $all }
sync-not-in-reach = fuera de alcance
sync-removed = retirado
sync-not-known-there = no nos conoce
sync-disk = disco lleno o dañado aquí
sync-other-program = otra versión
sync-unsound = incomprensible
sync-copied = disco copiado
sync-copied-what = Dos ordenadores escribieron en su nombre (disco copiado). Nada se pierde.
sync-machine-id = Identificador { $id }
sync-last-address = Visto en { $where }
sync-own-address = Se encuentra aquí en { $where }
sync-no-address = No se conoce ninguna dirección.
sync-last-bundle = Paquete USB: último hecho { $when } ({ $size })
sync-consent = Compartido con consentimiento
sync-consented = { $name }, { $clinic }: { $n ->
    [one] 1 paciente
   *[other] { $n } pacientes
}
sync-consented-more = y { $n } más
size-kb = { $n } kB
size-mb = { $n } MB
sync-all-in-step = Todos los equipos están al día.
sync-sharing = Compartiendo ahora con los equipos al alcance.
sync-nobody-in-reach = No hay otro equipo al alcance. Saldrá solo cuando lo haya.
sync-details = Mirar el equipo
sync-hint-details = detalles
sync-share = Compartir ahora con los equipos al alcance
sync-hint-share = compartir
sync-invite = Vincular un equipo nuevo
sync-hint-invite = vincular
sync-revoke = Retirar el equipo del centro
sync-hint-revoke = retirar
sync-revoke-not-this = Un equipo retira a otro, nunca a sí mismo.
sync-revoke-title = ¿Retirar { $name } del centro?
sync-revoke-what = No se intercambia nada más con él, y lo nuevo lleva claves nuevas. Solo vuelve si se vincula de nuevo.
sync-revoke-holds = Lo que ya tiene lo puede leer quien lo tenga con una frase de acceso.
sync-revoke-keep = Dejarlo
sync-revoke-do = Retirarlo
sync-revoked = { $name } queda retirado.

## Vinculación

invite-title = Vincular un equipo nuevo
invite-opening = Eligiendo ocho palabras …
invite-how = En el equipo nuevo, inicie Cairn, elija unirse a un centro y escriba estas palabras. Bastan las cuatro primeras letras de cada una.
invite-address = Dirección de este equipo: { $where }
invite-minutes = { $n ->
    [one] Valen 1 minuto más.
   *[other] Valen { $n } minutos más.
}
invite-tries = { $n ->
    [one] Queda 1 intento.
   *[other] { $n } intentos.
}
invite-asks = { $name } conoce las palabras. ¿Admitirlo?
invite-card = Alguien escribió las palabras en este equipo:
invite-card-id = Identificador { $id }
invite-card-machine = Recibe todos los expedientes del centro, y cada persona puede entrar allí con su propia frase de acceso.
invite-card-mailbox = Guarda lo sellado y lo pasa. Nadie puede entrar ni leer allí.
invite-card-check = Pulse y solo si es el equipo de la persona que tiene las palabras.
invite-let-in = Admitir el equipo
invite-hint-let-in = admitir
invite-refuse = No admitirlo
invite-hint-refuse = no admitir
invite-again = Palabras nuevas para otro equipo
invite-hint-again = palabras nuevas
invite-over = i elige palabras nuevas. No se compartió nada.
invite-enrolling = Admitiendo { $name } …
invite-in = { $name } ya está.
invite-done = { $name } pertenece al centro. Cada persona entra allí con su frase de acceso y puede buscar enseguida.
invite-copy = Su copia: { $n } cambios enviados, quedan { $left }.
invite-in-step = Lo tiene todo.
invite-by-itself = Los expedientes llegan allí solos.
invite-too-many = Se probaron palabras equivocadas tres veces. Estas palabras ya no valen.
invite-expired = Nadie escribió las palabras en diez minutos. Ya no valen.
invite-declined = El equipo no fue admitido.
invite-torn = La conexión se cortó antes de admitir el equipo.
invite-nonsense = El otro equipo dijo algo sin sentido. ¿Tiene otra versión de Cairn?
invite-crossed = El otro equipo intercambia tarjetas entre dos centros. Elija allí unirse a este centro como equipo nuevo.
invite-not-kept = El equipo no pudo guardar lo recibido. ¿Tiene el disco lleno?
invite-unconfirmed = El equipo fue admitido pero no dijo que está listo. Si no lo está, retírelo de la tabla y vincúlelo de nuevo.
join-title = Unirse a un centro
join-what = En un equipo del centro, la responsable abre Sincr. (8), pulsa i, y lee ocho palabras y una dirección.
join-words = Ocho palabras
join-words-help = Bastan cuatro letras de cada palabra; un espacio entre las palabras.
join-address = Su dirección
join-address-help = Como aparece allí, por ejemplo 192.168.1.7:4433. En la misma red puede quedar vacía.
join-name = Este equipo es
join-name-help = Como lo llama el centro, por ejemplo Mesa 2 o Puesto de la colina.
join-do = Unirse
join-hint-do = unirse
join-count = { $n ->
    [one] Hay 1 palabra; hacen falta ocho.
   *[other] Hay { $n } palabras; hacen falta ocho.
}
join-unknown = La palabra { $n } no está en la lista: escríbala como aparece allí.
join-looking = Buscando el otro equipo …
join-asking = Las palabras son correctas. Se pregunta ahora a la responsable en el otro equipo: allí pulsa y.
join-keeping = Guardando lo necesario. Podrá entrar en un momento.
join-no-answer = Nadie responde a estas palabras. Compare las palabras y la dirección con la otra pantalla; los dos equipos deben estar en una misma red.
join-no-address = Eso no es una dirección: se parece a 192.168.1.7:4433.
join-wrong-words = No son las palabras que muestra el otro equipo.
join-too-many = Se probaron palabras equivocadas tres veces. Hacen falta palabras nuevas del otro equipo.
join-expired = Las palabras tienen más de diez minutos. Hacen falta nuevas del otro equipo.
join-declined = La responsable dijo que no en el otro equipo.
join-torn = La conexión se cortó demasiado pronto. No se guardó nada aquí; pruebe con palabras nuevas.
join-nonsense = El otro equipo dijo algo sin sentido. ¿Tiene otra versión de Cairn?
join-crossed = Ese equipo intercambia tarjetas entre dos centros. Haga que vincule un equipo nuevo y escriba sus palabras nuevas.
join-not-kept = Este equipo no pudo guardar lo recibido. ¿Está lleno el disco?
# Por comparar
context-compare = Comparando dos versiones
context-compare-decide = Comparando, para quien puede decidir
context-compare-both = Comparando, donde ambos pueden quedar
context-compare-judge = Comparando lo que aún no cuenta
context-compare-write = Comparando, escribiendo la respuesta correcta
context-to-compare = En la lista de datos por comparar
compare-keep-a = A es correcto
compare-keep-b = B es correcto
compare-keep-c = C es correcto
compare-keep-d = D es correcto
compare-hint-a = dejar A
compare-hint-b = dejar B
compare-write = Escribir la respuesta correcta
compare-hint-write = escribir
compare-both = Conservar ambos números
compare-hint-both = ambos
compare-adopt = Cuenta desde ahora
compare-hint-adopt = adoptar
compare-reject = No debe contar
compare-hint-reject = rechazar
compare-next = El siguiente dato por comparar
compare-hint-next = siguiente
compare-history = Todo lo que cambió en la historia clínica
compare-hint-history = historial
compare-later = Decidir más tarde
compare-hint-later = más tarde
compare-accept = Tomar lo escrito
compare-record-key = Comparar las versiones de la línea elegida
compare-chart-key = Comparar lo que se anotó dos veces en esta ficha
compare-title = Comparar { $n } de { $all }
compare-why = Dos personas lo cambiaron antes de que sus equipos se vieran. Se guardan ambas.
compare-why-unconfirmed = Quien lo escribió había sido retirado y nadie lo había visto. Se conserva.
compare-counts = Lo que cuenta mientras tanto: { $value }
compare-counts-not = No cuenta hasta que alguien lo adopte. Una alergia o un fármaco avisa igualmente.
compare-before = Antes de ambas: { $value }
compare-shown = Mientras tanto la ficha muestra: { $value }  ~ { $n } versiones
compare-decided = Decidido. La ficha muestra: { $value }
compare-was-taken-back = Deshecho. La ficha muestra: { $value }
compare-signed = Usted firma la decisión y se comparte; la otra versión queda en el historial.
compare-not-yours = Lo decidirá un clínico.
compare-right = Respuesta correcta:
compare-empty = (nada)
compare-none = No hay nada que comparar.
compare-gone = Decidido mientras tanto, por otra persona.
compare-some-machine = (equipo desconocido)
machine-number = Equipo { $n }
compare-no-value = No es un valor así. Escríbalo como en el formulario.
compare-kept = Queda: { $value }.
compare-kept-both = Quedan ambos: { $value } es el primero.
compare-adopted = Adoptado: cuenta desde ahora.
compare-rejected = Rechazado: cuenta lo que había antes.
compare-taken-back = Vuelve a: { $value }.
compare-waits-again = Deshecho: vuelve a esperar una decisión.
compare-nothing-to-undo = La ficha ya mostraba esto. Elija otra letra para cambiarlo.
compare-nothing-here = Solo hay una versión de esto.
compare-first = Esto tiene dos versiones. Compárelas primero.
compare-in-chart = ~ { $n ->
    [one] un dato tiene
   *[other] { $n } datos tienen
} dos versiones por comparar ({ $key })
compare-in-chart-unconfirmed = ~ { $n } por comparar, de ellos { $unconfirmed } sin confirmar ({ $key })
to-compare-open = Comparar las versiones
to-compare-hint-open = comparar
to-compare-key = Lo que dos personas anotaron cada una por su lado
to-compare-hint = comparar
to-compare-title = Por comparar ({ $n })
to-compare-kept = nada se pierde; se guardan ambas
to-compare-none = No hay nada por comparar.
twins-what = quizá registrada dos veces
twins-title = ¿Es una sola persona, registrada dos veces?
twins-stay = Ambas fichas quedan como están hasta que se unan.
twins-later = Decidir después
twins-apart = Son dos personas
twins-not-yours = Lo decidirá quien registra pacientes.
twins-told-apart = Son dos personas. u lo deshace.
twins-taken-back = Deshecho: quizá la misma persona.
twins-person = { $person }
trouble-not-taken = Esto cambió entretanto. Mírelo de nuevo.
sheet-marked = ~ { $n } versiones
sheet-unconfirmed = ~ sin confirmar
sheet-unconfirmed-record = Sin confirmar: quien lo escribió fue excluido. No cuenta hasta que un clínico lo adopte.
sheet-unconfirmed-value = Sin confirmar: { $field } { $value }.

## Paquetes USB

bundle-make = Hacer un paquete USB para otros equipos
bundle-hint-make = paquete USB
bundle-take = Tomar un paquete USB
bundle-hint-take = tomar uno
bundle-go = Empezar
bundle-hint-go = empezar
bundle-title-make = Hacer un paquete USB
bundle-title-take = Tomar un paquete USB
bundle-what-make = Lo que falta a los otros equipos se escribe en una memoria, sellado para ellos: quien la encuentre no sabrá nada.
bundle-what-take = Se toma lo que vino en una memoria. Tomarlo dos veces no cambia nada.
bundle-for = Para (vacío: todos)
bundle-for-help = El equipo destinatario, o nada para todos los demás del centro.
bundle-folder = Carpeta de la memoria
bundle-folder-help = Dónde está la memoria, por ejemplo /media/usb o E:\
bundle-file = Archivo o carpeta
bundle-file-help = El paquete, o la carpeta de la memoria: se toma cada paquete para este equipo.
bundle-begins = Mirando la memoria … No la saque.
bundle-running = { $n } de { $all } escritos. No saque la memoria.
bundle-taking = { $n } de { $all } cambios leídos. No saque la memoria.
bundle-made = Escrito: { $n ->
    [one] 1 cambio
   *[other] { $n } cambios
}, { $size }, { $files ->
    [one] 1 archivo
   *[other] { $files } archivos
}.
bundle-took = Hecho por { $from }, { $when }. Nuevos: { $n }; ya estaban: { $known }.
bundle-pull = Ya puede sacar la memoria.
bundle-pull-made = Ya puede sacar la memoria. En el otro equipo, abra Sincr. (8) y pulse t.
bundle-broken = Terminó antes de tiempo o está dañado. Lo anterior queda guardado; tómelo otra vez o pida que lo hagan de nuevo.
bundle-nothing = Allí no hay ningún paquete para este equipo.
bundle-no-such = Ningún equipo del centro tiene este nombre.
bundle-not-made = No se pudo escribir allí. ¿Está la memoria, es esa la carpeta y hay otro equipo?
bundle-not-taken = No se pudo leer. ¿Está la memoria y es un paquete de este centro? Si se sacó mientras se escribía, pida que lo hagan de nuevo.

paper-consent = Consentimiento para compartir la historia clínica
paper-refusal = Negativa a compartir la historia clínica
paper-i-agree = Acepto que lo nombrado arriba se entregue a la persona u organización nombrada arriba, para este fin y hasta este día, y que conserve lo que se le entregó.
paper-i-refuse = No acepto que lo nombrado arriba se entregue a la persona u organización nombrada arriba.
paper-withdraw = Puedo retirarlo en cualquier momento, en la clínica, sin dar una razón. Desde entonces no se entrega nada más. Me atienden igual, acepte o no.
paper-patient = Paciente
paper-born = Nacimiento
paper-number = Número
paper-to = A
paper-everybody = todos
paper-parts = Qué
paper-all = toda la historia
paper-span = Solo lo que es de
paper-purpose = Para qué
paper-from = Desde
paper-until = Hasta
paper-how = Cómo se dijo
paper-by = Testigo o tutor
paper-printed = Impreso
paper-witness = Testigo
paper-guardian = Tutor
paper-recorded-by = Por la clínica
paper-day = Fecha
consent-part-summary = resumen (problemas, alergias, medicamentos, vacunas)
consent-part-visits = visitas y notas
consent-part-results = resultados de laboratorio
consent-for-treatment = tratamiento
consent-for-emergency = tratamiento de urgencia
consent-for-payment = pago de la atención
consent-for-operations = calidad y control de la atención
consent-for-public-health = salud pública
consent-for-research = investigación
consent-for-patient = lo pidió el paciente
consent-how-written = por escrito
consent-how-verbal = de palabra, ante un testigo
consent-how-guardian = por un tutor
consent-is-given = dado
consent-is-refused = rechazado
consent-is-withdrawn = retirado
kind-referral = Derivación
history-letter = Carta
history-question = Pregunta
history-reply = Respuesta
history-urgent = Urgente
kind-consent = Consentimiento
kind-outcome = decisión sobre una propuesta
history-decision = Decisión
history-withdrawal = Retirado
history-to = A quién
history-card = Tarjeta de contacto
history-parts = Partes
history-shared-from = Cosas desde
history-shared-until = Cosas hasta
history-purpose = Para qué
history-how = Cómo
history-witness = Testigo, tutor
history-sets-aside = Deja sin efecto

## Consent and sharing

context-consents = Consentimiento e intercambio
draft-consent = consentimiento
page-consents = Consentimiento
page-consents-help = Al consentimiento y el intercambio
form-not-one-day = no es un día del calendario
form-day-past = un día que ya pasó
consent-give = El paciente acepta
consent-refuse = El paciente rechaza
consent-correct = Corregir: { $what }
consent-withdraw = Retirar: { $what }
consent-in-error = { $what }: registrado por error
consent-give-key = El paciente acepta compartir
consent-hint-give = acepta
consent-refuse-key = El paciente se niega a compartir
consent-hint-refuse = rechaza
consent-withdraw-key = El paciente retira el consentimiento marcado
consent-hint-withdraw = retirar
consent-correct-key = Reemplazar lo que se anotó mal
consent-hint-correct = corregir
consent-to = A quién
consent-to-help = La persona u organización; F4 muestra las de antes.
consent-refuse-to-help = La persona u organización; vacío para todos.
consent-parts = Qué
consent-parts-help = Primeras letras y comas, s, v, r; o restricted: y un nombre.
consent-refuse-parts-help = Primeras letras y comas; vacío para toda la historia.
consent-parts-wrong = no es una parte de la historia
consent-until = Hasta
consent-until-help = El último día en que vale: t+1m, t+7, 30 6 26.
consent-until-wrong = terminaría antes de empezar
consent-how = Cómo
consent-how-help = W por escrito, V de palabra, G por un tutor.
consent-witness = Testigo, tutor
consent-witness-help = Quién lo oyó, o el tutor.
consent-witness-needed = alguien lo oyó, o es el tutor
consent-purpose = Para qué
consent-purpose-help = T tratamiento, E urgencia, P pago, O calidad, H salud pública, R, A.
consent-since = Solo desde
consent-since-help = Solo lo que es de este día en adelante; vacío para todo.
consent-note = Nota
consent-note-help = Lo que se dijo además.
consent-reason = Por qué
consent-reason-help = Con las palabras del paciente; puede quedar vacío. F2 sigue.
consent-withdraw-title = ¿Retirar lo que se dio a { $to }?
consent-withdraw-what = No se comparte nada más. Para volver a compartir hace falta otro consentimiento.
consent-withdraw-holds = Lo que ya tienen se queda con ellos.
consent-withdraw-keep = Mantener el consentimiento
consent-withdraw-do = Retirarlo
consent-withdrawn-already = Esto se retiró. Anote lo que el paciente acepta ahora.
consent-refused-already = Esto es una negativa. Si el paciente acepta ahora, anótelo.
consent-over-already = Esto ya no vale.
consent-said-given = Anotado: { $to } puede tener lo acordado.
consent-said-given-card = Anotado: { $to } puede tener lo acordado. o lo comparte.
consent-said-refused = Negativa anotada.
consent-said-corrected = Corregido: { $to }.
consent-said-withdrawn = Retirado: { $to }.
consent-none = No se aceptó ni rechazó nada.
consent-everybody = todos
consent-all = toda la historia
consent-word-summary = resumen
consent-word-visits = visitas
consent-word-results = resultados
consent-word-written = escrito
consent-word-verbal = de palabra
consent-word-guardian = tutor
consent-is-not-yet = aún no
consent-is-over = terminado
consent-is-set-aside = sin efecto
consent-is-overruled = anulado
consent-is-in-error = por error
consent-says = Para: { $purpose }, anotado el { $day }.
consent-says-withdrawn = Retirado el { $day }
consent-says-witness = Testigo: { $name }.
consent-says-guardian = Tutor: { $name }.
consent-says-since = Solo desde el { $day }.
consent-count = { $n ->
    [0] Consentimiento e intercambio: ninguno vale
    [one] Consentimiento e intercambio: 1 consentimiento vale
   *[other] Consentimiento e intercambio: { $n } consentimientos valen
}

## Lo que se abre con un motivo

hint-emergency = urgencia
find-emergency = Lo que una urgencia necesita de la historia elegida, con un motivo
context-reason = Donde se dice por qué se abre una historia
context-reviews = En la lista de historias abiertas con un motivo
reason-accept = Abrir por el motivo escrito
reason-title-view = VISTA DE URGENCIA
reason-title-chart = NO ESTÁ EN ATENCIÓN: diga por qué abre esta historia
reason-what = Pulse una cifra, o escriba el motivo y Entrar. Se abre por una hora. El motivo se anota antes de mostrar nada, y los responsables lo leen.
reason-danger = Vida en peligro
reason-not-conscious = Inconsciente, o no puede hablar
reason-here-now = Está aquí, después de mucho tiempo
reason-asked-elsewhere = Pregunta un hospital u otra clínica
reason-result = Un resultado o una carta por ver
reason-label = Motivo:
reason-empty = Diga por qué: una cifra, o unas palabras.
glass-view = VISTA DE URGENCIA hasta las { $time }. Los responsables leen quién la vio.
glass-chart = ABIERTA CON UN MOTIVO, no está en atención. Hasta las { $time }. Los responsables lo leen.
glass-over = Pasó la hora: lo que abrió el motivo está cerrado.
glass-closed = Una parte de esta historia puede estar cerrada para usted.
glass-not-here = La parte clínica no ha llegado a este equipo.
glass-not-asked = Alergias: no anotadas
glass-allergies = Alergias
glass-pregnant = EMBARAZADA: { $what }
glass-drugs = Medicamentos
glass-problems = Problemas
glass-contacts = A quién llamar
glass-none = nada anotado
reviews-key = Historias abiertas solo con un motivo
reviews-hint = abiertas con motivo
reviews-reviewed = Decir que usted lo vio
reviews-hint-reviewed = visto
reviews-title = Abiertas solo con un motivo: { $n }
reviews-none = Nada por ver.
reviews-wait = { $n ->
    [one] Una historia se abrió solo con un motivo: véala (8, luego v).
   *[other] { $n } historias se abrieron solo con un motivo: véalas (8, luego v).
}
reviews-words = Se usaron las palabras selladas: haga otras antes del { $day } (cairn user readmit).
reviews-done = Visto. Ya no está en la lista de ningún responsable.
reviews-view = vista de urgencia de
reviews-chart = historia de

# What of a chart somebody was let see
context-told = En la lista de quién pudo ver una historia
context-beyond-form = En un formulario de las pantallas de compartir
beyond-file = Archivo
beyond-go = Seguir con lo escrito
beyond-hint-go = seguir
beyond-not-written = No se puede escribir ahí. Nombre un archivo nuevo en una carpeta que exista.
told-key = Quién pudo ver esta historia
told-hint = quién la vio
told-title = Quién pudo ver esta historia: { $n }
told-gaps = Incompleto: una parte del registro falta o está cerrada.
told-print = Lo que se dice al paciente, en papel
told-print-key = Escribirlo en un archivo para el paciente
told-hint-print = imprimir para el paciente
told-what-file = Se escribe en un archivo de texto nuevo, para imprimirlo y darlo al paciente. La lista dirá después que se imprimió.
told-file-help = Un archivo nuevo, por ejemplo /media/stick/historia.txt.
told-printed = Escrito. Imprima el archivo, déselo al paciente y bórrelo después.
told-paper-title = Quién pudo ver la historia de { $who }
told-paper-known = { $clinic }, según este ordenador el { $day }
told-nobody = Nadie fuera de la atención de este paciente.
told-not-whole = Incompleto: { $why }
told-shared = Compartido
told-exported = Exportado a un archivo
told-print-made = Impreso
told-consent = Consentimiento
told-opened = Abierto con un motivo
told-to = a { $to }
told-why = Motivo: { $why }
told-by = Por { $by }.
told-somebody = alguien del centro

# Sharing what a consent agrees to
share-key = Compartir lo que permite el consentimiento elegido
share-hint = compartir
share-back-key = Retirar lo compartido
share-hint-back = retirar
share-said = Compartido hasta el último día acordado.
share-said-back = Retirado. No sale nada más.
share-not-made = No se compartió: el consentimiento o la tarjeta ha cambiado. Mire de nuevo.
share-choose = Elija el consentimiento según el cual compartir.
share-not-yet = Esto vale desde un día posterior. Compártalo entonces.
share-overruled = Lo que el paciente rechazó o retiró se opone. Anote lo que acepta ahora.
share-no-card = No se guarda aquí ninguna tarjeta de { $to }. Tómela primero: Ctrl-P, profesionales.
share-several-cards = Varios se llaman { $to }. Anote el consentimiento para una sola tarjeta.
share-not-sure = Nadie comprobó la tarjeta de { $to }. Compare sus palabras: Ctrl-P, profesionales.
share-newer-card = { $to } hizo una tarjeta más nueva. Anote el consentimiento para esa.
share-no-consent = El paciente no aceptó todo esto para la tarjeta de { $to }. Anote un consentimiento nuevo.
share-some-days = Esto vale solo para algunos días, y compartir abre todos. Imprímalos o expórtelos.
share-apart = Nada de esto se puede compartir entero; lo que se guarda aparte no se comparte.
share-already = Esto ya se comparte con { $to }.
share-nothing-to-take-back = No se comparte nada según este consentimiento.
share-over-already = Esto ya no se comparte.
share-back-title = ¿Retirar lo compartido con { $to }?
share-back-what = No sale nada más, y lo que se escriba tendrá otras claves.
share-back-holds = Lo que ya tienen se queda con ellos.
share-back-keep = Dejarlo compartido
share-back-do = Retirarlo
share-count = { $n ->
    [one] Compartido con una persona
   *[other] Compartido con { $n } personas
}
share-is-early = más tarde
share-is-live = compartido
share-is-over = terminado
share-is-revoked = retirado
share-card-not-kept = (tarjeta no guardada)
share-says = Compartido por { $by } el { $day }, para: { $purpose }.
consent-says-card = Al portador de una tarjeta, de { $clinic }.
consent-to-not-sure = { $clinic }, palabras no comparadas

# Providers of other clinics
context-providers = En la lista de profesionales de otros centros
context-providers-one = Allí, ante una tarjeta
context-providers-own = Allí, ante su propia tarjeta
providers-key = Profesionales de otros centros, y sus tarjetas
providers-hint = profesionales
providers-title = Profesionales de otros centros: { $n }
providers-none = No se guarda ninguna tarjeta. a toma una, o muestra la suya para darla.
providers-open = Mirar la tarjeta y sus palabras
providers-hint-open = mirar
providers-take-key = Tomar la tarjeta de un profesional
providers-hint-take = añadir tarjeta
providers-own-key = Su propia tarjeta, para darla a un profesional
providers-hint-own = su tarjeta
providers-phone-key = Las palabras se compararon por teléfono
providers-hint-phone = comparadas por teléfono
providers-room-key = Las palabras se compararon en persona
providers-hint-room = comparadas en persona
providers-give-key = Escribir su tarjeta en un archivo
providers-hint-give = escribir en un archivo
providers-take = La tarjeta de un profesional
providers-take-help = Un archivo; o pegue aquí el texto de la tarjeta.
providers-what-take = La suya es un texto pequeño en un mensaje o en una memoria. Nombre su archivo, o pegue el texto. No se comparte nada antes de comparar sus palabras.
providers-give = Su propia tarjeta
providers-give-help = Un archivo nuevo, por ejemplo /media/stick/mia.card.
providers-what-give = Envíe el archivo en un mensaje, o délo en una memoria. No es secreto.
providers-is-not-sure = palabras no comparadas
providers-is-phone = por teléfono
providers-is-room = en persona
providers-is-older = tarjeta antigua
providers-says-not-sure = Guardada por { $by } el { $day }. Nadie la comprobó: pida que le lean estas palabras, en persona o por teléfono.
providers-says-phone = { $by } comparó las palabras por teléfono el { $day }.
providers-says-room = { $by } comparó las palabras en persona el { $day }.
providers-says-older = Hicieron una tarjeta más nueva, que también se guarda.
providers-own-word = Los nombres y los cargos de una tarjeta son palabra de su portador.
providers-made = { $n ->
    [one] Hecha el { $day }, para un ordenador.
   *[other] Hecha el { $day }, para { $n } ordenadores.
}
providers-own-what = Quien toma esta tarjeta le lee estas palabras, en persona o por teléfono.
providers-sure-phone-title = ¿Le leyó { $name } estas palabras por teléfono?
providers-sure-room-title = ¿Le leyó { $name } estas palabras en persona?
providers-sure-what = Debe conocer a la persona, o su voz. El registro guarda que usted lo comprobó.
providers-sure-words = { $words }
providers-sure-not = Todavía no
providers-sure-phone = Sí, las mismas palabras, por teléfono
providers-sure-room = Sí, las mismas palabras, en persona
providers-sure-already = Alguien ya la comprobó.
providers-not-read = No se pudo leer ninguna tarjeta ahí. Pida el archivo o el mensaje tal como se hizo.
providers-own-clinic = Es una tarjeta de este centro; hace falta la de ellos.
providers-said-kept = Guardada. Pida ahora que le lean las palabras.
providers-said-sure = Anotado que las palabras se compararon.
providers-said-given = Escrita. No es secreta: envíela, o délo en una memoria.

# Meeting a provider in the room
context-meet = Antes y después de encontrarse con alguien de otro centro
context-meet-ask = Allí, en la pregunta si la tarjeta es suya
meet-key = Encontrarse en persona con alguien de otro centro
meet-hint = encuentro en persona
meet-show-key = Mostrar aquí ocho palabras
meet-hint-show = mostrar aquí
meet-type-key = Escribir las palabras del otro ordenador
meet-hint-type = escribir las suyas
meet-yes-key = Es la tarjeta de la persona presente
meet-hint-yes = es suya
meet-no-key = Es de otra persona
meet-hint-no = no lo es
meet-title = Encontrarse con alguien de otro centro
meet-what = Cada uno recibe la tarjeta del otro. Un ordenador muestra ocho palabras.
meet-show = w  Mostrar aquí las palabras y leerlas en voz alta
meet-type = t  Escribir las palabras que muestra el otro ordenador
meet-words-how = En el otro ordenador: máquinas (8), p, m, t, y estas palabras. Bastan las cuatro primeras letras de cada una.
meet-words-what = Como las muestra el otro ordenador; bastan cuatro letras de cada una.
meet-came = Llegó una tarjeta. ¿Es suya?
meet-check = Pulse y solo si es la persona presente. Entonces cada uno guarda la tarjeta del otro, comprobada en persona.
meet-waits = Esperando a que la otra persona diga sí a la suya …
meet-done = Guardada en ambos lados, comprobada en persona.
meet-declined = Uno de ustedes dijo que no. No se guardó ninguna tarjeta.
meet-torn = La conexión terminó demasiado pronto. No se guardó ninguna tarjeta aquí.
meet-crossed = El otro ordenador empareja una máquina nueva de su centro. Allí, elija en cambio el encuentro.
meet-same-clinic = El otro ordenador es de su propio centro: un colega no necesita tarjeta.
meet-again = w muestra palabras nuevas, t escribe las suyas.
# What providers of other clinics propose
context-proposals = Lo que proponen otros profesionales
context-proposals-one = Lo que proponen otros profesionales, al mirar una
context-proposals-why = Lo que proponen otros profesionales, al escribir un motivo
proposals-key = Lo que proponen profesionales de otros centros
proposals-hint = propuestas
proposals-here-key = Lo que proponen profesionales de otros centros para esta historia
proposals-open = Mirarla junto a la historia
proposals-hint-open = mirar
proposals-all-key = También lo decidido, o solo lo que espera
proposals-hint-all = también decididas
proposals-accept-key = Aceptar: tomarla en la historia
proposals-hint-accept = aceptar
proposals-decline-key = Rechazar, con un motivo que su autor leerá
proposals-hint-decline = rechazar
proposals-why-key = El motivo está escrito
proposals-hint-why = por eso
proposals-title = Propuesto por profesionales de otros centros, por decidir: { $n }
proposals-title-all = Propuesto por profesionales de otros centros: { $n }
proposals-none = Nada espera una decisión.
proposals-is-waiting = espera
proposals-is-doubtful = espera, dudosa
proposals-is-apart = ~ decidida de dos formas
proposals-is-accepted = aceptada
proposals-is-declined = rechazada
proposals-is-taken-back = retirada
proposals-by = Propuesto por { $name }, { $day }
proposals-stops = Lo impide: { $what }
proposals-allergies = Alergias anotadas ({ $n })
proposals-drugs = Medicamentos actuales ({ $n })
proposals-problems = Problemas ({ $n })
proposals-not-theirs = Alguien que no es { $name } escribió en ella.
proposals-does-not-count = Lo que { $name } escribió aquí no cuenta: está fuera del tiempo compartido, o después de retirarlo.
proposals-share-over = Lo que se compartía con { $name } terminó.
proposals-anyway-title = ¿Aceptarla de todos modos?
proposals-anyway = aceptarla
proposals-anyway-not = Dejarla abierta
proposals-why-decline = ¿Por qué se rechaza? Su autor lo leerá.
proposals-no-reason = Escriba un motivo en palabras; su autor lo leerá.
proposals-taken-back = Su autor la retiró.
proposals-was-accepted = Ya está aceptada.
proposals-was-declined = Ya está rechazada.
proposals-said-accepted = Aceptada: está en la historia, con su autor.
proposals-said-declined = Rechazada. Su autor leerá por qué.
proposals-not-taken = Esto cambió entretanto; mírelo otra vez.
proposals-accepted-on = Aceptada { $day }
proposals-declined-on = Rechazada { $day }
proposals-decided-on = Decidida { $day }
proposed-by = propuesto por { $name }, no aceptado
summary-proposed = Propuesto, no aceptado (o): { $what }
banner-proposed = (propuesto)

# What other clinics share
context-guests = En la lista de lo que otros centros comparten con usted
context-guests-read = Allí, ante una historia suya
guests-key = Lo que otros centros comparten con usted
guests-hint = compartido conmigo
guests-title = Compartido con usted por otros centros: { $n }
guests-none = No se comparte nada con usted. Un centro comparte con su tarjeta, si el paciente acepta.
guests-open = Leer la historia hasta donde se comparte
guests-hint-open = leer
guests-note-key = Escribir una nota de consulta para ese centro
guests-hint-note = escribir una nota
guests-drug-key = Proponer un medicamento a ese centro
guests-hint-drug = proponer un medicamento
guests-somebody = Alguien cuyo nombre no está aquí
guests-is-live = hasta el { $day }
guests-is-early = todavía no; hasta el { $day }
guests-is-over = terminado desde el { $day }
guests-is-revoked = retirado
guests-not-here-yet = Aún no ha llegado: llega cuando su ordenador se encuentra con el de ellos.
guests-not-yet = Esto no ha empezado.
guests-over = Esto ya no se comparte. Lo que leía aquí está cerrado; pida que lo compartan de nuevo.
guests-taken-back = Ese centro lo retiró. Pregúnteles; el paciente pudo cambiar de idea.
guests-banner = Solo lectura, hasta el { $day }: una historia de { $clinic }
guests-proposals = Lo que usted propuso
guests-results = Resultados
guests-waits = en espera
guests-accepted = aceptado
guests-declined = rechazado
guests-apart = decidido de dos maneras
guests-note = Una nota de consulta para ese centro
guests-drug = Un medicamento sobre el que ese centro decide
guests-what = Sale cuando su ordenador se encuentra con el de ellos. Un clínico de allí lo acepta o lo rechaza; su nombre queda. Esc muestra la historia y guarda lo escrito hasta que la cierre.
guests-note-help = En una línea, tan larga como haga falta. Al menos una de las tres.
guests-note-empty = escriba lo que halló, piensa o aconseja
guests-drug-stops = una alergia del paciente detiene este medicamento; si hace falta, diga por qué en una nota
guests-not-proposed = No se puede proponer: quizá ya no se comparte.
guests-said = Guardado. Sale cuando su ordenador se encuentra con el de ellos.
closed-key = Cerrar lo que escribe, o escribirlo abierto
closed-cannot = Aquí no se puede cerrar nada: no hay paciente abierto, o no está nombrado para ninguna categoría.
closed-said-closed = Lo que escriba desde ahora queda cerrado: { $category }.
closed-said-open = Lo que escriba desde ahora queda abierto.
closed-now = Lo que escribe queda CERRADO: { $category } (Ctrl-K).
closed-not-now = Lo que escribe queda abierto (Ctrl-K lo cierra).
closed-checks = Comprobaciones incompletas: una parte de esta historia está cerrada para usted.
