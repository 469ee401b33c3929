/** Data table: well-known facts and misconceptions in English, and capitals of countries. Common knowledge, written by hand. */

/**
 * Misconceptions: `all of these words | fact`. A word may offer alternatives with `/`. A sentence that has all of them, without a negation or a word of
 * reporting, states the misconception.
 */
export const MISCONCEPTIONS = `
earth flat|the Earth is round
moon made cheese|the Moon is made of rock
sun orbits/revolves/circles/goes around earth|the Earth orbits the Sun
moon landing/landings fake/faked/hoax/staged|people landed on the Moon in 1969
vaccine/vaccines cause/causes/caused autism|vaccines do not cause autism
humans/people use/uses only ten/10 percent brain/brains|people use all of the brain
great wall visible moon|the Great Wall cannot be seen from the Moon
goldfish three/3 second/seconds memory|goldfish remember for months
bats blind|bats can see
lightning never strikes twice|lightning can strike the same place again
water boils 50/90/120/150/200 degrees/celsius sea level|water boils at 100 degrees Celsius at sea level
humans/humanity lived/coexisted dinosaurs|people and dinosaurs never lived at the same time
einstein failed mathematics/math/maths|Einstein was good at mathematics
edison invented/discovered electricity|nobody invented electricity
napoleon born england/germany/spain/italy|Napoleon was born in Corsica
shakespeare wrote don quixote|Cervantes wrote Don Quixote
whale/whales is/are fish|whales are mammals
spider/spiders is/are insect/insects|spiders are arachnids
sun is planet|the Sun is a star
moon is star|the Moon is a natural satellite
pluto largest planet|Jupiter is the largest planet
mars largest planet|Jupiter is the largest planet
everest located/in africa/europe/america|Mount Everest is in Asia
amazon river/rainforest in africa/europe/asia|the Amazon is in South America
nile located/in asia/europe/america|the Nile is in Africa
sahara located/in asia/europe/america|the Sahara is in Africa
eiffel tower located/in london/berlin/rome/madrid/italy/germany/england|the Eiffel Tower is in Paris
statue liberty located/in paris/london/boston/chicago|the Statue of Liberty is in New York
colosseum located/in paris/london/athens/greece|the Colosseum is in Rome
climate change hoax|the climate is warming because of people
5g causes/cause/spreads covid/coronavirus|radio waves do not cause infections
homeopathy cures cancer|homeopathy does not cure cancer
bleach cures/cure/drinking covid/coronavirus|drinking bleach is dangerous
antibiotics/antibiotic cure/kill/kills/treat virus/viruses/flu|antibiotics do not work against viruses
gravity does exist not|gravity exists
two plus two equals/is five|two plus two is four
birds is/are government drones|birds are animals
world war ii/two ended 1939/1940/1941/1942/1943/1944/1946/1947/1948|the Second World War ended in 1945
world war i/one ended 1914/1915/1916/1917/1919/1920|the First World War ended in 1918
berlin wall fell 1979/1985/1987/1988/1990/1991/1992|the Berlin Wall fell in 1989
titanic sank 1910/1911/1913/1914/1915/1920|the Titanic sank in 1912
human/humans has/have three/four hearts|people have one heart
diamonds made iron/gold/silver|diamonds are made of carbon
ice is sinks/heavier than water|ice floats on water
sound travels faster than light|light is faster than sound
ostrich/ostriches can fly|ostriches cannot fly
penguins live north pole/arctic|penguins live in the south
polar bears live antarctica/south|polar bears live in the Arctic`;

/** Facts stated rightly: all of these words confirm it. */
export const FACTS = `
earth round/spherical/sphere/oblate|the Earth is round
earth orbits/revolves/circles/goes around sun|the Earth orbits the Sun
water boils 100 degrees/celsius|water boils at 100 degrees Celsius at sea level
water freezes 0/zero degrees/celsius|water freezes at 0 degrees Celsius
world war ii/two ended 1945|the Second World War ended in 1945
world war i/one ended 1918|the First World War ended in 1918
berlin wall fell 1989|the Berlin Wall fell in 1989
titanic sank 1912|the Titanic sank in 1912
jupiter largest planet|Jupiter is the largest planet
eiffel tower located/in paris|the Eiffel Tower is in Paris
whales is/are mammals|whales are mammals
sun is star|the Sun is a star
light faster than sound|light is faster than sound
shakespeare wrote hamlet|Shakespeare wrote Hamlet
cervantes wrote quixote|Cervantes wrote Don Quixote
two plus two equals/is four|two plus two is four`;

/** Capitals: `country=capital`, words joined with `_`; alternatives with `/`. */
export const CAPITALS = `france=paris germany=berlin italy=rome spain=madrid portugal=lisbon england=london united_kingdom=london ireland=dublin scotland=edinburgh wales=cardiff netherlands=amsterdam belgium=brussels luxembourg=luxembourg switzerland=bern austria=vienna denmark=copenhagen
sweden=stockholm norway=oslo finland=helsinki iceland=reykjavik poland=warsaw czech_republic=prague czechia=prague slovakia=bratislava hungary=budapest romania=bucharest bulgaria=sofia greece=athens turkey=ankara russia=moscow ukraine=kyiv/kiev belarus=minsk lithuania=vilnius latvia=riga estonia=tallinn serbia=belgrade
croatia=zagreb slovenia=ljubljana albania=tirana malta=valletta cyprus=nicosia georgia=tbilisi/atlanta armenia=yerevan azerbaijan=baku kazakhstan=astana china=beijing japan=tokyo south_korea=seoul north_korea=pyongyang taiwan=taipei vietnam=hanoi thailand=bangkok cambodia=phnom malaysia=kuala indonesia=jakarta/nusantara philippines=manila
india=delhi pakistan=islamabad bangladesh=dhaka nepal=kathmandu afghanistan=kabul iran=tehran iraq=baghdad syria=damascus lebanon=beirut jordan=amman saudi_arabia=riyadh qatar=doha kuwait=kuwait oman=muscat egypt=cairo libya=tripoli tunisia=tunis algeria=algiers morocco=rabat ethiopia=addis kenya=nairobi uganda=kampala
tanzania=dodoma rwanda=kigali nigeria=abuja ghana=accra senegal=dakar angola=luanda zambia=lusaka zimbabwe=harare canada=ottawa united_states=washington mexico=mexico cuba=havana jamaica=kingston colombia=bogota venezuela=caracas ecuador=quito peru=lima chile=santiago argentina=buenos uruguay=montevideo paraguay=asuncion brazil=brasilia australia=canberra new_zealand=wellington`;
