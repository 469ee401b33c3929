/** Data: top-level domains that make a bare `name.tld` a domain (IANA root zone: all country codes, common generic ones). */
export const TOP_LEVEL_DOMAINS: ReadonlySet<string> = new Set(
  (
    "ac academy ad ae aero af ag agency ai al am ao app aq ar art as asia at au aw ax az ba bank bar bb " +
    "bd be beer best bet bf bg bh bi bid bike biz bj black blog blue bm bn bo boutique br bs bt build " +
    "business bw by bz ca cafe care cash cat cc cd center cf cg ch chat ci city ck cl click cloud club cm " +
    "cn co codes coffee com community company computer consulting contact coop cr credit cu cv cw cx cy " +
    "cz dance data date de deals dental design dev digital direct directory dj dk dm do doctor domains dz " +
    "ec edu ee eg email energy engineer engineering er es estate et eu events exchange expert express " +
    "fail farm fashion fi film finance fish fit fitness fj fk flights florist fm fo football foundation " +
    "fr fun fund furniture ga gallery games garden gb gd ge gf gg gh gi gift gl glass global gm gmbh gn " +
    "gold golf gov gp gq gr graphics green group gs gt gu guide guru gw gy health help hk hm hn host " +
    "hosting hotel house hr ht hu id ie il im immo in industries info ink institute insurance int " +
    "international investments io iq ir is it je jewelry jm jo jobs jp ke kg kh ki kitchen km kn kp kr kw " +
    "ky kz la land law lawyer lb lc lease legal li life limo link live lk loan local lol love lr ls lt " +
    "ltd lu lv ly ma management market marketing mba mc md me media medical menu mg mh mil mk ml mm mn mo " +
    "mobi money movie mp mq mr ms mt mu museum mv mw mx my mz na name navy nc ne net network news nf ng " +
    "ni nl no np nr nu nz om one online org organic pa page parts pe pf pg ph photo photography pics " +
    "pictures pink pizza pk pl place plumbing plus pm pn poker post pr press pro productions properties " +
    "property ps pt pub pw py qa re recipes red rent rental repair report rest restaurant review reviews " +
    "ro rocks rs ru run rw sa sale sb sc school science sd se security services sg sh shoes shop show si " +
    "singles site sk ski sl sm sn so soccer social software solar solutions space sr ss st store stream " +
    "studio style su supplies supply support surf surgery sv sx sy systems sz tax taxi tc td team tech " +
    "tel tf tg th tips tj tk tl tm tn to today tools top tours town toys tr trade training travel tt tube " +
    "tv tw tz ua ug uk university us uy uz va vacations vc ve ventures vet vg vi video villas vip vision " +
    "vn vote voyage vu watch webcam website wedding wf wiki win wine work works world ws wtf xxx xyz ye " +
    "yoga yt za zip zm zone zw"
  ).split(" "),
);
