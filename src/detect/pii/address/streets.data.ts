/** Data: words that make a street name, by where they stand. Written from general knowledge of the languages; lower case. */

/** Stand after the name and settle it: "Birch Road", "Grüner Weg", "Ergenekon Sokak". */
export const STREET_AFTER: ReadonlySet<string> = new Set(
  `street st road rd avenue ave lane ln drive dr boulevard blvd court ct place pl square sq terrace ter way highway hwy parkway pkwy
  crescent cres close grove gardens circle cir trail trl alley plaza row walk mews turnpike pike expressway freeway loop crossing
  esplanade parade promenade quay bypass causeway circuit broadway
  straße strasse str weg gasse platz allee ring damm ufer markt chaussee pfad graben
  straat laan plein gracht kade dijk singel gatan gata väg vägen gränd gade vej vei veien katu tie utca út tér
  caddesi cadde sokak sokağı bulvarı mahallesi майдан площа вулиця провулок проспект`.split(/\s+/),
);

/** Stand after the name, but are everyday words as well: they need a house number before and a capital. */
export const STREET_AFTER_WEAK: ReadonlySet<string> = new Set(
  `manor manors springs spring village villages ville island islands isle junction junctions hollow glen glens harbor harbors haven
  heights key keys knoll knolls lake lakes light lights meadow meadows mill mills mission orchard park parks pine pines plain plains
  point points port ports prairie ranch rapids rest shoal shoals shore shores skyway spur spurs station stravenue stream summit
  throughway trace track trafficway tunnel union unions valley valleys via viaduct view views vista walks ways well wells forge
  forges fork forks fort garden gateway green greens field fields flat flats ford fords forest corner corners common commons cove
  coves creek crest curve dale dam divide estate estates extension extensions fall falls ferry bend bluff bluffs bottom branch bridge
  brook brooks burg burgs cape center centers centre chase cliff cliffs club course courts crossroad drives canyon inlet land landing
  loaf locks lodge mall motorway mount mountain mountains neck oval overpass pass passage path radial ramp ridge ridges rise river
  road route row rue run shoal strand stead side end hill hills croft wood woods copse gate lawn lawns yard wharf vale garth fold
  brow bank nook dell paddock drove approach link links cross circus mount spinney`.split(/\s+/),
);

/** Stand before the name: "rue de la Paix", "Via Roma", "Calle Mayor", "ul. Zuchów". A full stop is left out here. */
export const STREET_BEFORE: ReadonlySet<string> = new Set(
  `rue avenue av boulevard bd bvd place quai chemin allée allee impasse route cours passage voie faubourg square sentier esplanade
  calle avenida avda plaza paseo camino carretera ronda travesía glorieta arrabal puente partida pasaje rambla callejón cuesta
  barrio bajada bloque colegio colonia conjunto edificio entrada escalinata explanada extramuros extrarradio ferrocarril huerta jardines
  lado lugar manzana masía mercado monte muelle municipio parcela parque polígono prolongación quinta ramal riera rincón rua salida
  sector sección senda solar subida terrenos torrente urbanización vía camiño
  via viale piazza corso vicolo largo strada piazzale contrada borgo lungomare rotonda incrocio
  rua rúa praça travessa alameda estrada rodovia marginal
  ul ulica al aleja aleje plac pl os osiedle skwer szosa droga rondo
  вулиця вул площа провулок проспект пр улица ул пер майдан
  ulice náměstí nám třída tř
  strada str bulevardul calea jalan jl ctra c/ wyspa
  am an im zum zur alte alter`.split(/\s+/),
);

/** Endings of street names written as one word: "Hauptstraße", "Brandongracht", "Aspgränden". */
export const STREET_ENDING =
  /(?:stra(?:ß|ss)e|str|weg|gasse|platz|allee|[dgklnrt]ring|damm|ufer|markt|steig|stieg|chaussee|pfad|graben|laan|straat|plein|gracht|kade|dijk|singel|steeg|dreef|gatan|vägen|gränd|gränden|stigen|torget|allén|backen|gade|vej|stræde|gata|gaten|veien|vegen|katu|ntie|kuja|polku|utca)$/;

/** Small words inside street names and cities. */
export const STREET_PARTICLES: ReadonlySet<string> = new Set(
  `de du des la le les del della delle dei degli di da do dos das el los las y e et en sur sous aux au à van von den der dem am an im
  zu zur zum of the upon und and op aan bij near`.split(/\s+/),
);

/** Words that begin a unit inside a building, before its number. */
export const UNIT = "apt|apartment|suite|ste|unit|flat|room|floor|fl|bldg|building|box|lot|wohnung|whg|app|appt|bâtiment|étage|piso|puerta|int|interno|scala|bus";

/** Words that stand before numbers and name no street: "Section 5", "Version 2", "Phone 555". */
export const NUMBERED_WORDS: readonly string[] =
  `section chapter page table figure fig version release step part article act level class grade type phase room volume vol no nr
  brigade during spring string offering engineering number phone tel fax mobile extension ext code order invoice id ssn card account windows office ios android python java iphone
  galaxy boeing airbus size model item line row column question answer example section day week month quarter year version total
  seite kapitel abschnitt tabelle teil nummer telefon konto artikel punkt absatz stufe klasse
  page chapitre tableau figure partie numéro téléphone compte article étape capítulo página tabla parte número teléfono cuenta
  capitolo pagina tabella parte numero telefono conto hoofdstuk bladzijde tabel deel nummer telefoon rekening`.split(/\s+/);

/** Of these, words that are settled in small letters too, after a capitalised name: "Árpád fejedelem útja 3". */
export const LOWER_AFTER: ReadonlySet<string> = new Set("útja utca u plads tee tänav maantee vei katu sokak caddesi".split(" "));

/** Words that begin a street name in texts without capitals: "rue de genville 178". */
export const LOWER_BEFORE: ReadonlySet<string> = new Set("rue calle avenida rua rúa piazza viale ulica boulevard c/".split(" "));
