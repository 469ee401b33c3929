/** Data: context words per kind in seven languages (the field's own labels on forms and in chats), one bit per kind. */

/** Kinds of context. */
export const CONTEXT = {
  phone: 1 << 0,
  ssn: 1 << 1,
  card: 1 << 2,
  cvv: 1 << 3,
  expiry: 1 << 4,
  pin: 1 << 5,
  service: 1 << 6,
  account: 1 << 7,
  routing: 1 << 8,
  passport: 1 << 9,
  licence: 1 << 10,
  record: 1 << 11,
  npi: 1 << 12,
  dea: 1 << 13,
  plan: 1 << 14,
  medicare: 1 << 15,
  employee: 1 << 16,
  bic: 1 << 17,
  birth: 1 << 18,
  vehicle: 1 << 19,
  plate: 1 << 20,
  device: 1 << 21,
  zip: 1 << 22,
  tax: 1 << 23,
  id: 1 << 24,
  secret: 1 << 25,
  wallet: 1 << 26,
  version: 1 << 27,
  order: 1 << 28,
  date: 1 << 29,
  network: 1 << 30,
  biometric: 1 << 31,
} as const;

const WORDS: Readonly<Record<keyof typeof CONTEXT, string>> = {
  phone:
    "phone phones telephone tel tele cell cellphone mobile call calling dial fax text sms whatsapp hotline landline contact reach ring messages message registered telefon telefonnummer handy handynummer mobil rufnummer anrufen rückruf erreichbar téléphone portable appeler appelez joindre teléfono telefono móvil celular llamar llámame llame cellulare chiamare chiamami telefone celular telemóvel ligar ligue telefoon telefoonnummer mobiel bellen gsm numaram",
  ssn: "ssn ssns socialsecurity social",
  card: "card cards visa mastercard amex maestro discover kreditkarte kartennummer karte carte tarjeta carta cartão cartao creditcard kaart creditcardnummer pan cc",
  cvv: "cvv cvc cvv2 cvc2 cid csc prüfziffer sicherheitscode cryptogramme",
  expiry: "exp expiry expires expire expiration expiring gültig ablaufdatum expire expira caduca caducidad vencimiento scadenza validade vervaldatum valid thru",
  pin: "pin pincode pins",
  service: "service",
  account:
    "account accounts acct acc konto kontonummer compte cuenta conto conta rekening rekeningnummer checking savings",
  routing: "routing aba rtn transit",
  passport: "passport passports reisepass pass passeport pasaporte passaporto passaporte paspoort",
  licence: "license licence licenses dl driver drivers driver's führerschein permis licencia patente carta rijbewijs",
  record: "mrn medical record records chart patient hospital patientennummer krankenakte dossier historia",
  npi: "npi provider",
  dea: "dea",
  plan: "member subscriber policy plan insurance insured beneficiary group health versicherungsnummer assurance seguro assicurazione polis",
  medicare: "medicare mbi hicn medicaid",
  employee: "employee staff badge emp personnel personalnummer mitarbeiter matricule empleado dipendente funcionário medewerker worker",
  bic: "bic swift",
  birth:
    "birth dob born birthday birthdate d.o.b geburtsdatum geboren geb geburtstag naissance né née nacimiento nacido nacida nascita nato nata nascimento nascido nascida geboortedatum",
  vehicle: "vin vehicle chassis car fahrgestellnummer",
  plate: "plate plates registration kennzeichen matrícula immatriculation targa kenteken tag",
  device: "imei meid serial device udid imsi iccid handset",
  zip: "zip zipcode postcode postal plz postleitzahl cap cep postcodes",
  tax: "itin tin taxpayer tax",
  id: "id ids identifier identification number no nr num numéro número numero nummer code ref reference case customer client user kundennummer",
  secret: "secret token key apikey api password passwd pwd passphrase credential credentials bearer auth passwort kennwort contraseña senha wachtwoord",
  wallet: "wallet bitcoin btc ethereum eth crypto address litecoin",
  version: "version versions ver release section sections act chapter figure table page line item step",
  order: "order invoice ticket sku isbn article product total amount price quantity bestellung rechnung",
  date: "date dated on since until by due datum fecha data am le el",
  biometric: "fingerprint biometric biometrics retina iris voiceprint faceprint palmprint",
  network: "ip ipv ipv4 ipv6 host server subnet gateway mac router client_ip address",
};

/** Context word in lower case to the kinds it speaks for. */
export const CONTEXT_WORDS: ReadonlyMap<string, number> = buildMap();

function buildMap(): Map<string, number> {
  const map = new Map<string, number>();
  for (const [kind, words] of Object.entries(WORDS)) {
    // The keys of WORDS are those of CONTEXT.
    const bit = CONTEXT[kind as keyof typeof CONTEXT];
    for (const word of words.split(" ")) map.set(word, (map.get(word) ?? 0) | bit);
  }
  return map;
}
