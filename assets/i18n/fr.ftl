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

## Touches

key-space = Espace
key-enter = Entrée
key-esc = Échap
key-tab = Tab
key-back-tab = Maj-Tab
key-backspace = Retour arrière
key-delete = Suppr
key-up = Haut
key-down = Bas
key-left = Gauche
key-right = Droite
key-word-left = Ctrl-Gauche
key-word-right = Ctrl-Droite
key-home = Début
key-end = Fin
key-page-up = PgPréc
key-page-down = PgSuiv
key-shift-f = Maj-F{ $n }
keys-palette-only = palette seulement
context-anywhere = Partout
context-outside = Partout, hors de la saisie de texte
context-list = Dans une liste
context-form = Dans un formulaire
context-text = Pendant la saisie de texte
context-find = Recherche, dans la zone de saisie
context-find-list = Recherche, dans la liste
context-register = Nouveau patient
context-register-alike = Nouveau patient, parmi les dossiers semblables
context-chart = Sur chaque page du dossier
context-summary = Résumé du dossier
context-vitals = Constantes, dans la ligne
context-vitals-table = Constantes, dans le tableau
context-vitals-menu = Constantes, menu d’une ligne
context-vitals-why = Constantes, dire pourquoi
context-note = Note de consultation
context-note-line = Note de consultation, dans les constantes
context-note-text = Note de consultation, dans une rubrique
context-note-offer = Note de consultation, devant une proposition
context-note-dx = Note de consultation, dans les diagnostics
context-note-sign = Note de consultation, avant de signer
context-notes = Consultations
context-notes-list = Consultations, dans la liste
context-notes-read = Consultations, en en lisant une
context-menu = Dans le menu d’une ligne
context-allergies = Allergies
context-allergies-none = Allergies, tant qu’aucune n’est notée
context-problems = Problèmes
context-drugs = Médicaments
context-drugs-list = Médicaments, dans la liste
context-drugs-stop = Médicaments, où une allergie arrête
context-immunizations = Vaccins
context-history = Historique
context-history-filter = Historique, dans le filtre
context-sheet = Dans la fiche d’une donnée
context-sync = Parmi les ordinateurs du centre
context-sync-place = Parmi les ordinateurs du centre, sur l’un d’eux
context-invite = Pendant l’appairage d’un ordinateur
context-invite-ask = Pendant l’appairage, à la question
context-invite-over = Après un appairage
context-bundle = Dans le formulaire d’un lot USB
context-commands = Aide et palette
context-messages = Messages
context-question = Devant une question
context-start = Premier démarrage
context-start-list = Premier démarrage, choix
context-start-form = Premier démarrage, le centre de santé
context-start-words = Premier démarrage, les mots de secours
context-start-back = Premier démarrage, les mots recopiés
context-start-join = Premier démarrage, rejoindre un centre
context-lock = Écran verrouillé
context-lock-who = Écran verrouillé, choix de la personne
context-lock-secret = Écran verrouillé, saisie
context-lock-pin = Écran verrouillé, le code PIN

## Rappels

hint-help = aide
hint-find = chercher/inscrire
hint-palette = commandes
hint-back = retour
hint-next = suivant
hint-previous = précédent
hint-list = liste
hint-repeat = comme le dernier
hint-open-chart = ouvrir le dossier
hint-new-patient = nouveau patient
hint-search = recherche
hint-save = enregistrer
hint-alike = déjà inscrit ?
hint-to-form = retour au formulaire
hint-use = prendre celui-ci
hint-add = ajouter
hint-change = modifier
hint-in-error = saisi par erreur
hint-run = exécuter
hint-close = fermer
hint-safe = la ligne marquée
hint-choose = choisir
hint-go-on = continuer
hint-suggest = prendre la suggestion
hint-written = ils sont sur papier
hint-make = créer le centre
hint-show-again = revoir les mots
hint-person = personne
hint-unlock = déverrouiller
hint-someone-else = quelqu’un d’autre
hint-passphrase = phrase secrète
hint-quit = quitter
hint-table = tableau
hint-type = saisir
hint-next-measure = mesure suivante
hint-actions = actions
hint-value-in-error = cette valeur
hint-row-in-error = toute la ligne
hint-mark = marquer
hint-vitals = constantes
hint-note = note
hint-sign = signer
hint-go-on-writing = continuer
hint-insert = insérer
hint-keep-text = garder le texte
hint-diagnoses = diagnostics
hint-as-before = comme avant
hint-take = prendre
hint-problem-list = liste des problèmes
hint-read = lire
hint-next-pane = volet suivant
hint-open = ouvrir
hint-older = plus ancienne
hint-newer = plus récente
hint-addendum = addendum

## Cadre

tab-find = Chercher
tab-chart = Dossier
tab-sync = Sync
tab-find-help = Aller à la recherche
tab-chart-help = Aller au dossier ouvert
tab-sync-help = Aller aux ordinateurs du centre
saved-here = Enregistré ici
saved-shared = Enregistré ici - tout est partagé
saved-to-send = Enregistré ici - { $n } à envoyer
saved-not-met = Enregistré ici - { $name } pas vu depuis { $day }
saved-not = NON ENREGISTRÉ - disque plein, F1
frame-help = Aide sur l’élément actif
frame-palette = Exécuter une commande par son nom
frame-messages = Revoir les messages
frame-finish = Terminer : enregistrer ou valider
frame-find = Chercher ou inscrire un patient
frame-lock = Verrouiller ; changer d’utilisateur
frame-next-pane = Volet suivant
frame-previous-pane = Volet précédent
frame-back = Fermer ou revenir d’un pas ; rien n’est perdu
frame-new = Nouveau, selon l’écran
frame-go-on = Reprendre ce qui est inachevé
frame-nothing-unfinished = Rien n’est inachevé.
frame-unfinished-here = Seul ce qui est à l’écran est inachevé.
frame-filter = Filtrer la liste
frame-undo = Annuler la dernière action
frame-redraw = Redessiner l’écran
frame-english = Langue : anglais (English)
frame-french = Langue : français
frame-spanish = Langue : espagnol (español)
frame-quit = Quitter
frame-interrupt = Arrêter ce qui est en cours
frame-how-to-quit = Ctrl-Q pour quitter.
frame-undo-hint = u annule
frame-locks-soon = Verrouillage dans { $n } s - une touche suffit
frame-nothing-here = Ce rôle travaille en ligne de commande.
go-no-patient = Aucun patient ouvert : F3 en cherche un.
go-vitals = Constantes et courbes
go-note = Écrire la note du jour
menu-title = Cette ligne
list-menu = Ce qu’on peut faire de cette ligne
frame-opening = Ouverture de la clinique …
frame-too-small = Agrandissez la fenêtre ({ $columns }x{ $rows })
help-title = Aide
help-prompt = Chercher :
palette-title = Commandes
palette-prompt = Commande :
commands-run = Exécuter la ligne marquée
overlay-close = Fermer
messages-title = Messages
messages-none = Aucun message pour l’instant.
question-safe = Choisir la ligne marquée, sans risque
question-leave = Quitter la question
quit-title = Quitter avec un travail inachevé ?
quit-draft = À l’écran : { $what }. C’est gardé en brouillon et sera proposé de nouveau.
quit-stay = Rester
quit-now = Quitter ; le brouillon est gardé
list-up = Monter
list-down = Descendre
list-page-up = Page précédente
list-page-down = Page suivante
list-first = Au début
list-last = À la fin
list-open = Ouvrir
text-backspace = Effacer le caractère précédent
text-delete = Effacer le caractère suivant
text-word-back = Effacer le mot précédent
text-left = À gauche
text-right = À droite
text-word-left = Un mot à gauche
text-word-right = Un mot à droite
text-home = Au début de la ligne
text-end = En fin de ligne
text-undo = Annuler
text-redo = Rétablir

## Bandeau du patient

banner-born = Né(e) { $date }
banner-number = N° { $number }
banner-allergy = ALLERGIE :
banner-more = +{ $n } autres (a)
banner-none-known = Allergies : aucune connue (demandé le { $day })
banner-not-asked = Allergies : non renseignées - demander (a)
banner-not-received = Allergies : pas encore reçues
banner-no-identity = Nom pas encore reçu
banner-weight = Pds { $value }
person-about = vers { $date }
sex-female = femme
sex-male = homme
sex-other = autre
sex-unknown = inconnu

## Formulaires

form-next = Champ suivant
form-accept = Valider et passer au champ suivant
form-previous = Champ précédent
form-list = Ouvrir la liste de ce champ
form-repeat = Comme pour le patient précédent
form-up = Monter, dans la liste ou le formulaire
form-down = Descendre, dans la liste ou le formulaire
form-page-up = Au premier champ
form-page-down = À ce qui peut attendre
form-needed = obligatoire
form-missing = Il manque quelque chose ; le curseur est sur le premier champ.
form-not-a-birth = ni une date ni un âge
form-not-a-day = ni un jour, ni un mois, ni une année
form-day-to-come = un jour qui n’est pas encore venu
form-not-coded = non codé
form-not-the-same = Les deux ne sont pas identiques.
form-one-of-the-letters = une des lettres
form-phone-none = ou - si aucun
form-pin-short = Un code PIN a six chiffres.
origin-last-patient = = patient précédent
origin-search = = de la recherche
origin-draft = = du brouillon
origin-series = = suite de la série

## Brouillons

draft-registration = nouveau patient
draft-vitals = constantes
draft-note = note
draft-addendum = addendum
draft-allergy = allergie
draft-problem = problème
draft-drug = prescription
draft-immunization = vaccin
draft-taken-up = Le brouillon est repris là où il en était.
draft-taken-up-of = Le brouillon pour { $whose } est repris là où il en était.
draft-whose = { $what } pour { $whose }
draft-unfinished =
    { $n ->
    [one] Inachevé : { $what } { $time } - Entrée pour continuer
   *[other] Inachevés ({ $n }) : { $what } { $time } - Entrée pour continuer
    }
draft-left = Gardé inachevé : { $what } - Ctrl-O pour continuer
draft-goes-on = Suite de : { $what }
draft-in-chart = Inachevé : { $what } { $time }, pas encore au dossier - { $key } continue

## Incidents

