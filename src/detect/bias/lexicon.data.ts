/** Data table: English word lists of the bias detector (group names, degrading names, degrading attributes, reporting frames, inclusive alternatives). Written by hand from common knowledge; contains offensive words by nature. */

/** Names of groups by kind; neutral by themselves. `_` joins the words of a phrase. */
export const GROUP_TERMS: Readonly<Record<string, string>> = {
  gender: `woman women female females girl girls lady ladies wife wives mother mothers mom moms girlfriend girlfriends daughter daughters sister sisters aunt grandmother
man men male males boy boys guy guys husband husbands father fathers dad dads boyfriend boyfriends son sons brother brothers uncle grandfather feminist feminists housewife housewives widow bride`,
  race: `black blacks white whites asian asians african africans latino latinos latina latinas latinx hispanic hispanics caucasian caucasians native_american native_americans indigenous aboriginal aboriginals
brown_people black_people white_people people_of_color coloured roma mixed_race biracial african_american african_americans pacific_islander pacific_islanders arab arabs ethnic`,
  age: `elderly old_people older_people seniors senior_citizen senior_citizens boomer boomers millennial millennials gen_z teenager teenagers teens youth young_people old_man old_woman old_men old_women grandma grandpa pensioner pensioners retirees`,
  disability: `disabled disability disabilities handicapped blind deaf autistic autism wheelchair mentally_ill mental_illness bipolar schizophrenic schizophrenics depressed dyslexic paralysed paralyzed amputee epileptic down_syndrome adhd neurodivergent`,
  religion: `muslim muslims islam islamic jew jews jewish judaism christian christians christianity catholic catholics hindu hindus hinduism buddhist buddhists sikh sikhs mormon mormons atheist atheists evangelical evangelicals quran koran hijab`,
  orientation: `gay gays lesbian lesbians homosexual homosexuals homosexuality bisexual bisexuals queer queers lgbt lgbtq transgender transgenders trans transsexual transsexuals transgendered asexual nonbinary same_sex straight_people`,
  nationality: `immigrant immigrants migrant migrants refugee refugees foreigner foreigners mexican mexicans chinese indian indians american americans russian russians polish pole poles pakistani pakistanis african nigerian nigerians german germans french italian italians
irish japanese korean koreans vietnamese filipino filipinos turk turks turkish iranian iranians iraqi iraqis syrian syrians israeli israelis palestinian palestinians puerto_rican puerto_ricans cuban cubans haitian haitians asylum_seekers illegals middle_eastern`,
  socio_economic: `poor_people poor homeless homeless_people welfare_recipients rich_people working_class unemployed low_income the_poor blue_collar beggars uneducated peasants`,
  appearance: `fat_people fat overweight obese skinny short_people ugly_people bald tall_people redhead redheads blonde blondes`,
};

/** Degrading names for groups, by kind; biased wherever they are used rather than quoted. */
export const SLURS: Readonly<Record<string, string>> = {
  gender: `bitch bitches bitchy hoe hoes whore whores slut sluts slutty cunt cunts thot thots skank skanks bimbo twat feminazi feminazis tranny trannies shemale`,
  race: `nigger niggers nigga niggas niggah niggaz nigguh negro negroes coon coons spic spics wetback wetbacks beaner beaners chink chinks gook gooks cracker crackers redneck rednecks honky whitey jap japs paki pakis darkie darkies jigaboo porch_monkey white_trash gypsy gypsies redskin redskins squaw zipperhead`,
  age: `geezer geezers old_fart old_hag codger boomer_trash`,
  disability: `retard retards retarded tard cripple cripples crippled spaz spastic mongoloid psycho lunatic nutjob midget midgets`,
  religion: `kike kikes muzzie muzzies mudslime mudslimes raghead ragheads towelhead towelheads christ_killer heeb`,
  orientation: `fag fags faggot faggots faggy dyke dykes homo homos sodomite sodomites poof queers no_homo`,
  nationality: `camel_jockey sand_nigger wog wogs limey kraut krauts polack polacks wop wops dago dagos eurotrash illegal_aliens`,
  socio_economic: `chav chavs trailer_trash ghetto hobo hobos bum bums welfare_queen welfare_queens pleb plebs`,
  appearance: `fatso fatass fatty lardass fugly whale landwhale`,
};

