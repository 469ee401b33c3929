/** Data table: English word lists of the grounding detector (function words, opposites, exclusive classes, equivalents, irregular forms). Written by hand from common knowledge of English; no resource was copied. */

/** Function words and fillers that carry no claim of their own. */
export const STOP_WORDS = `a an the this that these those there here it its itself he him his himself she her hers herself they them
their theirs themselves we us our ours ourselves you your yours yourself i me my mine myself who whom whose which what when where why how
is are was were be been being am do does did done doing have has had having will would shall should can could may might must ought
and or but nor so yet if then than as of at by for with about against between into through during to from in on off over under again
further once up down out upon within without along across toward towards onto via per also too very just even still quite rather
some any each both few more most other such own same s t ll ve re d m don doesn didn isn aren wasn weren hasn haven won wouldn couldn shouldn
lrb rrb lsb rsb lcb rcb because while although though since until unless whether however therefore thus hence moreover furthermore
yes yeah yep oh ah well okay ok um uh hmm hi hello hey really actually basically certainly definitely indeed sure right
etc eg ie vs mr mrs ms dr like get got gets getting one ones thing things something anything lot lots much many kind sort way
say says said tell told according mentioned mention mentions stated states provided context passage text document article based
known called named name include includes included including`;

/** Words that turn a statement into its opposite. */
export const NEGATIONS = `not no never none nothing nobody nowhere neither nor without cannot cant dont doesnt didnt isnt arent wasnt werent
wont wouldnt couldnt shouldnt hasnt havent hadnt aint nt fail fails failed failing refuse refused refuses deny denied denies lack lacks lacked
lacking hardly barely scarcely unable absent zero decline declined declines avoid avoided avoids avoiding prevent prevented prevents unlike instead reject rejected rejects abandoned cancelled canceled false untrue incorrect`;

/** Words that close a statement: true of part of what the evidence says is not enough. */
export const EXCLUSIVES = `only solely exclusively entirely purely merely strictly all every always everyone everything everybody completely totally
alone sole just whole never none`;

/** First person and opinion: statements that no reference can support. */
export const PERSONAL = `i me my mine myself we our us ours love loved hate enjoy enjoyed favorite favourite wish hope guess think believe
feel bet wonder awesome amazing wow cool lol haha fun glad honestly personally imo`;

/** Hedges. */
export const HEDGES = `maybe perhaps probably possibly likely might may could seems seem appear appears apparently allegedly reportedly roughly about
approximately around nearly almost some`;