trouble-locked = Identifiez-vous d’abord.
trouble-role = Votre rôle ne le permet pas.
trouble-no-key = Votre rôle n’a pas la clé de cette partie.
trouble-closed = Rien d’enregistré : cette catégorie vous est fermée. Ctrl-K en choisit une autre.
trouble-standing = Cet utilisateur n’est plus autorisé ; voyez le responsable.
trouble-session-over = La session est terminée ; identifiez-vous à nouveau.
trouble-shut-out = Cet ordinateur a été retiré de la clinique. Demandez à un responsable : il peut revenir comme un nouveau.
trouble-no-reason = Ce patient n’est pas suivi en ce moment : dites pourquoi vous ouvrez le dossier.
trouble-never-closed = Ceci ne se ferme jamais : allergies, accords et identité restent lisibles.
trouble-disk-full = Le disque est plein : libérez de la place, puis enregistrez à nouveau.
trouble-read-only = Le dossier de données n’est pas modifiable : vérifiez les droits.
trouble-damaged = Une donnée enregistrée est endommagée : lancez `cairn verify`.
trouble-not-found = Introuvable sur cet ordinateur.
trouble-no-network = Le réseau est inutilisable sur cet ordinateur. L’adresse de --bind est-elle la sienne ?
trouble-internal = Défaut du programme ; ce qui est enregistré est sauf.

## Premier démarrage

start-title = Bienvenue
start-title-clinic = Un nouveau centre de santé
start-title-words = Écrivez ces 24 mots sur papier, deux fois
start-title-back = D’après votre papier
start-title-making = Un instant
start-create = Créer un centre de santé sur cet ordinateur
start-create-more = Environ cinq minutes, avec du papier et un stylo.
start-demo = Visiter le centre de démonstration
start-demo-more = Des patients inventés, pour tout essayer sans risque.
start-join = Rejoindre un centre qui est sur un autre ordinateur
start-join-more = Sa responsable y montre huit mots, valables dix minutes.
start-accept = Prendre la ligne marquée
start-choose = Prendre la ligne de ce numéro
start-go-on = Continuer
start-suggest = Prendre la phrase suggérée
start-written = Les mots sont sur papier
start-make = Créer le centre de santé
start-show-again = Revoir les mots
start-clinic = Centre de santé
start-clinic-help = Le nom du centre, tel qu’il figure à l’écran et sur les papiers.
start-name = Votre nom
start-name-help = Vous devenez responsable et ajoutez les autres personnes.
start-passphrase = Phrase secrète
start-passphrase-help = Cinq mots ou plus. Elle ouvre tout à la première connexion du jour.
start-passphrase-again = Phrase à nouveau
start-again-help = Retapez-la, pour qu’une faute de frappe ne vous bloque pas.
start-pin = Code PIN, 6 chiffres
start-pin-help = Pour changer vite de personne dans la journée.
start-pin-again = Code PIN à nouveau
start-strong = assez solide
start-weak = Cette phrase peut être devinée : ajoutez des mots.
start-weak-percent = encore trop faible, { $n } % du nécessaire
start-suggestion = Suggestion : { $words }
start-words-why = Ils sont le seul recours si tous les ordinateurs sont perdus, et ils ouvrent tout. Gardez les deux papiers dans deux endroits sûrs. Ils ne sont montrés que maintenant.
start-back-why = Tapez ces trois mots d’après votre papier, pour être sûrs qu’il est juste.
start-word-a = Mot { $n }
start-word-b = Mot { $n }
start-word-c = Mot { $n }
start-word-help = Le mot qui porte ce numéro sur votre papier.
start-wrong-word = Ce n’est pas le mot du papier.
start-making = Préparation en cours ; quelques secondes.

## Verrouillage et changement d’utilisateur

lock-started = Qui est au clavier ?
lock-asked = Verrouillé.
lock-joined = Cet ordinateur fait partie du centre. Entrez avec votre phrase secrète.
lock-idle = { $n ->
    [one] Verrouillé après 1 minute sans frappe.
   *[other] Verrouillé après { $n } minutes sans frappe.
}
lock-someone = quelqu’un d’autre
lock-someone-else = Quelqu’un qui n’est pas dans la liste
lock-other-up = Une autre personne : la ligne au-dessus
lock-other-down = Une autre personne : la ligne au-dessous
lock-choose = La personne de ce numéro
lock-accept = Valider la saisie
lock-back = Retour à la liste des personnes
lock-use-passphrase = La phrase secrète au lieu du code PIN
lock-name = Nom :
lock-pin = Code PIN de { $name } :
lock-passphrase = Phrase secrète de { $name } :
lock-new-pin = Choisissez un code PIN de 6 chiffres :
lock-new-pin-again = Le code PIN à nouveau :
lock-new-pin-what-for = Il vous rouvre cet ordinateur jusqu’à la fermeture de Cairn.
lock-pin-plain = Tout le monde essaie d’abord ce code : choisissez-en un autre.
lock-pin-wrong = { $n ->
    [one] Code PIN incorrect. Encore 1 essai, puis la phrase secrète.
   *[other] Code PIN incorrect. Encore { $n } essais, puis la phrase secrète.
}
lock-pin-spent = Code PIN toujours incorrect. La phrase secrète est nécessaire.
lock-wrong = Le nom ou la phrase secrète est incorrect.
lock-wrong-wait = Incorrect. Prochain essai dans { $n } s.
lock-waiting = Un instant …
lock-passphrase-first = D’abord la phrase secrète ; ensuite le code PIN suffit.
lock-kept = Votre travail est conservé là où vous l’avez laissé.
lock-unfinished = inachevé : { $what }, { $time }
role-owner = responsable
role-clinician = clinicien
role-nurse = infirmier
role-lab-pharmacy = labo/pharma
role-front-desk = accueil
role-auditor = auditeur
role-hub = relais
role-emergency = urgence

## Chercher ou inscrire

find-label = Chercher :
find-by = nom, numéro, téléphone, village
find-matches = { $n ->
    [one] { $n } dossier
   *[other] { $n } dossiers
}
find-recent = Vus récemment
find-searching = Recherche …
find-age = Âge
find-sex = Sx
find-village = Village
find-seen = Vu le
find-phone = Tél.
find-register = Inscrire un nouveau patient : { $name }
find-register-nobody = Inscrire un nouveau patient
find-sounds-like = (sonne pareil)
find-misspelt = (presque)
find-by-identifier = (autre numéro)
find-last-seen = Vu la dernière fois le { $day }
find-severe-allergy = ! Allergie grave au dossier
find-open = Ouvrir le dossier, ou inscrire
find-new = Inscrire un nouveau patient
find-to-list = De la zone de saisie à la liste
find-to-box = Retour à la zone de saisie

## Nouveau patient

details-change = Corriger les coordonnées de { $what }
details-said = { $who } : enregistré ici.
details-key = Corriger qui est le patient : nom, naissance, téléphone, village
hint-details = corriger
draft-details = coordonnées d’un patient
register-title = NOUVEAU PATIENT
register-not-saved = brouillon gardé, pas encore enregistré
register-saving = enregistrement …
register-needed = Obligatoire
register-can-wait = Peut attendre (PgSuiv)
register-family = Nom
register-family-help = Le nom de famille, en majuscules ou minuscules. Laissez vide pour un nom unique.
register-given = Prénom(s)
register-given-help = Les prénoms ; pour un nom unique, ce nom.
register-sex = Sexe
register-sex-help = Une lettre : f femme, m homme, o autre, u inconnu.
register-born = Naissance/âge
register-born-help = Une date (14 3 87, mars 87, 1987) ou un âge (38a, 8m, 3s). Un âge donne une date estimée.
register-village = Village
register-village-help = Les premières lettres suffisent ; hors liste, le texte est gardé tel quel.
register-phone = Téléphone
register-phone2 = Autre téléphone
register-phone-help = Comme on le compose, ou - si aucun.
register-kin = Proche
register-kin-help = Qui appeler s’il arrive quelque chose.
register-relation = Lien
register-relation-help = Le lien du proche avec le patient.
register-kin-phone = Son téléphone
register-other-id = Autre n°
register-other-id-help = Un numéro donné ailleurs : identité, assurance, carnet de vaccination.
register-language = Langue
register-language-help = La langue que le patient parle le mieux.
register-payer = Payeur
register-payer-help = Qui paie : le patient, une assurance, un programme.
register-save = Enregistrer le nouveau patient
register-saved = Enregistré sous le numéro { $number }.
register-needs-a-name = un nom ou un prénom
register-no-last = Aucun patient n’a été inscrit juste avant.
register-alike-title = Déjà inscrit ?
register-nobody-alike = Personne de semblable
register-alike-how = F6 puis 1-4 : prendre
register-alike-digit = 1-4 : prendre celui-ci
register-alike-by = semblable : { $what }
register-to-alike = Aux dossiers semblables
register-to-form = Retour au formulaire
register-use = Ouvrir ce dossier au lieu d’un nouveau
register-near-title = Est-ce la même personne ?
register-near = { $name }, { $number }, est très semblable.
register-near-open = Ouvrir { $name }
register-near-new = Enregistrer comme nouveau patient
register-near-back = Retour au formulaire
register-draft-title = Une inscription inachevée de { $time } est gardée
register-draft-take = La reprendre
register-draft-new = L’abandonner et commencer une nouvelle
alike-name = nom
alike-sex = sexe
alike-age = âge
alike-phone = téléphone
alike-village = village

## Pages du dossier

page-summary = Résumé
page-notes = Notes
page-vitals = Constantes
page-newer = Nouveau dans ce dossier, d’un autre ordinateur : Entrée l’affiche.
page-newer-short = Nouveau : Entrée l’affiche
page-came = Vient d’arriver d’un autre ordinateur.
page-newer-help = Afficher ce qu’un autre ordinateur a ajouté au dossier
page-allergies = Allergies
page-problems = Problèmes
page-drugs = Médic.
page-immunizations = Vaccins
page-history = Historique
page-summary-help = Aller au résumé
page-notes-help = Aux consultations et à leurs notes
page-allergies-help = Aller aux allergies
page-problems-help = Aller aux problèmes
page-drugs-help = Aux médicaments
page-immunizations-help = Aller aux vaccins
page-history-help = Qui a changé quoi

## Résumé du dossier

summary-problems = Problèmes ({ $n })
summary-drugs = Traitements en cours ({ $n })
summary-since = depuis { $date }
summary-part = { $shown } sur { $n }
summary-vitals = Constantes
summary-labs = Résultats ({ $n })
summary-visits = Consultations ({ $n })
summary-vaccines = Vaccins ({ $n })
summary-problems-short = Problèmes { $n }
summary-drugs-short = Médic. { $n }
summary-vitals-short = Constantes
summary-labs-short = Résultats { $n }
summary-visits-short = Consult. { $n }
summary-vaccines-short = Vaccins { $n }
summary-today = ce jour
summary-before = avant
summary-trend = courbe
summary-last-visit = Dernière consultation
summary-visit = Consultation choisie
summary-more = { $n ->
    [one] encore 1 ligne
   *[other] encore { $n } lignes
}
summary-damaged = { $n ->
    [one] 1 entrée de ce dossier est illisible. cairn verify la nomme.
   *[other] { $n } entrées de ce dossier sont illisibles. cairn verify les nomme.
}
summary-open = Ouvrir l’entrée choisie
summary-next = Au volet suivant
summary-previous = Au volet précédent
summary-across = Au volet d’à côté
summary-no-page = Cette entrée n’appartient à aucune consultation du dossier.
summary-closed = Cette partie du dossier est fermée à votre rôle.