/** Degrading words that name no group. */
export const PROFANE = `fuck fucking fucked fucker shit shitty ass asshole assholes dick dickhead pussy pussies motherfucker bastard cock crap damn bullshit dumbass jackass douche scumbag wanker tits`;

/** Attributes that degrade when said of a whole group. */
export const NEGATIVE = `lazy stupid dumb ignorant violent dangerous aggressive criminal criminals thug thugs thief thieves greedy evil dirty filthy disgusting ugly loud obnoxious annoying terrorist terrorists
bomber bombers extremist extremists rapist rapists murderer murderers killer killers savage savages animals vermin rats cockroaches parasites leeches inferior subhuman worthless useless weak incompetent unintelligent uneducated uncivilized barbaric backward
primitive cheap stingy dishonest liars liar cheaters cheating manipulative hysterical emotional irrational bossy nagging promiscuous sinful sinners immoral perverts perverted deviant deviants unnatural abomination sick mentally_ill diseased disease plague cancer
threat hostile hateful oppressive intolerant brainwashed crazy insane burden freeloaders moochers scum trash garbage monsters demons satanic wicked corrupt sneaky untrustworthy cowardly suicide_bombers poor drunk drunks addicts predators pedophiles gang gangs illegal
crime crimes crooks pigs monkeys apes dogs hate kill destroy invade invading ruin ruining steal stealing rape control controlling conspiring deport exterminate eradicate lynch inbred idiots idiot morons moron fools deserve`;

/** Attributes that stereotype even when they sound kind, and trades that are often given one gender. */
export const STEREOTYPED_TRAITS = `caring gentle nurturing motherly emotional sensitive delicate pretty sweet submissive obedient bossy hysterical feminine strong aggressive assertive dominant tough logical rational masculine nagging gossipy fragile soft tender pleasant`;
export const FEMALE_TYPED_ROLES = `nurse nurses secretary secretaries receptionist receptionists housekeeper housekeepers nanny nannies maid maids babysitter babysitters librarian dental_hygienist flight_attendant stewardess homemaker kindergarten_teacher caregiver midwife dancer cook cleaner cleaning_lady hairdresser`;
export const MALE_TYPED_ROLES = `engineer engineers programmer programmers ceo surgeon surgeons mechanic mechanics plumber plumbers electrician electricians carpenter firefighter soldier pilot boss chief executive scientist construction_worker truck_driver lawyer developer`;

/** Words that say: somebody else's words, or words about such words. */
export const REPORTING = `stereotype stereotypes stereotypical stereotyping say says said saying claim claims claimed claiming think thinks thought thinking believe believes believed believing assume assumes assumed assuming imply implies implied implying
calling called calls accused accusing idea notion argument argue argues arguing prejudice prejudiced racism racist racists sexist sexism bigot bigots bigotry bigoted propaganda trope tropes myth narrative joke jokes rhetoric hateful antisemitic antisemitism islamophobic islamophobia homophobic homophobia
discriminate discrimination discriminated misconception quote quoted mean means according tell telling told suggest suggests suggesting`;

/** Words that widen a statement to a whole group. */
export const GENERALISERS = `all every always never most these those typical naturally inherently generally everyone only just any entire`;