/** Opposites, both directions: `a b|c` means a is the opposite of b and of c. */
export const ANTONYMS = `
increase decrease|reduce|decline|drop|fall; rise fall|drop|decline|sink; grow shrink; gain lose; high low; higher lower; highest lowest; up down;
above below; over under; large small|little|tiny; larger smaller; largest smallest; big small|little; bigger smaller; biggest smallest; great small|minor;
long short; longer shorter; longest shortest; tall short; taller shorter; tallest shortest; wide narrow; broad narrow; thick thin; deep shallow; heavy light;
fast slow; faster slower; fastest slowest; quick slow; early late; earlier later; earliest latest; before after; first last|final|second|third; old new|young; older
younger|newer; oldest youngest|newest; ancient modern; past future; previous next|following; former current; begin end|finish; start end|finish|stop|cease;
open close|shut; opening closing; enter leave|exit; arrive leave|depart; come go; birth death; born died; live die; alive dead; love hate; like dislike; friend
enemy|foe; ally enemy; win lose; won lost; victory defeat|loss; winner loser; success failure; successful unsuccessful; succeed fail; pass fail;
accept reject|refuse; agree disagree; approve reject|disapprove; allow forbid|prohibit|ban|prevent; permit forbid|prohibit|ban; legal illegal; lawful unlawful;
include exclude; included excluded; inside outside; internal external; inner outer; interior exterior; indoor outdoor; near far; close distant; north south; northern
southern; east west; eastern western; left right; top bottom; upper lower; front back|rear; positive negative; good bad|poor|evil; better worse; best worst;
well poorly|badly; right wrong; correct incorrect|wrong; true false|untrue; real fake|fictional|imaginary; actual fictional; fact fiction|myth; fiction nonfiction;
fictional real|nonfictional; same different; similar different|dissimilar; equal unequal; like unlike; identical different; common rare|uncommon|unusual; usual unusual;
frequent rare; often rarely|seldom; always never; usually rarely; frequently rarely; sometimes never|always; all none|some; every no; everyone nobody; everything nothing;
many few; most least|few; more less|fewer; maximum minimum; majority minority; full empty; complete incomplete|partial; whole part; total partial; entire partial;
public private; rich poor; wealthy poor; expensive cheap; strong weak; stronger weaker; hard soft|easy; difficult easy; simple complex|complicated; easy hard|difficult;
hot cold; warm cool|cold; wet dry; clean dirty; clear unclear; safe dangerous|unsafe; dangerous safe|harmless; healthy sick|ill|unhealthy; happy sad|unhappy; calm
angry; quiet loud|noisy; brave cowardly; smart stupid|dumb; wise foolish; beautiful ugly; famous unknown|obscure; popular unpopular; known unknown; active inactive|passive;
active retired; married divorced|unmarried|single; male female; man woman; men women; boy girl; father mother; son daughter; brother sister; husband wife; king queen;
prince princess; uncle aunt; actor actress; he she; his her; him her; himself herself; host guest; teacher student; buyer seller; buy sell; bought sold; lend borrow; give
take|receive; send receive; sent received; import export; earn spend; save spend|waste; profit loss; income expense; credit debit; supply demand; employer employee;
parent child; ancestor descendant; predecessor successor; cause prevent|result; help harm|hinder; support oppose; supported opposed; supporter opponent; supporters opponents;
for against; attack defend; war peace; guilty innocent; convicted acquitted; liberal conservative; democrat republican; left right; day night; morning evening; dawn dusk; summer
winter; sun moon; land sea; urban rural; city village; domestic foreign|international; native foreign; national international; local global; single multiple|double|album;
solo group|duo|band; alone together; individual group; amateur professional; permanent temporary; fixed variable; natural artificial|synthetic; raw cooked; organic synthetic;
vertical horizontal; parallel perpendicular; even odd; major minor; primary secondary; main minor; senior junior; superior inferior; lead follow; leader follower;
advance retreat; ascend descend; build destroy|demolish; create destroy; make break; construct demolish; found dissolve|disband; establish abolish|dissolve; formed
disbanded|dissolved; join leave|quit; appoint dismiss|remove; hire fire; elect defeat; add subtract|remove; multiply divide; attach detach; connect disconnect; combine separate;
unite divide|separate; united divided; merge split; expand shrink|contract; extend shorten; lengthen shorten; widen narrow; strengthen weaken; improve worsen|deteriorate; encourage
discourage; praise criticise|criticize|condemn; acclaimed panned|criticized|criticised; acclaim criticism; favorable unfavorable|negative;
favourable unfavourable; mixed positive|negative; loved hated; remember forget; learn forget; know ignore; reveal hide|conceal; visible invisible|hidden; show hide; appear
disappear|vanish; present absent; presence absence; possible impossible; able unable; capable incapable; aware unaware; certain uncertain; sure unsure; likely unlikely;
necessary unnecessary; important unimportant|trivial; significant insignificant|little|few; relevant irrelevant; useful useless; effective ineffective; efficient inefficient; reliable
unreliable; stable unstable; regular irregular; formal informal; official unofficial; direct indirect; dependent independent; conscious unconscious; voluntary involuntary|forced|mandatory;
optional mandatory|required|compulsory; required optional; mandatory voluntary; free captive|paid|occupied; released captured|imprisoned; arrested released; innocent guilty;
heavily lightly; highly slightly; large small; densely sparsely; widely narrowly|rarely; fully partially|partly; completely partially|partly; mostly rarely|little;
mainly rarely; sequel prequel; hero villain; protagonist antagonist; comedy tragedy; prologue epilogue; live animated|recorded; animated live; color monochrome; silent sound;
upstream downstream; inhale exhale; hardware software; online offline; digital analog|analogue; input output; upload download; enable disable; enabled disabled; lock unlock; on off;
inbound outbound; incoming outgoing; arrival departure; entrance exit; landlord tenant; plaintiff defendant; prosecution defense|defence; predator prey; carnivore herbivore; acid
base|alkaline; solid liquid|gas; boil freeze; melt freeze; float sink; push pull; rise set; sunrise sunset; odd even; plus minus; deny confirm|admit; confirm deny; proved disproved;
admit deny; optimistic pessimistic; generous stingy; honest dishonest; loyal disloyal|traitor; legal criminal; sane insane; mortal immortal; finite infinite; tropical arctic|polar;
residential commercial; nomadic settled|sedentary; vegetarian carnivorous; religious secular|atheist; theist atheist; civilian military; offensive defensive; maternal paternal;
biological adopted; adopted biological; eldest youngest; singular plural; western eastern; overseas domestic; commercial residential|noncommercial; critic fan; pro anti`;