## Constantes

vitals-title = Constantes et courbes
vitals-label = Const.
vitals-example = par exemple : bp 120/80 hr 72 t 37.1 w 64 spo2 98
vitals-none = Aucune mesure pour le moment.
vitals-no-curve = Aucun chiffre à tracer.
vitals-accept = Enregistrer la ligne
vitals-to-table = Aller au tableau
vitals-to-line = Revenir à la ligne
vitals-measure-after = La courbe de la mesure suivante
vitals-measure-before = La courbe de la mesure précédente
vitals-value-in-error = La valeur marquée est une erreur de saisie
vitals-row-in-error = Toutes les valeurs de cette ligne sont des erreurs de saisie
vitals-mark = Marquer comme erreur de saisie
vitals-why-ask = Erreur de saisie. Pourquoi ?
vitals-why-needed = Dites en quelques mots pourquoi c’est faux.
vitals-no-value = Cette ligne n’a pas de valeur pour cette mesure.
vitals-saved = { $n ->
    [one] 1 valeur enregistrée.
   *[other] { $n } valeurs enregistrées.
}
vitals-marked = { $n ->
    [one] 1 valeur marquée comme erreur de saisie.
   *[other] { $n } valeurs marquées comme erreurs de saisie.
}
vitals-taken-back = Annulé.
vitals-taken-back-why = annulé juste après l’enregistrement
vitals-not-known = { $text } : pas une constante
vitals-unfinished = { $text } : il manque une valeur pour { $vital }
vitals-not-a-value = { $text } : pas une valeur de { $vital }
vitals-wrong-unit = { $text } : pas une unité de { $vital }
vitals-outside = { $text } : { $vital } hors de { $range } - ajoutez ! si c’est réel
vitals-outside-or-unit = { $text } : { $vital } hors de { $range } - ajoutez { $unit } si c’est l’unité, ou ! si c’est réel
vitals-crossed = { $text } : la seconde pression n’est pas sous la première
vitals-twice = { $text } : { $vital } figure deux fois
vitals-too-long = C’est plus qu’une ligne ne contient : enregistrez d’abord une partie.
vitals-not-done = { $vital } non fait
vitals-not-done-why = { $vital } non fait : { $why }
vital-blood-pressure = TA
vital-systolic = Systol.
vital-diastolic = Diastol.
vital-heart-rate = Pouls
vital-temperature = Temp
vital-respiratory-rate = FR
vital-spo2 = SpO2
vital-weight = Poids
vital-height = Taille
vital-length = Long.
vital-head-circumference = PC
vital-muac = PB
vital-glucose = Glyc.
vital-pain = Douleur
vital-fundal-height = HU
vital-fetal-heart-rate = BCF
vital-responsiveness = AVPU
vital-bmi = IMC
## Listes du dossier

sheet-save = Enregistrer
sheet-saving = enregistrement …
sheet-kept = Non enregistré ; gardé en brouillon.
sheet-kept-line = Une fiche est restée inachevée : + pour la reprendre.
sheet-draft-title = Une fiche inachevée est gardée
sheet-draft-take = La reprendre
sheet-draft-drop = L’abandonner et passer à l’autre
sheet-taken-back = C’est annulé.
sheet-taken-back-why = annulé aussitôt
sheet-why = Motif
sheet-why-help = Reste dans l’historique, ne compte plus. Dites ce qui était faux.
sheet-in-error-key = Saisi par erreur : reste dans l’historique et ne compte plus
sheet-in-error = Saisi par erreur
sheet-is-in-error = C’est déjà marqué comme saisi par erreur.
sheet-said-in-error = { $what } : saisi par erreur.
sheet-not-there = Cette donnée n’est pas sur cet ordinateur.
sheet-because = { $what } : { $why }.
sheet-versions = ~ { $n } versions : { $values }.
sheet-also = { $machine } l’a aussi modifié. Votre version est gardée à côté.
sheet-said-second = Enregistré ici. Un autre ordinateur l’a aussi modifié : les deux restent, à comparer.
severity-mild = légère
severity-moderate = modérée
severity-severe = grave

## Allergies

allergy-add = Ajouter une allergie
allergy-change = Modifier l’allergie : { $what }
allergy-standing = L’allergie compte-t-elle encore : { $what } ?
allergy-in-error = Allergie saisie par erreur : { $what }
allergy-add-key = Ajouter une allergie
allergy-none-key = Demandé : aucune allergie connue
allergy-hint-none = demandé, aucune
allergy-change-key = Modifier l’allergie choisie
allergy-standing-key = L’allergie choisie ne compte plus, ou compte à nouveau
allergy-hint-standing = plus allergique
allergy-substance = Allergique à
allergy-substance-help = Premières lettres : pen, sulfa, œuf. Le reste est gardé tel quel.
allergy-reaction = Réaction
allergy-reaction-help = Premières lettres : ana, rash. Laissez vide si personne ne sait.
allergy-severity = Gravité
allergy-severity-help = m légère, o modérée, s grave : grave arrête une prescription.
allergy-risk = La prochaine fois
allergy-risk-help = Le danger à la prochaine exposition, si quelqu’un l’a évalué.
allergy-risk-low = risque faible
allergy-risk-high = risque élevé
allergy-since = Depuis
allergy-since-help = Un jour, un mois ou une année : 2019, mars 2019, t-2w.
allergy-counts = Elle est
allergy-counts-help = Résolue ou écartée, elle quitte le bandeau et les contrôles des médicaments.
allergy-counts-active = active
allergy-counts-resolved = résolue
allergy-counts-refuted = écartée
allergy-because = Parce que
allergy-because-help = Ce qui le montre : amoxicilline bien supportée en 2024 ; test négatif.
allergy-already = Cette substance est déjà notée.
allergy-resolved = Résolue, ne compte plus
allergy-refuted = Écartée, ne compte pas
allergy-high = Risque élevé
allergy-said-added = Allergie enregistrée : { $what }.
allergy-said-changed = Allergie modifiée : { $what }.
allergy-said-counts = Cette allergie compte : { $what }.
allergy-said-counts-not = Cette allergie ne compte plus : { $what }.
allergy-said-none = Noté : demandé ce jour, aucune allergie connue.
allergy-state-some = { $n ->
    [one] 1 allergie notée
   *[other] { $n } allergies notées
}
allergy-state-none = Aucune connue (demandé le { $day })
allergy-state-not-asked = Pas encore demandé. Demandez, puis : a pour ajouter, n si aucune n’est connue.
allergy-state-not-received = Pas encore reçu : un autre ordinateur en sait peut-être plus. Demandez.

## Problèmes

problem-add = Ajouter un problème
problem-change = Modifier : { $what }
problem-in-error = Saisi par erreur : { $what }
problem-add-key = Ajouter un problème
problem-change-key = Modifier le problème choisi
problem-over-key = Le problème choisi est résolu ce jour, ou de retour
problem-hint-over = résolu
problem-what = Problème
problem-what-help = Mots ou code (liste en anglais) : asthma, J45. Le reste est gardé.
problem-stands = Il est
problem-stands-help = a actif, i inactif (calme, peut revenir), r résolu.
problem-active = actif
problem-inactive = inactif
problem-resolved = résolu
problem-since = Depuis
problem-since-help = Un jour, un mois ou une année : 2021, mars 2021, t-2w.
problem-severity = Gravité
problem-severity-help = De la liste, ou avec vos mots.
problem-until = Jusqu’à
problem-until-help = Quand il a pris fin, le cas échéant.
problem-note = Note
problem-note-help = Autre chose, en une ligne.
problem-already = Ce problème est déjà sur la liste.
problem-none = Aucun problème n’est noté.
problem-refuted = recherché, non retrouvé
problem-at-visit = lors d’une visite
problem-recurrence = récidive
problem-remission = en rémission
problem-unconfirmed = non confirmé
problem-said-added = Ajouté : { $what }.
problem-said-changed = Modifié : { $what }.
problem-said-resolved = { $what } : résolu ce jour.
problem-said-active = { $what } : de nouveau actif.

## Note de consultation

note-title = Consultation { $time }
note-title-addendum = Addendum à une note signée
note-draft-kept = brouillon gardé { $time }
note-saving = enregistrement …
note-signing = signature …
note-why = Motif
note-found = Examen
note-dx = Diag.
note-plan = CAT
note-added = Ajout
note-vitals-help = Constantes dans n’importe quel ordre : bp 120/80 hr 72 t 37.1 w 64 spo2 98. Un ! derrière une valeur dit qu’elle est réelle. bp - refus dit que ce n’est pas fait, et pourquoi.
note-why-help = Le motif de consultation, dans les mots du patient. La première ligne figure dans la liste des consultations. Un point et des lettres proposent des phrases.
note-found-help = L’examen clinique. Un point et des lettres proposent des phrases, par exemple .chest.
note-dx-help = Les premières lettres d’un diagnostic ou un code. Entrée prend la première ligne ; ce qui n’est pas dans la liste est gardé tel quel.
note-plan-help = Ce qui est fait, donné et convenu, et quand revenir.
note-added-help = Ce qui est ajouté à la note signée. La note elle-même reste telle qu’elle a été signée.
note-sign-as = Signer : { $name } ?
note-sign-now = La signer
note-go-on = Continuer à écrire
note-sign = Enregistrer et signer
note-signed = Signé par { $name }, { $time }.
note-insert = Insérer la ligne marquée
note-keep-text = Garder le texte tel quel
note-next = Au blanc ou à la rubrique qui suit
note-previous = À la rubrique précédente
note-to-vitals = À la ligne des constantes
note-list = La liste des diagnostics : problèmes connus et récents d’abord
note-repeat = Copier cette rubrique de la dernière consultation
note-up = Vers le haut, dans le texte ou la rubrique précédente
note-down = Vers le bas, dans le texte ou la rubrique suivante
note-accept-line = Accepter la ligne et continuer
note-new-line = Une nouvelle ligne
note-take = Prendre le diagnostic marqué, ou continuer
note-toggle-list = Mettre le diagnostic dans la liste des problèmes, ou non
note-take-out = Choisir le dernier diagnostic ; encore : l’enlever (Ctrl-Z le remet)
note-from-list = (liste des problèmes)
note-to-list = -> liste des problèmes
note-not-coded = (non codé)
note-phrases = Phrases
note-choices = Choisir
note-blanks = { $n ->
    [one] 1 blanc à remplir : Tab y mène
   *[other] { $n } blancs à remplir : Tab y mène
}
note-blanks-left = { $n ->
    [one] Il reste 1 blanc ; remplissez-le, puis signez.
   *[other] Il reste { $n } blancs ; remplissez-les, puis signez.
}
note-dx-open = Un diagnostic est saisi et non pris : Entrée le prend.
note-empty = Rien à signer : écrivez le motif, l’examen ou la conduite à tenir.
note-also = { $machine } a aussi écrit dans cette note. Les deux textes sont gardés.
note-came = Quelqu’un d’autre y a aussi écrit : lisez la note, puis signez.
note-nothing-before = Aucune consultation précédente ne dit rien ici.
note-second-visit = La consultation du jour est terminée ; ceci en commence une deuxième.
note-other-patient = Un autre patient est ouvert. Le brouillon est gardé dans le bon dossier.

