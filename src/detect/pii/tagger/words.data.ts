/** Data: words with a grammatical role around names, in English, German, French, Spanish, Italian, Portuguese, Dutch. */
/* Written for this project from general knowledge of the languages; all lower case. */

/** Forms of address and professional titles before a name. */
export const TITLES: readonly string[] =
  `mr mrs ms miss mister dr doctor prof professor sir madam lord lady rev reverend sgt capt captain lt lieutenant col colonel gen
  general sen senator rep congressman gov governor president judge justice officer detective inspector sheriff chief king queen
  prince princess pope saint sister brother father mother uncle aunt coach director chairman ceo minister nurse
  herr herrn frau fräulein doktor ing dipl mag bürgermeister kanzler kanzlerin minister
  monsieur madame mademoiselle mme mlle maître docteur professeur président présidente
  señor señora señorita sr sra srta don doña doctor doctora ingeniero licenciado lic presidente
  signor signora signorina sig dott dottore dottoressa avv avvocato ingegnere
  senhor senhora dom dona doutor doutora
  meneer mevrouw mijnheer dhr mevr mw drs heer
  pan pani paní bay bayan hanım bey`.split(/\s+/);

/** Words that mark an organisation, alone or as the last or first word of its name. */
export const ORGANISATION_WORDS: readonly string[] =
  `inc incorporated corp corporation ltd limited llc llp plc co company companies group holdings holding partners associates
  industries enterprises solutions systems technologies technology services consulting bank insurance university college school
  institute academy hospital clinic foundation association society committee council commission agency department ministry bureau
  union party club league airlines airways motors pharmaceuticals records studios entertainment media press news times post journal
  museum library theatre orchestra church trust fund bros brothers sons labs software networks energy capital ventures
  gmbh ag kg ohg ev gbr mbh se verein versicherung bank sparkasse universität hochschule klinik krankenhaus stiftung amt verlag
  sa sarl sas sasu eurl scop sca gie snc société compagnie banque université hôpital lycée
  sl slu cía compañía banco universidad fundación ayuntamiento asociados
  spa srl sapa banca università ospedale fondazione azienda figli fratelli
  ltda eireli mei comércio companhia universidade fundação
  bv nv vof stichting vereniging ziekenhuis universiteit gemeente
  ab oy oyj as asa aps kft zrt sro spol`.split(/\s+/);

/** Words that are part of names of places and streets. */
export const PLACE_WORDS: readonly string[] =
  `street st avenue ave road rd lane ln drive dr boulevard blvd court ct place pl square sq terrace way highway hwy parkway crescent
  close row gate alley circle plaza suite apt apartment floor building box unit room
  city town village county state province district region republic kingdom islands island isle coast bay lake river creek sea ocean
  mountain mountains mount hill hills valley park forest beach bridge airport station port harbor harbour square desert peninsula
  north south east west northern southern eastern western central upper lower new old
  straße strasse str weg platz allee gasse ring ufer damm stadt dorf kreis bundesland see fluss berg
  rue avenue boulevard place chemin allée impasse quai route ville commune région département île lac mont
  calle avenida plaza paseo camino carretera ciudad pueblo provincia comunidad isla lago río monte
  via viale piazza corso vicolo largo strada città comune provincia regione isola lago fiume
  rua avenida praça travessa alameda estrada cidade bairro estado ilha lago rio serra
  straat laan weg plein gracht kade dorp stad gemeente provincie eiland meer rivier
  ulica ul aleja plac ulice náměstí caddesi sokak mahallesi gatan vägen gränd вулиця площа проспект улица`.split(/\s+/);

/** Months, weekdays, holidays, languages and nationalities: capitalised words that name no person. */
export const CALENDAR_WORDS: readonly string[] =
  `january february march april may june july august september october november december jan feb mar apr jun jul aug sep sept oct
  nov dec monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun christmas easter
  halloween thanksgiving hanukkah ramadan
  januar februar märz mai juni juli oktober dezember montag dienstag mittwoch donnerstag freitag samstag sonntag
  janvier février mars avril juin juillet août septembre octobre novembre décembre lundi mardi mercredi jeudi vendredi samedi dimanche
  enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre lunes martes miércoles jueves viernes sábado
  domingo gennaio febbraio aprile maggio giugno luglio settembre ottobre novembre dicembre lunedì martedì mercoledì giovedì venerdì
  sabato domenica janeiro fevereiro março maio junho julho setembro outubro novembro dezembro segunda terça quarta quinta sexta
  januari februari maart mei augustus maandag dinsdag woensdag donderdag vrijdag zaterdag zondag
  english american british french german spanish italian portuguese dutch russian chinese japanese korean indian irish scottish welsh
  canadian australian mexican brazilian european african asian arab turkish greek polish swedish norwegian danish finnish swiss
  austrian belgian hungarian czech romanian ukrainian jewish christian muslim catholic buddhist hindu protestant islamic latin roman
  deutsch deutsche englisch französisch spanisch italienisch français anglais allemand español inglés italiano inglese português
  nederlands engels internet api http https json html url pdf usa uk eu un tv id iban pin atm ok dna cpu ceo cfo hr it faq gdpr vat`.split(
    /\s+/,
  );

/** Small words inside names. */
export const PARTICLES: readonly string[] =
  `van von de der den del della di da das do dos du des la le el al bin ibn ben ter ten zu zum zur af av y e mac mc st san santa sant
  saint abu op vom dal dalla lo las los`.split(/\s+/);

/** Words after which a name often follows, also in lower case. */
export const INTRODUCING_WORDS: readonly string[] =
  `name named called is am i'm im it's mr mrs ms dr dear hi hello hey from to by for with contact attn signed sincerely regards thanks
  meet patient client customer employee user caller tenant by and
  heiße heisse heißt heisst name bin ist hallo liebe lieber geehrter geehrte grüße von bei aus
  appelle suis nom bonjour cher chère monsieur madame est chez à
  llamo llama nombre soy es hola estimado estimada señor señora
  chiamo chiama nome sono è ciao caro cara gentile
  chamo chama nome sou é olá caro prezado prezada
  heet naam ben is hallo beste geachte`.split(/\s+/);

/** Forms of address that are no part of a name: left out of its span. */
export const ADDRESS_FORMS: readonly string[] =
  `mr mrs ms miss mister dr prof sir madam herr frau monsieur madame mademoiselle mme mlle señor señora señorita sr sra srta signor
  signora signorina sig dott dottoressa senhor senhora meneer mevrouw mijnheer dhr mevr mw`.split(/\s+/);
