/* Data: pieces for made-up tables and for the noise that optimised attack suffixes consist of; own collection. */

/** Column name and patterns of its cells; `#` is a random digit. */
export const COLUMN_NAMES: readonly (readonly [name: string, ...cells: readonly string[]])[] = [
  ["Rank", "#", "##", "=#", "-"],
  ["Year", "19##", "20##", "200#–0#", "19## (#)"],
  ["Date", "# May 20##", "1# March 19##", "20##-0#-1#", "Saturday, June #", "Aug 1#, 20##"],
  ["Name", "Harbour Line", "Marta Lindqvist", "North Tower", "J. Okafor", "Rua Verde", "Lena Sørby", "St. Mary's", "Tomás Ruiz", "Quarry Hill", "Blue Arrow", "Akira Mori", "Hall of Records", "Nadia B.", "Old Mill"],
  ["Team", "Harlow Town", "FC Norden", "Real Ponte", "Bulldogs", "United", "Lakeside Rovers", "Tigers (C)", "Wolves II"],
  ["Score", "#–#", "#-#", "##–##", "# : #", "L ##–##", "W #–#"],
  ["Population", "#,###", "##,###", "###", "1,###,###", "—"],
  ["City", "Bergen", "Leeds", "São Pedro", "Minsk", "Lagos", "Boise, Idaho", "Kyoto", "Graz", "Perth"],
  ["Points", "#", "##", "###", "#.#", "—"],
  ["Result", "Won", "Lost", "Nominated", "Draw", "Retired", "4th", "DNF", "Did not start", "Qualified"],
  ["Country", "Sweden", "Kenya", "Chile", "Japan", "Total", "New Zealand", "Latvia", "Peru"],
  ["Height", "### ft (## m)", "#.## m", "## m", "6 ft # in"],
  ["Title", "\"Morning Rain\"", "The Long Way Home", "Une autre fois", "Shadows of Glass", "Episode #", "Der letzte Zug", "A Quiet Street", "What Is Love?", "Who Are You?", "Ask Me Tomorrow"],
  ["Notes", "", "Closed in 19##", "Also known as the Annex", "Replaced in 20##", "Reissue", "See also section #", "Scrapped", "First in class", "-", "n/a", "Loan until June", "Originally a warehouse", "Transferred to the city"],
  ["Attendance", "#,###", "##,###", "1#,###"],
  ["Price", "$##.##", "€ #,###", "£##", "##.# %", "$#.#m"],
  ["Type", "Freight", "Hospital", "Primary", "Mixed", "Data", "Village", "Senior", "Type A#"],
  ["Time", "#:##.##", "1#:## p.m.", "##:##", "+# laps", "#h ##m"],
];

/** Pieces of noise: code, markup, foreign words, cut words. */
export const GIBBERISH_PIECES: readonly string[] = [
  "\\!--", "](", "({", "}}", ")!", "=>", "::", "||", "\\_", "**", "\"]", "<?php", "?>", "//", "/*", "\\n", "${", "#{", "@{", "->", "--", "###", "[[", "]]", ";;", "…", "»", "€", "\\u", "%%", "}\\", "!!", "?!", "[@", "=\"", "'>", "+---", "~~", ":-)", "\\'",
  "Sure", "sure here", "similarlyNow", "writeTo", "oppositeley", "Responsible", "InitializeComponent", "usepackage", "tutorial", "revert", "Two", "newcommand", "begin", "printf", "getElement", "noindent", "textbf", "describing", "manifest", "interface", "sentences", "formatted", "Output", "Step", "title", "JSON", "html", "Angular", "steps", "table", "ABC", "summary", "reply", "WITH", "NOW", "english", "Deutsch", "vous", "comme", "einfach", "aber", "para", "quiero", "gracias", "mientras", "wobei", "zwischen", "ensuite", "donc", "pero", "sobre", "aus", "einer", "lors", "dans", "elles", "moins", "selon", "voor", "gegen", "Phrase", "Expl", "Conv", "ative", "ingly", "ization", "ously", "tion", "wards", "essel", "bere", "legt", "Cheers", "lawyer", "fiction", "weird", "inner", "three", "multiple", "Here", "example", "format", "begin{", "End", "plus", "minus", "cabe", "toire", "Sample", "dummy", "proto", "meta", "extra", "inspiring", "humor", "poem", "rhyme", "layout", "column", "slide", "bullet",
];