## Consultations passées

notes-title = Consultation { $n } sur { $of }, la plus récente d’abord
notes-none = Aucune consultation au dossier. F8 écrit la première note.
notes-read = Lire la consultation en entier
notes-older = La consultation précédente
notes-unconfirmed = Non confirmé : quelqu’un qui a été écarté y a écrit. À lire avec prudence.
notes-newer = La consultation suivante
notes-write = Ajouter à la note signée, ou continuer la vôtre qui n’est pas signée
notes-nothing-to-add = Ici, ni note signée à compléter ni note à vous à continuer.
notes-signed = Signé par { $name }, { $time }
notes-not-signed = Non signé. Écrit par { $name }, { $time }
notes-is-not-signed = non signé
notes-is-changed = version non signée
notes-changed = Version non signée : modifiée après la signature. { $name }
notes-someone = quelqu’un d’un autre centre
notes-goes-on = en cours
notes-imported = importé
notes-imported-of = importé, écrit par { $name }
notes-addendum = Addendum
notes-uses = utilise { $phrases }
notes-more = { $n ->
    [one] encore 1 ligne : Bas
   *[other] encore { $n } lignes : PgSuiv
}
notes-drugs = Médicam.
notes-vaccines = Vaccins
notes-procedures = Actes
notes-results = Résultats
notes-reports = C.-rendus
notes-papers = Documents

## Vaccins

vaccine-given = Noter une dose
vaccine-not-given = Un vaccin non administré
vaccine-change = Modifier : { $what }
vaccine-in-error = Saisi par erreur : { $what }
vaccine-given-key = Noter une dose
vaccine-hint-given = dose donnée
vaccine-not-given-key = Noter qu’un vaccin n’a pas été donné, et pourquoi
vaccine-hint-not-given = non donné
vaccine-change-key = Modifier la dose choisie
vaccine-what = Vaccin
vaccine-what-help = Premières lettres ou code CVX : bcg, penta, opv, mr, 198.
vaccine-dose = Dose n°
vaccine-dose-help = Quelle dose de la série : 1, 2, rappel.
vaccine-date = Date
vaccine-date-help = t = ce jour ; t-1, 14 3 87, mars 2019.
vaccine-lot = Lot
vaccine-lot-help = Tel qu’imprimé sur le flacon.
vaccine-expiry = Péremption
vaccine-expiry-help = Telle qu’imprimée sur le flacon.
vaccine-site = Site
vaccine-site-help = Où sur le corps ; de la liste ou avec vos mots.
vaccine-reaction = Réaction
vaccine-reaction-help = Ce qui s’est passé ensuite, le cas échéant.
vaccine-why-not = Pourquoi
vaccine-why-not-help = De la liste, ou avec vos mots.
vaccine-why-stock = rupture de stock
vaccine-why-ill = malade ce jour
vaccine-why-refused = refusé
vaccine-why-had = a eu la maladie
vaccine-why-contraindicated = contre-indiqué
site-left-thigh = cuisse gauche
site-right-thigh = cuisse droite
site-left-arm = bras gauche
site-right-arm = bras droit
site-mouth = par la bouche
vaccine-none = Aucun vaccin n’est noté.
vaccine-dose-number = dose { $n }
vaccine-was-not-given = Non donné
vaccine-says-lot = lot { $text }
vaccine-says-expiry = périme { $text }
vaccine-says-reaction = réaction : { $text }
vaccine-said-given = { $what } : dose notée.
vaccine-said-not-given = { $what } : non donné, c’est noté.
vaccine-said-changed = Modifié : { $what }.
vaccine-count = { $n ->
    [one] { $n } dose donnée
   *[other] { $n } doses données
}

## Historique

history-loading = Lecture …
history-filter-label = Filtre :
history-filter = Ne montrer que les lignes contenant des mots
history-hint-filter = filtrer
history-to-list = Du filtre à la liste
history-hint-list = à la liste
history-clear = Tout montrer à nouveau
history-hint-clear = tout montrer
history-nobody = (inconnu ici)
history-made = { $kind } : ajout
history-taken-out = { $old } → (rien)
history-others = N’est pas
history-yes = oui
history-no = non
history-confirmed = confirmé
history-drug = Médicament
history-visit-reason = Motif de visite
history-code = Nature
history-replaces = Remplace
history-remark = Remarque
history-clinical = État
history-verification = Certitude
history-intolerance = Intolérance
history-category = Catégorie
history-since = Depuis
history-until = Jusqu’à
history-severity = Gravité
history-on-list = Sur la liste
history-kind = Genre
history-status = Statut
history-dose = Dose
history-route = Voie
history-frequency = Fréquence
history-duration = Durée
history-as-needed = Si besoin
history-start = Début
history-end = Fin
history-quantity = Au total
history-reason = Motif
history-instructions = Consignes
history-overridden = Alerte écartée
history-visit = Visite
history-maker = Fabricant
history-when = Quand
history-value = Valeur
history-measure = Mesure
history-absent = Non mesuré
history-range = Valeurs usuelles
history-flag = Marque
history-method = Méthode
history-order = Demande
history-title = Titre
history-section = Rubrique
history-text = Texte
history-phrases = Phrases
history-signature = Signature
history-adds = Complète
history-class = Vu
history-diagnosis = Diagnostic
history-practitioner = Vu par
history-place = Lieu
history-outcome = Résultat
history-activity = Activité
history-results = Résultats
history-issued = Émis
history-conclusion = Conclusion
history-media = Type de fichier
history-file = Fichier
history-size = Taille
history-name = Nom
history-birth = Naissance
history-died = Décès
history-phone2 = Autre téléphone
history-district = District
history-address = Adresse
kind-person = Personne
kind-provider = Soignant
kind-allergy = Allergie
kind-no-known-allergies = Aucune allergie connue
kind-problem = Problème
kind-medication = Médicament
kind-immunization = Vaccin
kind-procedure = Acte
kind-plan = Plan de soins
kind-visit = Visite
kind-note = Note
kind-observation = Mesure
kind-report = Compte rendu
kind-document = Document
kind-import-run = Import
drug-on-hold = suspendu
drug-completed = terminé
drug-stopped = arrêté
drug-cancelled = jamais commencé
history-lines = { $n ->
    [one] { $n } ligne
   *[other] { $n } lignes
}

## Médicaments

drug-add = Prescrire
drug-told = Pris, venant d’ailleurs
drug-change = Modifier : { $what }
drug-stop = Arrêter ou suspendre : { $what }
drug-takes = Le patient prend-il { $what } ?
drug-in-error = { $what } : saisi par erreur
drug-add-key = Prescrire un médicament
drug-hint-add = prescrire
drug-open-key = Ouvrir le médicament choisi avec son historique
drug-hint-open = ouvrir
drug-told-key = Noter un médicament venant d’ailleurs
drug-hint-told = d’ailleurs
drug-change-key = Modifier la dose ou le motif du médicament choisi
drug-stop-key = Arrêter ou suspendre le médicament choisi
drug-hint-stop = arrêter
drug-takes-key = Demandé au patient : prend le médicament choisi, ou non
drug-hint-takes = le prend ?
drug-safe-key = Ne pas prescrire
drug-hint-safe = ne pas prescrire
drug-override-key = Prescrire quand même, avec le mot et un motif
drug-hint-override = prescrire en passant outre
drug-what = Médicament
drug-what-help = Premières lettres : amox, para, amlo 10. Autres mots gardés tels quels.
drug-dose = Dose
drug-dose-help = 1 tds x 5d, 5ml bd x 7d, 2 puff prn, 1 od ongoing. Mots après un ;
drug-for = Pour
drug-for-help = Pourquoi : F4 montre les problèmes ; ou dans vos mots.
drug-since = Depuis
drug-since-help = t est aujourd’hui ; t-2w, mar 2021, 2019.
drug-known = Su par
drug-known-help = Dans la liste, ou dans vos mots.
drug-known-patient = dit par le patient
drug-known-pack = vu sur la boîte
drug-known-papers = sur les papiers du patient
drug-known-hospital = lettre de l’hôpital
drug-stands = Il est
drug-stands-help = s arrêté, h suspendu, o terminé, n jamais commencé.
drug-ended = Depuis
drug-ended-help = t est aujourd’hui ; t-3, 14 11 25.
drug-taken = Le prend
drug-taken-help = t le prend, n ne le prend pas.
drug-taken-yes = le prend
drug-taken-no = ne le prend pas
drug-taken-why-help = Pourquoi pas ; ou comment il est vraiment pris.
drug-why = Motif
drug-why-help = Dans la liste, ou dans vos mots. Reste dans l’historique.
drug-why-harm = effets indésirables
drug-why-effect = sans effet
drug-why-needed = plus nécessaire
drug-why-replaced = remplacé par un autre
drug-why-wish = souhait du patient
drug-why-stock = rupture de stock
drug-none = Aucun médicament au dossier.
drug-count = Pris : { $n }, venant d’ailleurs : { $elsewhere }, plus pris : { $before }
drug-not-prescribing = Votre rôle ne prescrit pas ; t note ce que le patient prend d’ailleurs.
drug-elsewhere = D’ailleurs
drug-imported = D’un autre dossier
drug-overridden = Passé outre
drug-run-out = Cure jusqu’au { $day }
drug-prescribed = Prescrit le { $day } par { $name }
drug-recorded = Noté le { $day } par { $name }
drug-from = Depuis { $day }
drug-until = jusqu’au { $day }
drug-twice = Déjà pris : { $what }.
drug-twice-since = Déjà pris depuis { $day } : { $what }.
drug-allergic-same = Le patient est allergique : { $what }.
drug-allergic-group = { $drug } est du groupe { $group }.
drug-allergic-related = Des allergiques au groupe { $group } réagissent aussi : { $drug }.
drug-not-known = { $drug } n’est pas connu ici : comparez avec les allergies du dossier.
drug-allergy-not-known = L’allergie { $what } n’est pas connue ici : comparez avec { $drug }.
drug-allergy-source = Noté : { $what } - { $facts } ; par { $name }, { $day }.
drug-allergy-more = +{ $n } autres au dossier
drug-reaction-unknown = réaction inconnue
drug-stop-title = STOP : allergie au dossier
drug-stop-safe = Ne pas prescrire
drug-override-word = OUTREPASSER
drug-override-how = Pour continuer, tapez { $word } et un motif, puis F2 :
drug-override-no-word = Rien n’est prescrit : commencez par { $word } en majuscules.
drug-override-no-reason = Rien n’est prescrit : dites pourquoi après { $word }.
drug-remark-takes = le prend, demandé le { $day }
drug-remark-takes-not = ne le prend pas, demandé le { $day }
drug-said-added = { $what } : prescrit.
drug-said-told = { $what } : noté, venant d’ailleurs.
drug-said-changed = { $what } : modifié.
drug-said-stopped = { $what } : arrêté.
drug-said-on-hold = { $what } : suspendu.
drug-said-completed = { $what } : cure terminée.
drug-said-cancelled = { $what } : jamais commencé.
drug-said-takes = { $what } : le patient le prend.
drug-said-takes-not = { $what } : le patient ne le prend pas.
drug-said-not-prescribed = Pas prescrit. Prenez un autre médicament, ou Échap quitte la fiche.