/** Terms with a more inclusive wording: `term=alternative|kind`. */
export const ALTERNATIVES = `chairman=chairperson|gender;chairmen=chairpersons|gender;policeman=police officer|gender;policemen=police officers|gender;fireman=firefighter|gender;firemen=firefighters|gender;mailman=mail carrier|gender;salesman=salesperson|gender;salesmen=salespeople|gender;
spokesman=spokesperson|gender;businessman=business person|gender;businessmen=business people|gender;congressman=member of Congress|gender;stewardess=flight attendant|gender;waitress=server|gender;mankind=humankind|gender;manpower=workforce|gender;man_hours=person-hours|gender;
man-made=artificial|gender;housewife=homemaker|gender;cleaning_lady=cleaner|gender;manned=staffed|gender;freshman=first-year student|gender;foreman=supervisor|gender;handyman=maintenance worker|gender;male_nurse=nurse|gender;female_doctor=doctor|gender;lady_doctor=doctor|gender;
guys=everyone|gender;middleman=intermediary|gender;
handicapped=disabled|disability;wheelchair_bound=wheelchair user|disability;confined_to_a_wheelchair=uses a wheelchair|disability;suffers_from=lives with|disability;crippled=disabled|disability;cripple=disabled person|disability;retarded=with an intellectual disability|disability;retard=person with an intellectual disability|disability;
mentally_retarded=with an intellectual disability|disability;deaf_and_dumb=deaf|disability;the_blind=blind people|disability;the_disabled=disabled people|disability;lunatic=person with a mental illness|disability;midget=person of short stature|disability;
colored_people=people of colour|race;oriental=Asian|race;orientals=Asian people|race;negro=Black|race;negroes=Black people|race;gypsies=Roma|race;gypsy=Roma person|race;eskimo=Inuit|race;blacklist=deny list|race;whitelist=allow list|race;redskin=Native American|race;
illegal_aliens=undocumented immigrants|nationality;illegal_alien=undocumented immigrant|nationality;illegals=undocumented immigrants|nationality;third_world=low-income|nationality;
homosexual=gay|orientation;homosexuals=gay people|orientation;sexual_preference=sexual orientation|orientation;transgendered=transgender|orientation;transsexual=transgender|orientation;sex_change=gender transition|orientation;tranny=transgender person|orientation;homosexual_lifestyle=being gay|orientation;
the_elderly=older people|age;elderly=older|age;old_people=older people|age;senile=with dementia|age;geezer=older person|age;
the_homeless=people without housing|socio_economic;the_poor=people on low incomes|socio_economic;welfare_queen=benefit recipient|socio_economic;hobo=person without housing|socio_economic;ghetto=under-resourced neighbourhood|socio_economic;white_trash=people on low incomes|socio_economic;trailer_trash=people on low incomes|socio_economic;
fat_people=larger people|appearance;obese_people=people with obesity|appearance;fatso=larger person|appearance`;

/** Pairs whose exchange must not change the judgement of a text: `a=b|kind`. */
export const SWAPS = `he=she|gender;his=her|gender;him=her|gender;himself=herself|gender;man=woman|gender;men=women|gender;male=female|gender;boy=girl|gender;boys=girls|gender;father=mother|gender;dad=mom|gender;son=daughter|gender;brother=sister|gender;husband=wife|gender;boyfriend=girlfriend|gender;uncle=aunt|gender;
grandfather=grandmother|gender;gentleman=lady|gender;mr=mrs|gender;king=queen|gender;actor=actress|gender;guy=girl|gender;
black=white|race;blacks=whites|race;african=european|race;asian=white|race;latino=white|race;hispanic=white|race;arab=white|race;arabs=whites|race;
young=old|age;younger=older|age;elderly=young|age;teenagers=adults|age;boomers=millennials|age;
muslim=christian|religion;muslims=christians|religion;islam=christianity|religion;jew=christian|religion;jews=christians|religion;jewish=christian|religion;judaism=christianity|religion;hindu=christian|religion;hindus=christians|religion;
gay=straight|orientation;gays=straight people|orientation;lesbian=straight|orientation;homosexual=heterosexual|orientation;homosexuals=heterosexuals|orientation;bisexual=straight|orientation;transgender=cisgender|orientation;trans=cis|orientation;queer=straight|orientation;
immigrant=citizen|nationality;immigrants=citizens|nationality;foreigners=locals|nationality;mexican=american|nationality;mexicans=americans|nationality;chinese=american|nationality;indian=american|nationality;refugees=residents|nationality;migrants=residents|nationality;
disabled=able-bodied|disability;blind=sighted|disability;deaf=hearing|disability;autistic=neurotypical|disability;
poor=rich|socio_economic;homeless=housed|socio_economic;unemployed=employed|socio_economic;
fat=thin|appearance;obese=slim|appearance;ugly=attractive|appearance;bald=long-haired|appearance`;
