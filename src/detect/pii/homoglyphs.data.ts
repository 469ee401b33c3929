/** Data: Cyrillic, Greek and Armenian letters that look like Latin ones (subset of Unicode UTS 39 confusables). */
export const HOMOGLYPHS: Readonly<Record<string, string>> = {
  а: "a", в: "b", с: "c", ԁ: "d", е: "e", ё: "e", һ: "h", і: "i", ї: "i", ј: "j", к: "k", ӏ: "l", м: "m", н: "h",
  о: "o", р: "p", ԛ: "q", г: "r", ѕ: "s", т: "t", у: "y", ѵ: "v", ԝ: "w", х: "x", ү: "y",
  А: "A", В: "B", С: "C", Е: "E", Ё: "E", Н: "H", І: "I", Ј: "J", К: "K", М: "M", О: "O", Р: "P", Ѕ: "S", Т: "T",
  У: "Y", Х: "X", Ү: "Y", Ԛ: "Q", Ԝ: "W", Ӏ: "I",
  α: "a", β: "b", ε: "e", ι: "i", κ: "k", ν: "v", ο: "o", ρ: "p", τ: "t", υ: "u", χ: "x", γ: "y", η: "n", ϲ: "c",
  ϳ: "j", ω: "w",
  Α: "A", Β: "B", Ε: "E", Ζ: "Z", Η: "H", Ι: "I", Κ: "K", Μ: "M", Ν: "N", Ο: "O", Ρ: "P", Τ: "T", Υ: "Y", Χ: "X",
  օ: "o", ս: "u", ո: "n", հ: "h", ց: "g", զ: "q",
};