## Doses

dose-apply = appliquer
dose-hourly = toutes les { $n } heures
dose-morning = le matin
dose-night = le soir
dose-weekly = une fois par semaine
dose-monthly = une fois par mois
dose-stat = une fois, maintenant
dose-when-needed = si besoin
dose-ongoing = en continu
dose-total = total { $n }
dose-not-read = ce n’est pas une dose : 1 tds x 5d
dose-lacks-amount = combien à la fois ?
dose-lacks-frequency = combien de fois ?
dose-as-told = Gardé dans ces mots.
dose-unknown = { $text } : pas dans une dose ; mots libres après un ;
dose-twice = { $text } : est là deux fois
dose-ambiguous = { $text } : jours ou fois par jour ? 5d ou tds
dose-outside = { $text } : plus que toute dose, ou rien
dose-too-long = Plus qu’une ligne ne contient.
route-mouth = par la bouche
route-muscle = dans le muscle
route-vein = dans la veine
route-under-skin = sous la peau
route-tongue = sous la langue
route-rectum = dans le rectum
route-vagina = dans le vagin
route-inhaled = inhalé
route-skin = sur la peau
route-eye = dans l’œil
route-ear = dans l’oreille
route-nose = dans le nez
dose-daily = { $n ->
    [1] une fois par jour
    [2] deux fois par jour
   *[other] { $n } fois par jour
}
dose-every-days = { $n ->
    [2] un jour sur deux
   *[other] tous les { $n } jours
}
dose-days = { $n ->
    [one] 1 jour
   *[other] { $n } jours
}
dose-weeks = { $n ->
    [one] 1 semaine
   *[other] { $n } semaines
}
dose-months = { $n ->
    [one] 1 mois
   *[other] { $n } mois
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
    [one] gélule
   *[other] gélules
}
noun-drop = { $n ->
    [one] goutte
   *[other] gouttes
}
noun-implant = { $n ->
    [one] implant
   *[other] implants
}
noun-patch = { $n ->
    [one] patch
   *[other] patchs
}
noun-pessary = { $n ->
    [one] ovule
   *[other] ovules
}
noun-puff = { $n ->
    [one] bouffée
   *[other] bouffées
}
noun-sachet = { $n ->
    [one] sachet
   *[other] sachets
}
noun-spray = { $n ->
    [one] pulvérisation
   *[other] pulvérisations
}
noun-suppository = { $n ->
    [one] suppositoire
   *[other] suppositoires
}
noun-tablet = { $n ->
    [one] comprimé
   *[other] comprimés
}
noun-teaspoon = { $n ->
    [one] cuillère à café
   *[other] cuillères à café
}
noun-unit = { $n ->
    [one] unité
   *[other] unités
}
noun-vial = { $n ->
    [one] flacon
   *[other] flacons
}

## Ordinateurs

sync-saved = Tout ce que vous avez saisi est enregistré sur cet ordinateur.
sync-alone = C’est le seul ordinateur du centre.
sync-to-compare = ~ { $n ->
    [one] Une chose attend
   *[other] { $n } choses attendent
} d’être comparées (r).
sync-shared = Tous les autres ordinateurs ont tout.
sync-waiting = { $n ->
    [one] 1 changement attend d’être partagé. Il part tout seul dès qu’un autre est proche.
   *[other] { $n } changements attendent d’être partagés. Ils partent tout seuls dès qu’un autre est proche.
}
sync-copying = Arrivent : { $n } changements, { $size } ; restent { $left }, environ { $more }. Vous pouvez déjà chercher.
sync-copying-shortly = Arrivent : { $n } sur { $all }. Vous pouvez déjà chercher.
sync-off = Cet ordinateur ne participe pas à l’échange : le réseau est inutilisable. Les lots USB marchent.
sync-place = Lieu
sync-met = Vu
sync-they-have = Ils ont
sync-we-have = Nous avons
sync-state = État
sync-here-name = { $name } (ici)
sync-this = Cet ordinateur
sync-here = ici
sync-met-now = maintenant
sync-met-never = jamais
sync-all-ours = tout
sync-all-theirs = tout
sync-behind = { $n } de moins
sync-not-known = inconnu
sync-both = Ils ont : { $they }. Nous avons : { $we }.
sync-in-step = à jour
sync-exchanging = échange
sync-exchanging-of = échange { $n } sur { $all }
sync-so-many-of = { $n } sur { $all }
sync-not-in-reach = hors de portée
sync-removed = retiré
sync-not-known-there = ne nous connaît pas
sync-disk = disque ici plein ou abîmé
sync-other-program = autre version
sync-unsound = incompréhensible
sync-copied = disque copié
sync-copied-what = Deux ordinateurs ont écrit en son nom (disque copié). Rien n’est perdu.
sync-machine-id = Identifiant { $id }
sync-last-address = Vu à { $where }
sync-own-address = Se trouve ici à { $where }
sync-no-address = Aucune adresse connue.
sync-last-bundle = Lot USB : dernier fait { $when } ({ $size })
sync-consent = Partagé avec accord
sync-consented = { $name }, { $clinic } : { $n ->
    [one] 1 patient
   *[other] { $n } patients
}
sync-consented-more = et { $n } de plus
size-kb = { $n } ko
size-mb = { $n } Mo
sync-all-in-step = Tous les ordinateurs sont à jour.
sync-sharing = Partage en cours avec tous ceux à portée.
sync-nobody-in-reach = Aucun autre ordinateur à portée. Cela partira tout seul.
sync-details = Regarder cet ordinateur
sync-hint-details = détails
sync-share = Partager maintenant avec tous ceux à portée
sync-hint-share = partager
sync-invite = Appairer un nouvel ordinateur
sync-hint-invite = appairer
sync-revoke = Retirer l’ordinateur du centre
sync-hint-revoke = retirer
sync-revoke-not-this = Un ordinateur en retire un autre, jamais lui-même.
sync-revoke-title = Retirer { $name } du centre ?
sync-revoke-what = Plus rien n’est échangé avec lui, et les nouvelles saisies ont de nouvelles clés. Il ne revient que par un nouvel appairage.
sync-revoke-holds = Ce qu’il contient déjà reste lisible pour qui l’a avec une phrase secrète.
sync-revoke-keep = Le garder
sync-revoke-do = Le retirer
sync-revoked = { $name } est retiré.

## Appairage

