"""The table of labels: a row for a language, `s` for what was seen in a published document.

`m` marks a plain translation, or wording that is only told of: a hint. `(s)` is an ending that may
lack, `{n}` a number, `{language}` the name of a language, `{number}` that of an urgent action,
`...` some words. Marks between words do not count, nor do capitals.
"""

__all__ = ["LABELS", "MUST_FOLLOW"]

LABELS = {
    "number": """
        en s: UA | UAA | Urgent Action | First UA | Third UA | Urgent Action type and number
        en m: Second UA | Fourth UA | Fifth UA | Sixth UA | Final UA | UA No | UA number
        en m: Urgent Action number | Urgent Action No
        fr s: AU | FI
        fr m: Première AU | Deuxième AU | Troisième AU | Quatrième AU | Action urgente
        es s: AU
        es m: Primera AU | Segunda AU | Tercera AU | Cuarta AU | Acción urgente
        de s: UA
        de m: UA-Nr | UA-Nummer | Erste UA | Zweite UA | Dritte UA | Eilaktion
    """,
    "update_of": """
        en s: Further information on UA | First update to UA | Final update to UA
        en s: Stop action on UA | Good news on UA | Correction on UA | and follow ups
        en m: Further information on Urgent Action | Update to UA
        en m: Second update to UA | Third update to UA | Fourth update to UA | FI
        en m: Stop action | Correction to UA | and follow-up
        fr s: FI | Action complémentaire sur l'AU | Seulement pour information
        fr m: Informations complémentaires sur l'AU | Complément d'information sur l'AU
        fr m: Information complémentaire sur l'AU | Mise à jour de l'AU | Fin de l'AU
        es m: FI | Más información sobre la AU | Más información sobre AU
        es m: Actualización de la AU | Fin de la AU | Corrección de la AU
        de s: FI
        de m: Weitere Informationen zu UA | Weitere Informationen zur UA | Stopp der UA
        de m: Nur zur Information
    """,
    "index": """
        en s: AI-Index | Index | Index number
        en m: Index No
        fr m: Index AI | Index
        es s: Índice | Índice AI
        es m: Número de índice
        de s: AI-Index
        de m: Index | Index-Nummer
    """,
    "issued": """
        en s: Publication date | Issued on | Issue date
        en m: Date of issue | Date | Published on | Issued | Active since
        fr s: Lancée le
        fr m: Date de publication | Date d'émission | Publiée le | Date | Active depuis le
        es s: Fecha de emisión
        es m: Fecha de publicación | Fecha | Activa desde
        de s: Aktiv seit
        de m: Datum | Veröffentlicht am | Ausgabedatum | Gestartet am
    """,
    "days_left": """
        en m: {n} days left | {n} day left | Valid for {n} more days | {n} days remaining
        fr s: Encore valable durant {n} jour(s)
        fr m: Encore {n} jour(s) | Encore valable pendant {n} jour(s)
        es m: Quedan {n} días | Válida durante {n} días más
        de s: Noch {n} Tage Laufzeit
        de m: Noch {n} Tag Laufzeit | Noch {n} Tage
    """,
    "ended": """
        en m: Closed action | Action closed | Ended on | Closed on | This action is closed
        fr s: Terminée le | Action terminée
        fr m: Action close | Clôturée le
        es m: Acción finalizada | Acción terminada | Finalizada el | Terminada el
        de s: Abgeschlossene Aktion
        de m: Aktion abgeschlossen | Aktion beendet | Abgeschlossen am | Beendet am
    """,
    "take_action": """
        en s: Take action | Please write immediately in | Recommended action(s)
        en m: Take action now | What you can do | Please write immediately
        en m: Take action: Write an appeal in your own words or use this model letter
        en m: Write an appeal in your own words or use this model letter
        en m: Write an appeal in your own words or use the model letter below
        fr m: Passez à l'action | Agissez | Agissez maintenant | Que faire
        fr m: Passez à l'action : envoyez un appel en utilisant vos propres mots ou en vous \
inspirant du modèle de lettre ci-dessous
        fr m: Envoyez un appel en utilisant vos propres mots ou en vous inspirant du modèle de \
lettre ci-dessous
        fr m: Actions recommandées | Action recommandée | Veuillez écrire sans attendre
        es s: Escribe inmediatamente, en español o en | Usa esta carta
        es m: Actúen | Actúa | Actúe | Escriban inmediatamente | Escribe inmediatamente
        es m: Actúen: redacten su propio llamamiento o utilicen la siguiente carta modelo
        es m: Redacten su propio llamamiento o utilicen la siguiente carta modelo
        es m: Acción recomendada | Acciones recomendadas
        de s: Bitte schreiben Sie
        de m: Bitte schreibt | Setzen Sie sich ein | Werden Sie aktiv | Handeln Sie
        de m: Empfohlene Aktion | Empfohlene Aktionen | Jetzt handeln
        de m: Setzen Sie sich ein: Schreiben Sie einen Appell in Ihren eigenen Worten oder \
verwenden Sie diesen Modellbrief
        de m: Schreiben Sie einen Appell in Ihren eigenen Worten oder verwenden Sie diesen \
Modellbrief
        de m: Schreiben Sie in Ihren eigenen Worten oder verwenden Sie diesen Modellbrief
    """,
    "deadline": """
        en s: Please take action before | Appeal deadline notice | This Urgent Action expires on
        en s: Please send appeals before
        en m: Please take action as soon as possible until | Please take action until
        en m: Please take action by | Please take action as soon as possible before | Take action by
        en m: Take action before | Please send appeals by | Please send appeals until | Deadline
        en m: Appeals deadline | Please take action no later than | No later than
        en m: This Urgent Action expires | Expires on | Take action as soon as possible until
        fr s: Envoyez vos appels avant le | Délai d'envoi
        fr m: Merci d'agir dès que possible avant le | Merci d'agir avant le
        fr m: Merci d'agir dès que possible d'ici le | Agissez avant le | Date limite | Délai
        fr m: Veuillez agir avant le | Dans les plus brefs délais et avant le | Au plus tard le
        fr m: Merci d'agir jusqu'au | Jusqu'au
        es s: Envía los llamamientos antes del | Enviar llamamiento(s) antes del
        es m: Actúen lo antes posible antes del | Actúen antes del | Envíen llamamientos antes del
        es m: Envíen los llamamientos antes del | Fecha límite | Actúen lo antes posible hasta el
        es m: Actúen lo antes posible y antes del
        de m: Aktiv werden bis zum | Bis spätestens
        de m: Bitte schreiben Sie bis zum | Abschlussdatum | Bitte schreiben Sie vor dem
        de m: Bitte werden Sie so schnell wie möglich aktiv bis zum | Bitte schreiben Sie so \
schnell wie möglich bis zum | Einsendeschluss | Frist | Bitte schreiben Sie möglichst bis zum
    """,
    "after_deadline": """
        en m: Check with the AIUSA Urgent Action office if sending appeals after
        en m: Please check with the Amnesty office in your country if you wish to send appeals \
after the deadline
        fr s: Vérifiez auprès de votre section s'il faut encore intervenir après la date indiquée \
ci-dessus
        fr m: Vérifiez auprès de votre section s'il faut encore intervenir après cette date
        es m: Consulten con la oficina de Amnistía en su país si desean enviar llamamientos \
después de la fecha límite
        de m: Bitte fragen Sie Ihre Sektion, wenn Sie nach diesem Datum noch schreiben möchten
    """,
    "language": """
        en s: Preferred language(s) | Preferred language(s) to address target(s)
        fr m: Langue(s) à privilégier | Langue(s) à utiliser de préférence
        fr m: Langue(s) préférée(s) | Langue(s) à privilégier pour s'adresser au destinataire
        fr m: Langue(s) préférée(s) pour s'adresser au destinataire
        es m: Idioma(s) preferido(s) | Idioma(s) preferido(s) para dirigirse al destinatario
        es m: Idioma(s) preferente(s) | Idioma(s) preferido(s) para dirigirse a los destinatarios
        es m: Idioma(s) preferido(s) para dirigirse a la persona destinataria
        de m: Bevorzugte Sprache | Bevorzugte Sprachen | Bevorzugte Sprache für die Anschrift
        de m: Bevorzugte Sprache für das Schreiben an die Zielperson
    """,
    "letter": """
        en s: Model letter | Model letter in {language} | Sample letter | Urgent Action letter
        en m: Sample letter in {language} | Template letter
        fr s: Lettre modèle | Modèle de lettre
        fr m: Lettre modèle en {language} | Modèle de lettre en {language} | Lettre type
        es s: Usa esta carta
        es m: Carta modelo | Modelo de carta | Carta modelo en {language}
        es m: Modelo de carta en {language}
        de s: Modellbrief
        de m: Musterbrief | Briefvorschlag | Modellbrief auf {language} | Modellbrief {language}
        de m: Musterbrief auf {language} | Modellbrief in {language} | Musterbrief {language}
        de m: Briefvorschlag auf {language}
    """,
    "appeals_to": """
        en s: Appeals to | Target's contact details & "copies to"
        en m: Appeal to | Send appeals to | Please send appeals to | Target(s) | Send your appeal to
        en m: Target's contact details
        fr s: Envoyez-là à
        fr m: Appels à | Envoyez-la à | Envoyez vos appels à | Envoyez vos appels avant le ... à
        es s: Envía los llamamientos ... a
        es m: Llamamientos a | Envía los llamamientos a | Envíen llamamientos a
        es m: Envíen los llamamientos ... a
        de m: Appelle an | Appell an | Schreiben Sie bitte an | Senden Sie Ihre Appelle an
    """,
    "copies_to": """
        en s: Copies to
        en s: Also send copies to diplomatic representatives accredited to your country
        en m: Copy to | And copies to | With copies to | Please also send copies to
        en m: Also send copies to | Cc
        fr s: Copie(s) à
        fr m: Copies aux | Copie au | Veuillez également envoyer des copies à
        fr m: Veuillez également adresser des copies aux représentants diplomatiques dans votre pays
        es s: Embajador en España
        es m: Copia(s) a | Con copia a | Embajada en España | Embajadora en España | Y copias a
        es m: Envíen también copias a la representación diplomática acreditada en su país
        de m: Kopie an | Kopien an | Senden Sie bitte eine Kopie an | Senden Sie bitte Kopien an
    """,
    "salutation": """
        en s: Salutation
        fr m: Formule d'appel
        es m: Tratamiento | Fórmula de tratamiento
        de m: Anrede
    """,
    "postage": """
        en m: Postage
        fr s: Port | Taxe postale
        fr m: Affranchissement
        es m: Franqueo
        de s: Porto
    """,
    "social": """
        en s: Social media guide | Twitter
        en m: Social media | Suggested tweet(s) | Sample tweet(s)
        en m: Suggested post(s) | Sample post(s)
        fr m: Réseaux sociaux | Médias sociaux | Guide pour les réseaux sociaux | Twitter
        es m: Redes sociales | Guía para redes sociales | Twitter
        de m: Social Media Guide | Soziale Medien | Social Media | Twitter
    """,
    "background": """
        en s: Background information (400 words + relevant links)
        en m: Additional information | Background information | Background
        fr m: Complément d'information | Informations complémentaires | Informations générales
        fr m: Contexte | Information complémentaire
        es s: Más información sobre el caso
        es m: Información complementaria | Información adicional | Información general
        es m: Contexto
        de m: Hintergrundinformation | Hintergrundinformationen | Hintergrund
        de m: Zusätzliche Informationen | Weitere Informationen
    """,
    "summary": """
        en s: Urgent Action summary
        en m: Summary
        fr m: Résumé | Résumé de l'action urgente
        es m: Resumen | Resumen de la acción urgente
        de m: Zusammenfassung | Sachlage
    """,
    "title": """
        en s: Urgent Action title
        fr m: Titre de l'action urgente
        es m: Título de la acción urgente
        de m: Titel der Urgent Action
    """,
    "previous": """
        en s: Link to previous UA
        en m: Link to previous UAs | Previous UA | Link to previous Urgent Action
        fr m: Lien vers l'AU précédente | Lien vers les AU précédentes | AU précédente
        es m: Enlace a la AU anterior | Enlace a AU anteriores | AU anterior
        de m: Link zur vorherigen UA | Link zur vorigen UA | Vorherige UA
    """,
    "pronoun": """
        en m: Name and pronoun(s) | Name and preferred pronoun(s) | Name and preffered pronoun(s)
        en m: Name, pronoun(s)
        fr m: Nom et pronom(s) à utiliser | Nom et pronom(s) | Nom et pronom(s) préféré(s)
        fr m: Nom et genre
        es m: Nombre y género | Nombre y pronombre(s) | Nombre y pronombre preferido
        es m: Nombre y género preferido | Nombre y género / pronombre preferido
        es m: Nombre y pronombres preferidos
        de m: Name und Pronomen | Name und bevorzugtes Pronomen | Namen und Pronomen
        de m: Name und bevorzugte Pronomen
    """,
    "counter": """
        en m: {n} letters sent | {n} letter sent
        fr s: {n} lettres envoyées
        fr m: {n} lettre envoyée
        es m: {n} cartas enviadas | {n} carta enviada
        de s: {n} Briefe verschickt
        de m: {n} Brief verschickt
    """,
    "report_back": """
        en s: Click here to let us know the actions you took on Urgent Action {number}
        en m: Click here to let us know the actions you took | Let us know the actions you took
    """,
    "delivery": """
        en s: Letter delivery to other countries - General info
        en m: Letter delivery to other countries | Letter delivery
        fr m: Envoi de lettres à l'étranger | Distribution des lettres à l'étranger
        de m: Briefzustellung ins Ausland | Briefpost ins Ausland
    """,
}

# What must follow a label of a kind where only a space parts the two, as a pattern; a label of one
# word whose kind is not here is never followed by a space alone.
_A_NUMBER = r"(?:n[°ºo.]+\s*|nr\.?\s*|no\.?\s*|\(?(?:UA|AU|FI)\s*:?\s*)?\d"
_A_DAY = r"(?:\w{1,12}[.,]?\s+){0,4}[\d\u0660-\u0669]"
MUST_FOLLOW = {
    "number": _A_NUMBER,
    "update_of": _A_NUMBER,
    "index": r"[A-Z]{3}[\s-]?\d{2}/",
    "issued": _A_DAY,
    "ended": _A_DAY,
    "postage": r"(?:fr|chf|eur|euros?|usd|gbp|[€$£])?\.?\s*\d",
    "social": r"[@#]\w|https?://",
    "previous": r"https?://",
}