/**
 * Classes whose members exclude each other when they fill the same place of a statement. `x=y` marks equivalents within a class
 * (a country and its people). Strength: `hard` classes rarely hold two members of one subject, `soft` ones may.
 */
export const EXCLUSIVE_CLASSES: readonly { readonly name: string; readonly hard: boolean; readonly members: string }[] = [
  {
    name: "month",
    hard: true,
    members: `january=jan february=feb march=mar april=apr may june=jun july=jul august=aug september=sep=sept october=oct november=nov december=dec`,
  },
  { name: "weekday", hard: true, members: `monday tuesday wednesday thursday friday saturday sunday` },
  { name: "season", hard: true, members: `spring summer autumn=fall winter` },
  {
    name: "ordinal",
    hard: true,
    members: `first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth
eighteenth nineteenth twentieth last=final debut`,
  },
  { name: "direction", hard: true, members: `north=northern south=southern east=eastern west=western northeast=northeastern northwest=northwestern southeast=southeastern southwest=southwestern central=center=centre` },
  { name: "continent", hard: true, members: `africa=african asia=asian europe=european antarctica=antarctic oceania` },
  {
    name: "country",
    hard: true,
    members: `america=american=usa=us britain=british=uk=england=english=scotland=scottish=scot=wales=welsh ireland=irish france=french germany=german italy=italian
spain=spanish portugal=portuguese netherlands=dutch=holland belgium=belgian switzerland=swiss austria=austrian denmark=danish=dane sweden=swedish=swede norway=norwegian finland=finnish
iceland=icelandic poland=polish czech=czechia=czechoslovakia slovakia=slovak hungary=hungarian romania=romanian bulgaria=bulgarian greece=greek turkey=turkish=turk russia=russian
ukraine=ukrainian belarus=belarusian lithuania=lithuanian latvia=latvian estonia=estonian serbia=serbian croatia=croatian=croat slovenia=slovenian bosnia=bosnian albania=albanian
macedonia=macedonian montenegro=montenegrin cyprus=cypriot malta=maltese georgia=georgian armenia=armenian azerbaijan=azerbaijani kazakhstan=kazakh uzbekistan=uzbek turkmenistan
tajikistan=tajik kyrgyzstan mongolia=mongolian china=chinese japan=japanese korea=korean taiwan=taiwanese vietnam=vietnamese thailand=thai cambodia=cambodian laos=laotian
myanmar=burma=burmese malaysia=malaysian singapore=singaporean indonesia=indonesian philippines=filipino=philippine india=indian pakistan=pakistani bangladesh=bangladeshi nepal=nepalese
bhutan=bhutanese srilanka=lankan afghanistan=afghan iran=iranian=persian iraq=iraqi syria=syrian lebanon=lebanese jordan=jordanian israel=israeli palestine=palestinian
saudi qatar=qatari kuwait=kuwaiti yemen=yemeni oman=omani emirates=emirati bahrain=bahraini egypt=egyptian libya=libyan tunisia=tunisian algeria=algerian morocco=moroccan sudan=sudanese ethiopia=ethiopian
eritrea=eritrean somalia=somali kenya=kenyan uganda=ugandan tanzania=tanzanian rwanda=rwandan burundi congo=congolese nigeria=nigerian ghana=ghanaian senegal=senegalese mali=malian cameroon=cameroonian
angola=angolan zambia=zambian zimbabwe=zimbabwean mozambique=mozambican botswana namibia=namibian liberia=liberian madagascar canada=canadian mexico=mexican guatemala=guatemalan honduras=honduran nicaragua=nicaraguan
salvador=salvadoran panama=panamanian cuba=cuban jamaica=jamaican haiti=haitian dominican bahamas=bahamian trinidad barbados colombia=colombian venezuela=venezuelan ecuador=ecuadorian peru=peruvian bolivia=bolivian chile=chilean
argentina=argentine=argentinian uruguay=uruguayan paraguay=paraguayan brazil=brazilian australia=australian zealand fiji=fijian samoa=samoan tonga=tongan`,
  },
  {
    name: "colour",
    hard: false,
    members: `red blue green yellow orange purple=violet pink brown black white grey=gray gold=golden silver`,
  },
  {
    name: "work",
    hard: false,
    members: `film=movie=feature song=single album=record=ep series=sitcom=show novel=book=memoir=biography play=musical opera poem=poetry painting sculpture game=videogame magazine=newspaper=journal documentary podcast comic=manga anime website=site app=application=software`,
  },
  {
    name: "kind",
    hard: false,
    members: `person=human=man=woman=people animal=mammal=bird=fish=insect=cat=dog=horse plant=tree=flower city=town=village=municipality=capital country=nation=state province=county=region river lake ocean=sea mountain=volcano island company=corporation=firm=business
band=group=duo=trio=orchestra party team=club=franchise school=university=college=academy church=temple=mosque=cathedral airport bridge building=tower=skyscraper castle=palace museum hospital restaurant=cafe hotel store=shop ship=boat aircraft=plane=airplane=helicopter car=automobile truck train
language disease=disorder=illness=syndrome food=dish drink=beverage sport planet star=sun galaxy award=prize=medal war=battle=conflict festival holiday law=act=bill religion organization=organisation=agency channel=network=station character building weapon=gun=rifle currency metal gas`,
  },
  {
    name: "genre",
    hard: false,
    members: `horror comedy=comedic=humorous=sitcom drama=dramatic thriller=suspense romance=romantic action adventure fantasy mystery western musical documentary biographical=biopic animated=animation=cartoon crime war historical=history superhero noir satire=satirical erotic spy=espionage disaster
rock pop jazz blues metal punk country hiphop=rap=rapper reggae folk soul funk disco techno house classical gospel electronic indie grunge opera scifi`,
  },
  {
    name: "profession",
    hard: false,
    members: `actor=actress=acting=acted=act=acts singer=vocalist=sang=singing=sings=sing songwriter musician director=directed=directing=filmmaker producer=produced=producing=produces writer=author=wrote=novelist=written=writes=writing screenwriter=screenplay playwright=dramatist poet journalist=reporter=columnist editor politician=senator=congressman=governor=minister=mayor=parliament president lawyer=attorney judge doctor=physician=surgeon
nurse engineer scientist=researcher physicist chemist biologist mathematician astronomer astronaut philosopher economist historian teacher=professor=taught=teach=educator soldier=officer=general=colonel pilot sailor athlete footballer=quarterback=goalkeeper=midfielder cricketer boxer wrestler swimmer golfer
coach=manager referee model=modeling=modelling painter=artist sculptor photographer architect designer chef=cook farmer businessman=businesswoman=entrepreneur=executive banker dancer=choreographer comedian=comic magician rapper dj guitarist drummer bassist pianist violinist composer conductor priest=bishop=pope=cleric=pastor monk
king=queen=emperor=monarch=prince=princess activist spy criminal=murderer=killer=robber dealer programmer=developer inventor explorer dentist psychologist librarian accountant carpenter mechanic`,
  },
  {
    name: "sport",
    hard: false,
    members: `football soccer basketball baseball hockey tennis golf cricket rugby boxing wrestling swimming cycling skiing skating volleyball badminton gymnastics rowing sailing surfing fencing judo karate polo handball softball lacrosse`,
  },
  { name: "religion", hard: false, members: `christian=christianity=catholic=protestant muslim=islam=islamic jewish=judaism=jew hindu=hinduism buddhist=buddhism sikh=sikhism atheist=atheism mormon` },
  { name: "kin", hard: true, members: `father=dad mother=mom=mum son daughter brother sister husband wife uncle aunt nephew niece cousin grandfather grandmother grandson granddaughter` },
  { name: "medal", hard: true, members: `bronze silver gold platinum diamond` },
  { name: "metal", hard: false, members: `iron steel copper aluminium=aluminum bronze brass zinc lead tin nickel titanium wood=wooden stone concrete brick glass plastic` },
  { name: "instrument", hard: false, members: `guitar piano violin drums=drum bass flute trumpet saxophone clarinet cello harp organ keyboard` },
  { name: "unit", hard: true, members: `metre=meter=metres=meters kilometre=kilometer=km mile foot=feet inch yard centimetre=centimeter=cm millimetre=millimeter=mm kilogram=kg gram pound tonne=ton ounce litre=liter gallon second minute hour day week month year decade century dollar euro yen` },
  { name: "scale", hard: true, members: `hundred thousand million billion trillion dozen` },
  { name: "bodypart", hard: false, members: `heart lung liver kidney brain stomach skin bone muscle eye ear nose hand leg arm knee neck spine` },
  { name: "meal", hard: true, members: `breakfast lunch dinner=supper dessert` },
  { name: "planet", hard: true, members: `mercury venus earth mars jupiter saturn uranus neptune pluto` },
  { name: "studio", hard: false, members: `abc nbc cbs fox hbo bbc itv pbs mtv cnn espn netflix hulu amazon showtime disney nickelodeon amc cw syfy google apple microsoft facebook ibm intel sony samsung nintendo sega paramount universal` },
];