invite-title = Appairer un nouvel ordinateur
invite-opening = Tirage de huit mots …
invite-how = Sur le nouvel ordinateur, lancez Cairn, choisissez de rejoindre un centre et tapez ces mots. Les quatre premières lettres suffisent.
invite-address = Adresse de cet ordinateur : { $where }
invite-minutes = { $n ->
    [one] Encore valables 1 minute.
   *[other] Encore valables { $n } minutes.
}
invite-tries = { $n ->
    [one] 1 essai restant.
   *[other] { $n } essais.
}
invite-asks = { $name } connaît les mots. L’admettre ?
invite-card = Quelqu’un a tapé les mots sur cet ordinateur :
invite-card-id = Identifiant { $id }
invite-card-machine = Il reçoit tous les dossiers du centre, et chacun peut y entrer avec sa propre phrase secrète.
invite-card-mailbox = Il garde ce qui est scellé et le transmet. Personne ne peut y entrer ni y lire.
invite-card-check = Tapez y seulement si c’est l’ordinateur de la personne qui a les mots.
invite-let-in = Admettre l’ordinateur
invite-hint-let-in = admettre
invite-refuse = Ne pas l’admettre
invite-hint-refuse = refuser
invite-again = De nouveaux mots pour un autre ordinateur
invite-hint-again = nouveaux mots
invite-over = i tire de nouveaux mots. Rien n’a été partagé.
invite-enrolling = Admission de { $name } …
invite-in = { $name } est admis.
invite-done = { $name } fait partie du centre. Chacun y entre avec sa phrase secrète et peut chercher tout de suite.
invite-copy = Sa copie : { $n } changements envoyés, { $left } restants.
invite-in-step = Il a tout.
invite-by-itself = Les dossiers y vont tout seuls.
invite-too-many = De faux mots ont été essayés trois fois. Ces mots ne valent plus.
invite-expired = Personne n’a tapé les mots en dix minutes. Ils ne valent plus.
invite-declined = L’ordinateur n’a pas été admis.
invite-torn = La connexion s’est coupée avant l’admission.
invite-nonsense = L’autre ordinateur a dit quelque chose d’incompréhensible. Est-ce une autre version de Cairn ?
invite-crossed = L’autre ordinateur échange des cartes entre deux centres. Choisissez là-bas de rejoindre ce centre comme nouvel ordinateur.
invite-not-kept = L’ordinateur n’a pas pu garder ce qu’il a reçu. Son disque est-il plein ?
invite-unconfirmed = L’ordinateur a été admis mais n’a pas dit qu’il est prêt. Sinon, retirez-le du tableau et appairez-le de nouveau.
join-title = Rejoindre un centre
join-what = Sur un ordinateur du centre, la responsable ouvre Sync (8), tape i, et lit huit mots et une adresse.
join-words = Huit mots
join-words-help = Quatre lettres de chaque mot suffisent ; une espace entre les mots.
join-address = Son adresse
join-address-help = Comme elle y figure, par exemple 192.168.1.7:4433. Sur le même réseau elle peut rester vide.
join-name = Cet ordinateur est
join-name-help = Le nom que le centre lui donne, comme Accueil 2 ou Poste de la colline.
join-do = Rejoindre
join-hint-do = rejoindre
join-count = { $n ->
    [one] 1 mot est tapé ; il en faut huit.
   *[other] { $n } mots sont tapés ; il en faut huit.
}
join-unknown = Le mot { $n } n’est pas dans la liste : tapez-le comme il figure là-bas.
join-looking = Recherche de l’autre ordinateur …
join-asking = Les mots sont justes. La responsable est interrogée sur l’autre ordinateur : elle y tape y.
join-keeping = Enregistrement du nécessaire. Vous pourrez entrer dans un instant.
join-no-answer = Personne ne répond à ces mots. Comparez les mots et l’adresse avec l’autre écran ; les deux ordinateurs doivent être sur un même réseau.
join-no-address = Ce n’est pas une adresse : elle ressemble à 192.168.1.7:4433.
join-wrong-words = Ce ne sont pas les mots que montre l’autre ordinateur.
join-too-many = De faux mots ont été essayés trois fois. Il faut de nouveaux mots de l’autre ordinateur.
join-expired = Les mots ont plus de dix minutes. Il en faut de nouveaux de l’autre ordinateur.
join-declined = La responsable a dit non sur l’autre ordinateur.
join-torn = La connexion s’est coupée trop tôt. Rien n’a été gardé ici ; réessayez avec de nouveaux mots.
join-nonsense = L’autre ordinateur a dit quelque chose d’incompréhensible. Est-ce une autre version de Cairn ?
join-crossed = Cet ordinateur-là échange des cartes entre deux centres. Faites-y appairer un nouvel ordinateur, et tapez ses nouveaux mots.
join-not-kept = Cet ordinateur n’a pas pu garder ce qu’il a reçu. Le disque est-il plein ?
# À comparer
context-compare = En comparant deux versions
context-compare-decide = En comparant, pour qui peut décider
context-compare-both = En comparant, où les deux peuvent rester
context-compare-judge = En comparant ce qui ne compte pas encore
context-compare-write = En comparant, en écrivant la bonne réponse
context-to-compare = Dans la liste des faits à comparer
compare-keep-a = A est juste
compare-keep-b = B est juste
compare-keep-c = C est juste
compare-keep-d = D est juste
compare-hint-a = garder A
compare-hint-b = garder B
compare-write = Écrire la bonne réponse
compare-hint-write = écrire
compare-both = Garder les deux numéros
compare-hint-both = garder les deux
compare-adopt = Cela compte dès maintenant
compare-hint-adopt = adopter
compare-reject = Cela ne doit pas compter
compare-hint-reject = rejeter
compare-next = Le fait suivant à comparer
compare-hint-next = suivant
compare-history = Tout ce qui a changé dans le dossier
compare-hint-history = historique
compare-later = Décider plus tard
compare-hint-later = plus tard
compare-accept = Prendre ce qui est écrit
compare-record-key = Comparer les versions de la ligne choisie
compare-chart-key = Comparer ce qui a été noté deux fois dans ce dossier
compare-title = Comparer { $n } sur { $all }
compare-why = Deux personnes l’ont changé avant que leurs postes se voient. Les deux restent.
compare-why-unconfirmed = Son auteur avait été retiré et personne ne l’avait vu. C’est gardé.
compare-counts = Ce qui compte en attendant : { $value }
compare-counts-not = Cela ne compte pas tant que personne ne l’adopte. Une allergie ou un médicament avertit quand même.
compare-before = Avant les deux : { $value }
compare-shown = En attendant, le dossier montre : { $value }  ~ { $n } versions
compare-decided = Décidé. Le dossier montre : { $value }
compare-was-taken-back = Annulé. Le dossier montre : { $value }
compare-signed = Vous signez ce choix, il est partagé ; l’autre version reste dans l’historique.
compare-not-yours = Un clinicien décidera.
compare-right = Bonne réponse :
compare-empty = (rien)
compare-none = Il n’y a rien à comparer.
compare-gone = Décidé entre-temps, par quelqu’un d’autre.
compare-some-machine = (poste inconnu)
machine-number = Ordinateur { $n }
compare-no-value = Ce n’est pas une telle valeur. Écrivez-la comme sur la fiche.
compare-kept = Gardé : { $value }.
compare-kept-both = Les deux sont gardés : { $value } est le premier.
compare-adopted = Adopté : cela compte dès maintenant.
compare-rejected = Rejeté : ce qui était là avant compte.
compare-taken-back = Remis : { $value }.
compare-waits-again = Annulé : la décision est de nouveau ouverte.
compare-nothing-to-undo = Le dossier montrait déjà cela. Choisissez une autre lettre pour changer.
compare-nothing-here = Il n’y en a qu’une version.
compare-first = Ceci a deux versions. Comparez-les d’abord.
compare-in-chart = ~ { $n ->
    [one] un fait a
   *[other] { $n } faits ont
} deux versions à comparer ({ $key })
compare-in-chart-unconfirmed = ~ { $n } à comparer, dont { $unconfirmed } non confirmés ({ $key })
to-compare-open = Comparer les versions
to-compare-hint-open = comparer
to-compare-key = Ce que deux personnes ont noté chacune de son côté
to-compare-hint = comparer
to-compare-title = À comparer ({ $n })
to-compare-kept = rien n’est perdu ; les deux restent
to-compare-none = Rien n’attend d’être comparé.
twins-what = peut-être inscrite deux fois
twins-title = Est-ce une seule personne, inscrite deux fois ?
twins-stay = Les deux dossiers restent tels quels jusqu’à leur fusion.
twins-later = Décider plus tard
twins-apart = Ce sont deux personnes
twins-not-yours = Quelqu’un qui inscrit les patients décidera.
twins-told-apart = Ce sont deux personnes. u annule.
twins-taken-back = Annulé : peut-être la même personne.
twins-person = { $person }
trouble-not-taken = Ceci a changé entre-temps. Regardez à nouveau.
sheet-marked = ~ { $n } versions
sheet-unconfirmed = ~ non confirmé
sheet-unconfirmed-record = Non confirmé : qui l’a écrit a été exclu. Cela ne compte pas tant qu’un clinicien ne l’adopte.
sheet-unconfirmed-value = Non confirmé : { $field } { $value }.

## Lots USB

bundle-make = Faire un lot USB pour d’autres ordinateurs
bundle-hint-make = lot USB
bundle-take = Prendre un lot USB
bundle-hint-take = en prendre un
bundle-go = Commencer
bundle-hint-go = commencer
bundle-title-make = Faire un lot USB
bundle-title-take = Prendre un lot USB
bundle-what-make = Ce qui manque aux autres ordinateurs est écrit sur une clé, scellé pour eux : qui trouve la clé n’apprend rien.
bundle-what-take = Ce qui est venu sur une clé est pris. Le prendre deux fois ne change rien.
bundle-for = Pour (vide : tous)
bundle-for-help = L’ordinateur destinataire, ou rien pour tous les autres du centre.
bundle-folder = Dossier de la clé
bundle-folder-help = Où se trouve la clé, par exemple /media/cle ou E:\
bundle-file = Fichier ou dossier
bundle-file-help = Le lot, ou le dossier de la clé : chaque lot pour cet ordinateur est pris.
bundle-begins = Lecture de la clé … Laissez-la.
bundle-running = { $n } sur { $all } écrits. Laissez la clé.
bundle-taking = { $n } changements lus sur { $all }. Laissez la clé.
bundle-made = Écrit : { $n ->
    [one] 1 changement
   *[other] { $n } changements
}, { $size }, { $files ->
    [one] 1 fichier
   *[other] { $files } fichiers
}.
bundle-took = Fait par { $from }, { $when }. Nouveaux : { $n } ; déjà là : { $known }.
bundle-pull = Vous pouvez retirer la clé.
bundle-pull-made = Vous pouvez retirer la clé. Sur l’autre ordinateur, ouvrez Sync (8) et tapez t.
bundle-broken = Il finit trop tôt ou est abîmé. Ce qui précède est gardé ; reprenez-le ou faites-le refaire.
bundle-nothing = Il n’y a là aucun lot pour cet ordinateur.
bundle-no-such = Aucun ordinateur du centre ne porte ce nom.
bundle-not-made = Impossible d’écrire là. La clé est-elle en place, le dossier juste, et y a-t-il un autre ordinateur ?
bundle-not-taken = Lecture impossible. La clé est-elle en place, et est-ce un lot de ce centre ? Si elle a été retirée pendant l’écriture, faites refaire le lot.

paper-consent = Consentement au partage du dossier médical
paper-refusal = Refus du partage du dossier médical
paper-i-agree = J'accepte que ce qui est nommé ci-dessus soit remis à la personne ou à l'organisation nommée ci-dessus, dans ce but et jusqu'à ce jour, et qu'elle garde ce qui lui a été remis.
paper-i-refuse = Je refuse que ce qui est nommé ci-dessus soit remis à la personne ou à l'organisation nommée ci-dessus.
paper-withdraw = Je peux revenir là-dessus à tout moment, au centre de santé, sans donner de raison. Plus rien n'est remis à partir de là. Je suis soigné de la même façon, que j'accepte ou non.
paper-patient = Patient
paper-born = Né(e) le
paper-number = Numéro
paper-to = À
paper-everybody = tout le monde
paper-parts = Quoi
paper-all = tout le dossier
paper-span = Seulement ce qui date de
paper-purpose = Dans quel but
paper-from = À partir du
paper-until = Jusqu'au
paper-how = Comment
paper-by = Témoin ou tuteur
paper-printed = Imprimé le
paper-witness = Témoin
paper-guardian = Tuteur
paper-recorded-by = Pour le centre
paper-day = Date
consent-part-summary = résumé (problèmes, allergies, médicaments, vaccins)
consent-part-visits = visites et notes
consent-part-results = résultats de laboratoire
consent-for-treatment = traitement
consent-for-emergency = traitement en urgence
consent-for-payment = paiement des soins
consent-for-operations = qualité et contrôle des soins
consent-for-public-health = santé publique
consent-for-research = recherche
consent-for-patient = le patient l'a demandé
consent-how-written = par écrit
consent-how-verbal = de vive voix, devant un témoin
consent-how-guardian = par un tuteur
consent-is-given = donné
consent-is-refused = refusé
consent-is-withdrawn = retiré
kind-referral = Référence
history-letter = Lettre
history-question = Question
history-reply = Réponse
history-urgent = Urgent
kind-consent = Consentement
kind-outcome = décision sur une proposition
history-decision = Décision
history-withdrawal = Retrait
history-to = À qui
history-card = Carte de contact
history-parts = Parties
history-shared-from = Depuis le
history-shared-until = Jusqu'au
history-purpose = But
history-how = Comment
history-witness = Témoin, tuteur
history-sets-aside = Remplace

