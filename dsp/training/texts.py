"""What people and machines say when they pick up, for the synthetic voices. Numbers are reserved ones, names
are common.

Both classes are spoken by the same voices: a synthetic sound must not give a call away.
"""

from __future__ import annotations

HELLOS: dict[str, tuple[str, ...]] = {
    "de": (
        "Hallo?",
        "Ja bitte?",
        "Ja, hallo?",
        "Müller.",
        "Schmidt, hallo?",
        "Guten Tag.",
        "Ja?",
        "Weber.",
        "Hallo, wer ist da?",
        "Becker, guten Tag.",
        "Moin.",
        "Grüß Gott.",
        "Hofmann, ja bitte?",
        "Praxis Wagner.",
        "Ja, Schulz hier.",
        "Am Apparat.",
        "Servus.",
        "Fischer?",
    ),
    "en": (
        "Hello?",
        "Hello.",
        "Yes?",
        "Hi.",
        "Hello, who is this?",
        "Hi there.",
        "Smith speaking.",
        "Good morning.",
        "Yes, hello?",
        "Speaking.",
        "Hey.",
        "Johnson residence.",
        "This is Anna.",
        "Yeah?",
        "Good afternoon, hello?",
    ),
    "fr": (
        "Allô ?",
        "Oui, allô ?",
        "Bonjour.",
        "Allô, oui ?",
        "Oui ?",
        "Martin, bonjour.",
        "Allô, qui est-ce ?",
    ),
    "es": ("¿Diga?", "¿Sí?", "¿Dígame?", "Hola.", "¿Quién es?", "Hola, ¿sí?", "Buenos días."),
    "it": ("Pronto?", "Sì, pronto?", "Pronto, chi parla?", "Sì?", "Buongiorno.", "Rossi."),
    "nl": ("Hallo?", "Met de Vries.", "Goedemorgen.", "Ja, hallo?", "Met Jan.", "Ja?"),
}

PHRASES: dict[str, tuple[str, ...]] = {
    "de": (
        "Müller, guten Tag, wer spricht denn da?",
        "Autohaus Berger, mein Name ist Klein, guten Tag.",
        "Ja hallo, hier ist Sabine, was kann ich für Sie tun?",
        "Hallo? Ich kann Sie kaum verstehen.",
        "Der ist im Moment leider nicht da, kann ich etwas ausrichten?",
        "Familie Schneider, wer ist am Apparat?",
        "Bäckerei Sommer, guten Morgen, Sie sprechen mit Petra.",
        "Ja, einen Moment bitte, ich hole ihn eben.",
    ),
    "en": (
        "Hello, this is Peter, how can I help you?",
        "Good morning, Baker and Sons, Mary speaking.",
        "He is not available at the moment, can I take a message?",
        "Hello? Hello, who am I speaking to?",
        "Yes hello, hang on a second please, I will get her.",
        "Green Street Garage, this is Tom speaking.",
        "I'm not available right now, could you call me later?",
        "Hi, yes, sorry, I was just on the other line.",
    ),
    "fr": (
        "Bonjour, cabinet Moreau, Julie à l'appareil.",
        "Allô oui bonjour, c'est de la part de qui ?",
        "Il n'est pas là pour le moment, vous voulez laisser un message ?",
    ),
    "es": (
        "Hola, buenos días, ¿con quién hablo?",
        "Taller García, dígame, ¿en qué puedo ayudarle?",
        "Ahora mismo no está, ¿quiere dejarle algún recado?",
    ),
    "it": (
        "Pronto, buongiorno, con chi parlo?",
        "Studio Bianchi, buongiorno, sono Laura.",
        "In questo momento non c'è, vuole lasciare un messaggio?",
    ),
    "nl": ("Goedemorgen, met Bakkerij Visser, waarmee kan ik u helpen?", "Hallo, met Anneke, wie spreek ik?"),
}

GREETINGS: dict[str, tuple[str, ...]] = {
    "de": (
        "Guten Tag. Sie sind verbunden mit dem Anschluss null drei null, zwei drei eins zwei fünf "
        "null null null. Leider bin ich im Moment nicht erreichbar. Bitte hinterlassen Sie eine "
        "Nachricht nach dem Signalton.",
        "Hallo, hier ist der Anrufbeantworter von Familie Müller. Wir sind gerade nicht zu Hause. "
        "Sprechen Sie bitte nach dem Ton, wir rufen zurück.",
        "Der gewünschte Gesprächspartner ist zur Zeit nicht erreichbar. Bitte versuchen Sie es "
        "später noch einmal.",
        "Willkommen bei der Mailbox. Der Teilnehmer kann Ihren Anruf im Moment nicht "
        "entgegennehmen. Sie können nach dem Signalton eine Nachricht hinterlassen.",
        "Herzlich willkommen beim Autohaus Berger. Alle unsere Mitarbeiter sind im Gespräch. "
        "Bitte haben Sie einen Augenblick Geduld.",
        "Hallo. Das ist die Mailbox von Thomas. Ich bin gerade unterwegs, sprich mir einfach etwas drauf.",
        "Sie rufen außerhalb unserer Geschäftszeiten an. Unser Büro ist montags bis freitags von "
        "neun bis siebzehn Uhr besetzt. Auf Wiederhören.",
        "Kein Anschluss unter dieser Nummer. Bitte rufen Sie die Auskunft an.",
    ),
    "en": (
        "Hello, you have reached the voicemail of Anna. I cannot take your call right now. Please "
        "leave a message after the tone and I will get back to you.",
        "Hi. This is Peter. Sorry I missed your call. Leave your name and number and I will call you back.",
        "Thank you for calling Green Street Garage. Our offices are closed at the moment. Our "
        "opening hours are Monday to Friday, nine to five.",
        "The person you are calling is not available. At the tone, please record your message.",
        "The number you have dialled has not been recognised. Please check the number and try again.",
        "Your call has been forwarded to an automatic voice message system. Zero one six three "
        "two, nine six zero, zero one two, is not available.",
        "Welcome to customer services. For sales, press one. For support, press two. To repeat, press nine.",
        "Hey, it's Maria's phone. I am probably busy, so please leave me a message and have a nice day.",
        "Hello, if you record your name and reason for calling, I will see if this person is available.",
    ),
    "fr": (
        "Bonjour, vous êtes bien sur le répondeur de Julie. Je ne suis pas disponible pour le "
        "moment. Laissez-moi un message après le bip sonore.",
        "Votre correspondant n'est pas disponible actuellement. Veuillez rappeler ultérieurement. Merci.",
        "Bienvenue au cabinet Moreau. Toutes nos lignes sont occupées, veuillez patienter quelques instants.",
    ),
    "es": (
        "Hola, este es el buzón de voz de Carlos. Ahora no puedo atenderle. Deje su mensaje "
        "después de la señal.",
        "El número marcado no existe. Por favor, compruebe el número y vuelva a llamar.",
        "Gracias por llamar al taller García. En este momento todas nuestras líneas están ocupadas.",
    ),
    "it": (
        "Risponde la segreteria telefonica di Laura. In questo momento non posso rispondere. "
        "Lasciate un messaggio dopo il segnale acustico.",
        "Il cliente da lei chiamato non è al momento raggiungibile. La preghiamo di richiamare più tardi.",
    ),
    "nl": (
        "U bent verbonden met de voicemail van Jan. Ik kan u op dit moment niet te woord staan. "
        "Spreek een bericht in na de piep.",
        "Het door u gekozen nummer is niet in gebruik. Controleer het nummer en probeer het opnieuw.",
    ),
}
