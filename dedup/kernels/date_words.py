"""Name the words that the slot guard takes for dates, in seven languages; `may` and `sat` too.

Both sides of an exchange must be of one class, so a word that is no date in its place does no harm
unless another one stands against it.
"""

from typing import Final

from dedup.kernels import constants

DATE_WORDS: Final = {
    constants.MONTH: (
        "january february march april may june july august september october november december "
        "jan feb mar apr jun jul aug sep sept oct nov dec "
        "januar februar märz mai juni juli oktober dezember jänner "
        "janvier février mars avril juin juillet août septembre octobre novembre décembre "
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre "
        "gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre "
        "janeiro fevereiro março maio junho julho setembro outubro novembro dezembro "
        "januari februari maart mei augustus"
    ),
    constants.WEEKDAY: (
        "monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun "
        "montag dienstag mittwoch donnerstag freitag samstag sonntag "
        "lundi mardi mercredi jeudi vendredi samedi dimanche "
        "lunes martes miércoles jueves viernes sábado domingo "
        "lunedì martedì mercoledì giovedì venerdì sabato domenica "
        "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag"
    ),
    constants.ORDINAL: "first second third fourth fifth sixth seventh eighth ninth tenth",
    constants.QUARTER: "q1 q2 q3 q4",
}