/** Words that say the same for the purpose of support; first word is the name of the group. */
export const EQUIVALENTS = `
film movie movies picture cinema cinematic; actor actress acting acted thespian act acts starring starred stars star cast role roles; author writer wrote written writing writes penned write;
singer vocalist sings sang vocals singing sing sung; song track single; direct director directed filmmaker; produce producer produced production; release released releases issued launched premiered debuted published; begin began begun start started commence
commenced; end ended finish finished conclude concluded; born birth birthday; die died death dead deceased passed dies; kill killed murder murdered slain; marry married wed wife husband spouse marriage; big large huge great massive enormous; small
little tiny; fast quick rapid; show series program programme sitcom; television tv televised; book novel; company firm corporation business; car automobile vehicle; city town; country nation; us usa america american united; uk britain british england english;
buy bought purchase purchased acquire acquired; sell sold sale; get obtain obtained receive received; make made create created creates creating creation build built construct constructed; make made manufactured manufacture produced; found founded establish established foundation form formed;
help assist aid; win won winner winning victory victorious; lose lost loss defeat defeated; fight fought battle war; show displayed display; near close nearby; job work occupation profession career; work worked works working; live lives lived living reside resides resided residence residing;
locate located situated lies; also; location place site; doctor physician; kid child children kids; teach taught teacher teaching; learn study studied; music musical musician musicians; dance dancer dancing; sport sports athletic athlete; person people human humans individual; popular famous well-known renowned
celebrated; important significant major key; main primary chief principal predominant; bad poor; good great; part member segment component; kind type sort form; several various multiple; use used uses utilize utilized; allow enable permit; need require required; think believe consider considered; call called name named known; say said state stated;
grow grew grown growth increase increased increasing rise rose rising; decrease decreased decline declined fall fell drop dropped; change changed alter altered; keep kept maintain maintained retain; leave left depart; move moved relocate relocated; go went gone travel; come came arrive arrived; give gave given gift; take took taken; bring brought; hold held; lead led leader head headed; run ran
operate operated; own owned owner possess; play played player plays playing; rank ranked ranking rated; contain contains contained include includes including comprise comprises consist consists consisting; cover covers covered; appear appeared appears appearance; feature featured features featuring; receive received got; award awarded prize; nominate nominated nomination;
law legal legislation; king monarch ruler; money cash funds; ill sick disease illness; food meal dish; home house; road street; old aged ancient; new recent recently; percent percentage; hundred; thousand; million; study research; doctor; college university; school; church; army military; police; president; govern government
governmental; politician politics political; science scientist scientific; art artist artistic; photo photograph photographer; design designed designer; publish published publisher publication; record recorded recording; perform performed performer performance; compete competed competition competitor; argue argued argument; solely only exclusively; approximately about roughly around nearly; annually yearly annual;
serve served service serving; serial series; season seasons; debut first; final last; tv television; sibling brother sister; parent father mother; nationality; animal animals; ape; fictional fiction; romance romantic love; humor humour comedy funny comedic; scary horror; sci-fi science; espionage spy; ww2; award awards; depict depicts portrayed portrays portrayal;
earn earned earnings; attend attended attending; graduate graduated graduation; employ employed employer hired; retire retired retirement; influence influenced influential; inspire inspired inspiration; invent invented inventor invention; discover discovered discovery; explore explored explorer; translate translated translation; adapt adapted adaptation; base based basis; kill; attack attacked; defend defended`;