## Consent and sharing

context-consents = Consentement et partage
draft-consent = consentement
page-consents = Consentement
page-consents-help = Au consentement et au partage
form-not-one-day = pas un jour du calendrier
form-day-past = un jour déjà passé
consent-give = Le patient accepte
consent-refuse = Le patient refuse
consent-correct = Corriger : { $what }
consent-withdraw = Retirer : { $what }
consent-in-error = { $what } : saisi par erreur
consent-give-key = Le patient accepte le partage
consent-hint-give = accepte
consent-refuse-key = Le patient refuse le partage
consent-hint-refuse = refuse
consent-withdraw-key = Le patient retire le consentement marqué
consent-hint-withdraw = retirer
consent-correct-key = Remplacer ce qui a été mal noté
consent-hint-correct = corriger
consent-to = À qui
consent-to-help = La personne ou l’organisation ; F4 montre celles d’avant.
consent-refuse-to-help = La personne ou l’organisation ; vide pour tout le monde.
consent-parts = Quoi
consent-parts-help = Premières lettres et virgules, s, v, l ; ou restricted: et un nom.
consent-refuse-parts-help = Premières lettres et virgules ; vide pour tout le dossier.
consent-parts-wrong = pas une partie du dossier
consent-until = Jusqu’au
consent-until-help = Le dernier jour où cela vaut : t+1m, t+7, 30 6 26.
consent-until-wrong = cela finirait avant de commencer
consent-how = Comment
consent-how-help = W par écrit, V de vive voix, G par un tuteur.
consent-witness = Témoin, tuteur
consent-witness-help = Qui l’a entendu, ou le tuteur.
consent-witness-needed = quelqu’un l’a entendu, ou est le tuteur
consent-purpose = Dans quel but
consent-purpose-help = T soins, E urgence, P paiement, O qualité, H santé publique, R, A.
consent-since = Seulement depuis
consent-since-help = Seulement ce qui date de ce jour ou après ; vide pour tout.
consent-note = Remarque
consent-note-help = Ce qui a été dit d’autre.
consent-reason = Pourquoi
consent-reason-help = Avec les mots du patient ; peut rester vide. F2 continue.
consent-withdraw-title = Retirer ce qui a été donné à { $to } ?
consent-withdraw-what = Plus rien n’est partagé. Pour partager à nouveau, il faut un nouveau consentement.
consent-withdraw-holds = Ce qu’ils ont déjà leur reste.
consent-withdraw-keep = Garder le consentement
consent-withdraw-do = Le retirer
consent-withdrawn-already = Ceci a été retiré. Notez ce que le patient accepte maintenant.
consent-refused-already = C’est un refus. Si le patient accepte maintenant, notez-le.
consent-over-already = Ceci ne vaut plus.
consent-said-given = Noté : { $to } peut avoir ce qui est convenu.
consent-said-given-card = Noté : { $to } peut avoir ce qui est convenu. o le partage.
consent-said-refused = Refus noté.
consent-said-corrected = Corrigé : { $to }.
consent-said-withdrawn = Retiré : { $to }.
consent-none = Rien n’a été accepté ni refusé.
consent-everybody = tout le monde
consent-all = tout le dossier
consent-word-summary = résumé
consent-word-visits = visites
consent-word-results = laboratoire
consent-word-written = écrit
consent-word-verbal = vive voix
consent-word-guardian = tuteur
consent-is-not-yet = pas encore
consent-is-over = échu
consent-is-set-aside = remplacé
consent-is-overruled = écarté
consent-is-in-error = erreur
consent-says = Pour : { $purpose }, noté le { $day }.
consent-says-withdrawn = Retiré le { $day }
consent-says-witness = Témoin : { $name }.
consent-says-guardian = Tuteur : { $name }.
consent-says-since = Seulement depuis le { $day }.
consent-count = { $n ->
    [0] Consentement et partage : aucun consentement ne vaut
    [one] Consentement et partage : 1 consentement vaut
   *[other] Consentement et partage : { $n } consentements valent
}

## Ce qui s’ouvre avec un motif

hint-emergency = urgence
find-emergency = Ce qu’une urgence demande du dossier choisi, avec un motif
context-reason = Là où l’on dit pourquoi un dossier est ouvert
context-reviews = Dans la liste des dossiers ouverts avec un motif
reason-accept = Ouvrir pour le motif saisi
reason-title-view = VUE D’URGENCE
reason-title-chart = PAS SUIVI EN CE MOMENT : dites pourquoi vous ouvrez ce dossier
reason-what = Appuyez sur un chiffre, ou écrivez le motif puis Entrée. L’ouverture dure une heure. Le motif est noté avant tout affichage, et les responsables le lisent.
reason-danger = Vie en danger
reason-not-conscious = Inconscient, ou ne peut pas parler
reason-here-now = Présent, après une longue absence
reason-asked-elsewhere = Un hôpital ou un autre centre demande
reason-result = Un résultat ou un courrier à voir
reason-label = Motif :
reason-empty = Dites pourquoi : un chiffre, ou quelques mots.
glass-view = VUE D’URGENCE jusqu’à { $time }. Les responsables lisent qui l’a vue.
glass-chart = OUVERT AVEC UN MOTIF, pas suivi. Jusqu’à { $time }. Les responsables le lisent.
glass-over = L’heure est passée : ce que le motif avait ouvert est fermé.
glass-closed = Une partie de ce dossier peut vous être fermée.
glass-not-here = La partie clinique n’est pas arrivée sur cet ordinateur.
glass-not-asked = Allergies : non renseignées
glass-allergies = Allergies
glass-pregnant = ENCEINTE : { $what }
glass-drugs = Médicaments
glass-problems = Problèmes
glass-contacts = Qui appeler
glass-none = rien de noté
reviews-key = Dossiers ouverts avec un motif seul
reviews-hint = ouverts avec un motif
reviews-reviewed = Dire que vous l’avez vu
reviews-hint-reviewed = vu
reviews-title = Ouverts avec un motif seul : { $n }
reviews-none = Rien à voir.
reviews-wait = { $n ->
    [one] Un dossier a été ouvert avec un motif seul : voyez-le (8, puis v).
   *[other] { $n } dossiers ont été ouverts avec un motif seul : voyez-les (8, puis v).
}
reviews-words = Les mots scellés ont servi : faites-en de nouveaux avant { $day } (cairn user readmit).
reviews-done = Vu. Il n’est plus dans la liste d’aucun responsable.
reviews-view = vue d’urgence de
reviews-chart = dossier de

# What of a chart somebody was let see
context-told = Dans la liste de qui a pu voir un dossier
context-beyond-form = Dans un formulaire des écrans de partage
beyond-file = Fichier
beyond-go = Continuer avec ce qui est écrit
beyond-hint-go = continuer
beyond-not-written = Impossible d’écrire là. Nommez un nouveau fichier dans un dossier qui existe.
told-key = Qui a pu voir ce dossier
told-hint = qui l’a vu
told-title = Qui a pu voir ce dossier : { $n }
told-gaps = Incomplet : une partie du journal manque ou reste fermée.
told-print = Ce qui est dit au patient, sur papier
told-print-key = L’écrire dans un fichier pour le patient
told-hint-print = imprimer pour le patient
told-what-file = C’est écrit dans un nouveau fichier texte, à imprimer et à remettre au patient. La liste dira ensuite que ce fut imprimé.
told-file-help = Un nouveau fichier, par exemple /media/stick/dossier.txt.
told-printed = Écrit. Imprimez le fichier, remettez-le au patient, puis supprimez-le.
told-paper-title = Qui a pu voir le dossier de { $who }
told-paper-known = { $clinic }, selon cet ordinateur le { $day }
told-nobody = Personne en dehors des soins de ce patient.
told-not-whole = Incomplet : { $why }
told-shared = Partagé
told-exported = Exporté dans un fichier
told-print-made = Imprimé
told-consent = Consentement
told-opened = Ouvert avec un motif
told-to = à { $to }
told-why = Motif : { $why }
told-by = Par { $by }.
told-somebody = quelqu’un du centre

# Sharing what a consent agrees to
share-key = Partager ce que permet le consentement choisi
share-hint = partager
share-back-key = Retirer ce qui est partagé
share-hint-back = retirer
share-said = Partagé jusqu’au dernier jour convenu.
share-said-back = Retiré. Plus rien n’en part.
share-not-made = Rien n’a été partagé : le consentement ou la carte a changé. Regardez de nouveau.
share-choose = Choisissez le consentement selon lequel partager.
share-not-yet = Ceci vaut à partir d’un jour à venir. Partagez ce jour-là.
share-overruled = Ce que le patient a refusé ou retiré s’y oppose. Notez ce qu’il accepte maintenant.
share-no-card = Aucune carte de { $to } n’est gardée ici. Prenez-la d’abord : Ctrl-P, soignants.
share-several-cards = Plusieurs s’appellent { $to }. Notez le consentement pour une seule carte.
share-not-sure = Personne n’a vérifié la carte de { $to }. Comparez ses mots : Ctrl-P, soignants.
share-newer-card = { $to } a fait une carte plus récente. Notez le consentement pour celle-là.
share-no-consent = Le patient n’a pas accepté tout cela pour la carte de { $to }. Notez un nouveau consentement.
share-some-days = Ceci ne vaut que pour certains jours, et un partage ouvre tout. Imprimez ou exportez-les.
share-apart = Rien ici ne peut être partagé en entier ; ce qui est gardé à part ne l’est pas.
share-already = C’est déjà partagé avec { $to }.
share-nothing-to-take-back = Rien n’est partagé selon ce consentement.
share-over-already = Ce partage est fini.
share-back-title = Retirer ce qui est partagé avec { $to } ?
share-back-what = Plus rien n’en part, et ce qui sera écrit aura d’autres clés.
share-back-holds = Ce qu’ils ont déjà reste chez eux.
share-back-keep = Laisser partagé
share-back-do = Retirer
share-count = { $n ->
    [one] Partagé avec une personne
   *[other] Partagé avec { $n } personnes
}
share-is-early = plus tard
share-is-live = partagé
share-is-over = fini
share-is-revoked = retiré
share-card-not-kept = (carte non gardée)
share-says = Partagé par { $by } le { $day }, pour : { $purpose }.
consent-says-card = Au porteur d’une carte, de { $clinic }.
consent-to-not-sure = { $clinic }, mots non comparés

