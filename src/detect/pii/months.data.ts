/** Data: month names and abbreviations in seven languages (Unicode CLDR, format and stand-alone forms), lower case. */
export const MONTHS: ReadonlySet<string> = new Set(
  (
    "january february march april may june july august september october november december " +
    "jan feb mar apr jun jul aug sep sept oct nov dec " +
    "januar jänner februar märz mai juni juli oktober dezember mär okt dez " +
    "janvier février mars avril juin juillet août septembre octobre novembre décembre janv févr avr juil déc " +
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre ene abr ago dic " +
    "gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre gen mag giu lug set ott " +
    "janeiro fevereiro março maio junho julho setembro outubro novembro dezembro fev mai out " +
    "januari februari maart mei augustus december mrt"
  ).split(" "),
);