/** Irregular forms: `lemma form form…`. */
export const IRREGULAR = `be is are was were been being am; have has had having; do does did done; go goes went gone; make made; take took taken; come came; see saw seen; know knew known; get got gotten; give gave given; find found;
think thought; tell told; become became; leave left; feel felt; bring brought; begin began begun; keep kept; hold held; write wrote written; stand stood; hear heard; let; mean meant; meet met; pay paid; sit sat; speak spoke spoken;
lead led; grow grew grown; lose lost; fall fell fallen; send sent; build built; understand understood; draw drew drawn; break broke broken; spend spent; rise rose risen; drive drove driven; buy bought; wear wore worn;
choose chose chosen; eat ate eaten; sell sold; win won; teach taught; sing sang sung; swim swam swum; fly flew flown; fight fought; catch caught; throw threw thrown; show showed shown; run ran; say said; steal stole stolen; hide hid hidden;
sink sank sunk; drink drank drunk; ride rode ridden; shoot shot; sleep slept; strike struck; feed fed; seek sought; shake shook shaken; forget forgot forgotten; freeze froze frozen; bear bore borne; blow blew blown; breed bred; sweep swept;
man men; woman women; child children; person people; foot feet; tooth teeth; mouse mice; goose geese; life lives; wife wives; wolf wolves; knife knives; leaf leaves; half halves; shelf shelves; analysis analyses; crisis crises; criterion criteria; medium media; datum data;
bacterium bacteria; index indices; axis axes; die dying died dies; lie lying lay lain; good better best; bad worse worst; far further furthest; series; species`;

/** Number words and their values. */
export const NUMBER_WORDS = `zero=0 one=1 two=2 three=3 four=4 five=5 six=6 seven=7 eight=8 nine=9 ten=10 eleven=11 twelve=12 thirteen=13 fourteen=14 fifteen=15 sixteen=16
seventeen=17 eighteen=18 nineteen=19 twenty=20 thirty=30 forty=40 fifty=50 sixty=60 seventy=70 eighty=80 ninety=90 twice=2 double=2 triple=3 single=1 once=1 pair=2 couple=2 dozen=12
first=1 second=2 third=3 fourth=4 fifth=5 sixth=6 seventh=7 eighth=8 ninth=9 tenth=10`;