# Providers of other clinics
context-providers = Dans la liste des soignants d’autres centres
context-providers-one = Là, devant une carte
context-providers-own = Là, devant votre propre carte
providers-key = Soignants d’autres centres, et leurs cartes
providers-hint = soignants
providers-title = Soignants d’autres centres : { $n }
providers-none = Aucune carte gardée. a en prend une, o montre la vôtre à donner.
providers-open = Regarder la carte et ses mots
providers-hint-open = regarder
providers-take-key = Prendre la carte d’un soignant
providers-hint-take = ajouter une carte
providers-own-key = Votre propre carte, à donner à un soignant
providers-hint-own = votre carte
providers-phone-key = Les mots ont été comparés par téléphone
providers-hint-phone = comparés par téléphone
providers-room-key = Les mots ont été comparés dans la même pièce
providers-hint-room = comparés sur place
providers-give-key = Écrire votre carte dans un fichier
providers-hint-give = écrire dans un fichier
providers-take = La carte d’un soignant
providers-take-help = Un fichier ; ou collez ici le texte de la carte.
providers-what-take = La leur est un petit texte dans un message ou sur une clé. Nommez son fichier, ou collez le texte. Rien n’est partagé avant que ses mots aient été comparés.
providers-give = Votre propre carte
providers-give-help = Un nouveau fichier, par exemple /media/stick/ma.card.
providers-what-give = Envoyez le fichier par message, ou donnez-le sur une clé. Il n’est pas secret.
providers-is-not-sure = mots non comparés
providers-is-phone = par téléphone
providers-is-room = sur place
providers-is-older = carte ancienne
providers-says-not-sure = Gardée par { $by } le { $day }. Personne ne l’a vérifiée : faites-vous lire ces mots, sur place ou par téléphone.
providers-says-phone = { $by } a comparé les mots par téléphone le { $day }.
providers-says-room = { $by } a comparé les mots sur place le { $day }.
providers-says-older = Ils ont fait une carte plus récente, gardée aussi.
providers-own-word = Les noms et les rôles d’une carte sont la parole de son porteur.
providers-made = { $n ->
    [one] Faite le { $day }, pour un ordinateur.
   *[other] Faite le { $day }, pour { $n } ordinateurs.
}
providers-own-what = Qui prend cette carte vous relit ces mots, sur place ou par téléphone.
providers-sure-phone-title = { $name } vous a lu ces mots par téléphone ?
providers-sure-room-title = { $name } vous a lu ces mots sur place ?
providers-sure-what = Vous devez connaître la personne, ou sa voix. Le journal garde que vous l’avez vérifié.
providers-sure-words = { $words }
providers-sure-not = Pas encore
providers-sure-phone = Oui, les mêmes mots, par téléphone
providers-sure-room = Oui, les mêmes mots, sur place
providers-sure-already = Quelqu’un l’a déjà vérifiée.
providers-not-read = Aucune carte lisible là. Demandez le fichier ou le message tel qu’il fut fait.
providers-own-clinic = C’est une carte de ce centre ; il faut la leur.
providers-said-kept = Gardée. Faites-vous lire les mots maintenant.
providers-said-sure = Noté que les mots ont été comparés.
providers-said-given = Écrite. Elle n’est pas secrète : envoyez-la, ou donnez-la sur une clé.

# Meeting a provider in the room
context-meet = Avant et après une rencontre avec quelqu’un d’un autre centre
context-meet-ask = Là, à la question si la carte est la sienne
meet-key = Rencontrer sur place quelqu’un d’un autre centre
meet-hint = rencontre sur place
meet-show-key = Montrer huit mots ici
meet-hint-show = montrer ici
meet-type-key = Taper les mots de l’autre ordinateur
meet-hint-type = taper les leurs
meet-yes-key = C’est la carte de la personne présente
meet-hint-yes = c’est la sienne
meet-no-key = C’est celle de quelqu’un d’autre
meet-hint-no = ce ne l’est pas
meet-title = Rencontrer quelqu’un d’un autre centre
meet-what = Chacun reçoit la carte de l’autre. Un ordinateur montre huit mots.
meet-show = w  Montrer les mots ici, et les lire à haute voix
meet-type = t  Taper les mots que montre l’autre ordinateur
meet-words-how = Sur l’autre ordinateur : machines (8), p, m, t, et ces mots. Les quatre premières lettres de chacun suffisent.
meet-words-what = Tels que l’autre ordinateur les montre ; quatre lettres de chacun suffisent.
meet-came = Une carte est arrivée. Est-ce la sienne ?
meet-check = Tapez y seulement si c’est la personne présente. Chacun garde alors la carte de l’autre, vérifiée sur place.
meet-waits = On attend que l’autre personne dise oui à la vôtre …
meet-done = Gardée des deux côtés, vérifiée sur place.
meet-declined = L’un de vous a dit non. Aucune carte gardée.
meet-torn = La connexion s’est terminée trop tôt. Aucune carte gardée ici.
meet-crossed = L’autre ordinateur appaire une nouvelle machine de son centre. Là-bas, choisissez plutôt la rencontre.
meet-same-clinic = L’autre ordinateur est de votre centre : un collègue n’a pas besoin de carte.
meet-again = w montre de nouveaux mots, t tape les leurs.
# What providers of other clinics propose
context-proposals = Ce que des soignants proposent
context-proposals-one = Ce que des soignants proposent, quand on en regarde une
context-proposals-why = Ce que des soignants proposent, quand on écrit une raison
proposals-key = Ce que des soignants d’autres centres proposent
proposals-hint = propositions
proposals-here-key = Ce que des soignants d’autres centres proposent pour ce dossier
proposals-open = La regarder à côté du dossier
proposals-hint-open = regarder
proposals-all-key = Aussi ce qui est décidé, ou seulement ce qui attend
proposals-hint-all = décidées aussi
proposals-accept-key = Accepter : la reprendre dans le dossier
proposals-hint-accept = accepter
proposals-decline-key = Refuser, avec une raison que son auteur lira
proposals-hint-decline = refuser
proposals-why-key = La raison est écrite
proposals-hint-why = c’est pourquoi
proposals-title = Proposé par des soignants d’autres centres, à décider : { $n }
proposals-title-all = Proposé par des soignants d’autres centres : { $n }
proposals-none = Rien n’attend de décision.
proposals-is-waiting = attend
proposals-is-doubtful = attend, douteuse
proposals-is-apart = ~ décidée de deux façons
proposals-is-accepted = acceptée
proposals-is-declined = refusée
proposals-is-taken-back = retirée
proposals-by = Proposé par { $name }, { $day }
proposals-stops = L’interdit : { $what }
proposals-allergies = Allergies notées ({ $n })
proposals-drugs = Médicaments pris ({ $n })
proposals-problems = Problèmes ({ $n })
proposals-not-theirs = Quelqu’un d’autre que { $name } y a écrit.
proposals-does-not-count = Ce que { $name } a écrit ici ne compte pas : c’est hors du temps du partage, ou après sa reprise.
proposals-share-over = Ce qui était partagé avec { $name } est terminé.
proposals-anyway-title = L’accepter quand même ?
proposals-anyway = l’accepter
proposals-anyway-not = La laisser ouverte
proposals-why-decline = Pourquoi est-elle refusée ? Son auteur le lira.
proposals-no-reason = Écrivez une raison en mots ; son auteur la lira.
proposals-taken-back = Son auteur l’a retirée.
proposals-was-accepted = Elle est déjà acceptée.
proposals-was-declined = Elle est déjà refusée.
proposals-said-accepted = Acceptée : elle est dans le dossier, avec son auteur.
proposals-said-declined = Refusée. Son auteur lira pourquoi.
proposals-not-taken = Cela a changé entre-temps ; regardez encore une fois.
proposals-accepted-on = Acceptée { $day }
proposals-declined-on = Refusée { $day }
proposals-decided-on = Décidée { $day }
proposed-by = proposé par { $name }, pas accepté
summary-proposed = Proposé, pas accepté (o) : { $what }
banner-proposed = (proposé)

# What other clinics share
context-guests = Dans la liste de ce que d’autres centres partagent avec vous
context-guests-read = Là, devant un dossier à eux
guests-key = Ce que d’autres centres partagent avec vous
guests-hint = partagé avec moi
guests-title = Partagé avec vous par d’autres centres : { $n }
guests-none = Rien n’est partagé avec vous. Un centre partage avec votre carte, si le patient l’accepte.
guests-open = Lire le dossier, autant qu’il est partagé
guests-hint-open = lire
guests-note-key = Écrire une note de consultation pour ce centre
guests-hint-note = écrire une note
guests-drug-key = Proposer un médicament à ce centre
guests-hint-drug = proposer un médicament
guests-somebody = Quelqu’un dont le nom n’est pas ici
guests-is-live = jusqu’au { $day }
guests-is-early = pas encore ; jusqu’au { $day }
guests-is-over = fini depuis le { $day }
guests-is-revoked = retiré
guests-not-here-yet = Ce n’est pas encore arrivé : cela vient quand votre ordinateur rencontre le leur.
guests-not-yet = Ce partage n’a pas commencé.
guests-over = Ce partage est fini. Ce que vous lisiez ici est fermé ; demandez un nouveau partage.
guests-taken-back = Ce centre a retiré le partage. Demandez-leur ; le patient a pu se raviser.
guests-banner = Lecture seule, jusqu’au { $day } : un dossier de { $clinic }
guests-proposals = Ce que vous avez proposé
guests-results = Résultats
guests-waits = en attente
guests-accepted = accepté
guests-declined = refusé
guests-apart = décidé de deux façons
guests-note = Une note de consultation pour ce centre
guests-drug = Un médicament dont ce centre décide
guests-what = Cela part quand votre ordinateur rencontre le leur. Un clinicien de là-bas accepte ou refuse ; votre nom y reste. Échap montre le dossier et garde ce que vous avez écrit jusqu’à sa fermeture.
guests-note-help = Sur une ligne, aussi longue qu’il faut. Au moins une des trois.
guests-note-empty = écrivez ce que vous trouvez, pensez ou conseillez
guests-drug-stops = une allergie du patient arrête ce médicament ; s’il le faut, dites pourquoi dans une note
guests-not-proposed = Impossible de le proposer : le partage est peut-être fini.
guests-said = Gardé. Cela part quand votre ordinateur rencontre le leur.
closed-key = Fermer ce que vous écrivez, ou l’écrire ouvert
closed-cannot = Rien ne peut être fermé ici : aucun patient n’est ouvert, ou aucune catégorie ne vous est confiée.
closed-said-closed = Ce que vous écrivez désormais est fermé : { $category }.
closed-said-open = Ce que vous écrivez désormais est ouvert.
closed-now = Ce que vous écrivez est FERMÉ : { $category } (Ctrl-K).
closed-not-now = Ce que vous écrivez est ouvert (Ctrl-K le ferme).
closed-checks = Vérifications incomplètes : une partie de ce dossier vous est fermée.
