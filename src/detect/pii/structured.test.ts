import { describe, expect, it } from "vitest";
import { resolveOverlaps } from "./resolve.ts";
import { createStructuredRecogniser } from "./structured.ts";

const recogniser = createStructuredRecogniser();

/** Findings of one type at or above the default threshold, as `value` texts. */
function values(text: string, type: string, threshold = 0.5): string[] {
  return resolveOverlaps(
    recogniser.find(text).filter((finding) => finding.type === type && finding.score >= threshold),
  ).map((finding) => text.slice(finding.start, finding.end));
}

describe("structured identifiers", () => {
  it.each([
    ["EMAIL_ADDRESS", "write to <o'neil+x@mail.example.co.uk>, soon", ["o'neil+x@mail.example.co.uk"]],
    ["EMAIL_ADDRESS", "'a@b.com' and jürgen@müller.de.", ["a@b.com", "jürgen@müller.de"]],
    ["EMAIL_ADDRESS", "email=a@b.com&x=1", ["a@b.com"]],
    ["PHONE_NUMBER", "my phone is 555-1234", ["555-1234"]],
    ["PHONE_NUMBER", "phone 555-0123 or +1-555-0100", ["555-0123", "+1-555-0100"]],
    ["PHONE_NUMBER", "(555) 123-4567 ext. 12", ["(555) 123-4567 ext. 12"]],
    ["PHONE_NUMBER", "Tel: +49 (0)30 901820", ["+49 (0)30 901820"]],
    ["PHONE_NUMBER", "it was +420 736 213 222 and never +999 1234 5678", ["+420 736 213 222"]],
    ["PHONE_NUMBER", "Ruf mich an: 0171 2345678", ["0171 2345678"]],
    ["US_SSN", "078-05-1123 and 856 45 6789", ["078-05-1123", "856 45 6789"]],
    ["US_SSN", "SSN: 987-65-4321", ["987-65-4321"]],
    ["US_SSN", "her social security number is 123456788", ["123456788"]],
    ["US_ITIN", "tax id 912-70-1234", ["912-70-1234"]],
    [
      "CREDIT_CARD",
      "4111-1111-1111-1111, 378282246310005, 3782 822463 10005",
      ["4111-1111-1111-1111", "378282246310005", "3782 822463 10005"],
    ],
    ["CREDIT_CARD", "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1", ["4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1"]],
    ["CREDIT_CARD", "Credit Card: 4532-1234-5678-9010", ["4532-1234-5678-9010"]],
    ["CARD_SECURITY_CODE", "CVV: 123", ["123"]],
    ["CARD_EXPIRY", "expires 12/27", ["12/27"]],
    ["CARD_SERVICE_CODE", "service code: 201", ["201"]],
    [
      "CARD_TRACK",
      "%B4111111111111111^DOE/JANE^27121010000000000?",
      ["%B4111111111111111^DOE/JANE^27121010000000000?"],
    ],
    ["PIN", "the PIN is 4321", ["4321"]],
    [
      "IBAN_CODE",
      "DE89 3704 0044 0532 0130 00 or GB82WEST12345698765432",
      ["DE89 3704 0044 0532 0130 00", "GB82WEST12345698765432"],
    ],
    ["BIC", "BIC: DEUTDEFF500", ["DEUTDEFF500"]],
    ["ABA_ROUTING_NUMBER", "routing number 021000021", ["021000021"]],
    ["US_BANK_NUMBER", "account number 000123456789", ["000123456789"]],
    ["US_PASSPORT", "passport no. A12345678", ["A12345678"]],
    ["US_DRIVER_LICENSE", "driver's license D1234567", ["D1234567"]],
    ["MEDICAL_RECORD_NUMBER", "MRN: 00123456 and MRN-778899", ["00123456", "MRN-778899"]],
    ["US_NPI", "NPI 1245319599", ["1245319599"]],
    ["MEDICAL_LICENSE", "DEA number AB1234563", ["AB1234563"]],
    ["US_MBI", "1EG4-TE5-MK73", ["1EG4-TE5-MK73"]],
    ["HEALTH_PLAN_NUMBER", "member ID: XYZ123456789", ["XYZ123456789"]],
    ["EMPLOYEE_ID", "badge EMP-12345", ["EMP-12345"]],
    ["IP_ADDRESS", "10.0.0.1, fe80::1 and ::ffff:10.0.0.2", ["10.0.0.1", "fe80::1", "::ffff:10.0.0.2"]],
    ["MAC_ADDRESS", "00:1a:2b:3c:4d:5e AA-BB-CC-DD-EE-FF", ["00:1a:2b:3c:4d:5e", "AA-BB-CC-DD-EE-FF"]],
    ["URL", "(see https://a.example/x_(y)?q=1).", ["https://a.example/x_(y)?q=1"]],
    ["URL", "www.example.org/a and example.com.", ["www.example.org/a", "example.com"]],
    ["CRYPTO", "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2", ["1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2"]],
    ["VIN", "1HGCM82633A004352", ["1HGCM82633A004352"]],
    ["DEVICE_ID", "IMEI 490154203237518", ["490154203237518"]],
    ["SECRET", "key AKIAIOSFODNN7EXAMPLE", ["AKIAIOSFODNN7EXAMPLE"]],
    ["SECRET", "api_key = 'Zx81kQp0LmN4rT7v'", ["Zx81kQp0LmN4rT7v"]],
    [
      "SECRET",
      "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----",
      ["-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----"],
    ],
    ["PASSWORD", 'password: "correct horse"', ["correct horse"]],
    ["PASSWORD", "my password is hunter2!", ["hunter2!"]],
    [
      "DATE_TIME",
      "on 2024-03-15T14:30Z, 5 May 2021 and May 5th, 2021",
      ["2024-03-15T14:30Z", "5 May 2021", "May 5th, 2021"],
    ],
    ["DATE_OF_BIRTH", "Date of birth: 1985-03-15; met on 2020-01-02", ["1985-03-15"]],
    ["DATE_OF_BIRTH", "geboren am 3. Mai 1985", ["3. Mai 1985"]],
    ["ZIP_CODE", "Boston, MA 02115-1234; ZIP: PE3 4WI", ["02115-1234", "PE3 4WI"]],
    ["PERSON", "My name is Alice van der Berg and I", ["Alice van der Berg"]],
    ["PERSON", "Patient: Jane Doe\nDr. O'Neil, je m'appelle Zoé", ["Jane Doe", "O'Neil", "Zoé"]],
  ])("%s in %j", (type, text, expected) => {
    expect(values(text, type)).toEqual(expected);
  });

  it.each([
    ["US_SSN", "order 123456789, part 000-12-3456, 666-12-3456"],
    ["CREDIT_CARD", "4111 1111 1111 1112 and 1234567890123456"],
    ["IBAN_CODE", "DE89 3704 0044 0532 0130 01"],
    ["PHONE_NUMBER", "2024-01-02, 1,234,567.89, 12345-6789, version 1.2.3.4"],
    ["IP_ADDRESS", "300.1.1.1, std::cout, 12:30:45, version 1.2.3.4"],
    ["URL", "e.g. this one, U.S. and will.i.am, file.Ext, 3.14"],
    ["EMAIL_ADDRESS", "@home, a@b, x@.com, twitter.com/@name"],
    ["PERSON", "I am Very happy. This is The end. Is Monday ok?"],
    ["DATE_TIME", "13/13/2021, 2021-13-01, 1.2.3.4, 99-99"],
    ["PASSWORD", "password: ********, password: <your password>, password=${PASSWORD}"],
    ["VIN", "1HGCM82633A004353"],
    ["CRYPTO", "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN3"],
    ["CARD_SECURITY_CODE", "there were 123 of them"],
    ["PERSON", "Contact Us or contact Support"],
    ["PHONE_NUMBER", "at 1:16 PM -0400 8/22/02"],
    ["MEDICAL_RECORD_NUMBER", "Public Records Act, Government Code Section 6250"],
    ["LICENSE_PLATE", "half a dozen plates sold at $6000"],
    ["US_BANK_NUMBER", "account for 2024 and 123456 items"],
  ])("no %s in %j", (type, text) => {
    expect(values(text, type)).toEqual([]);
  });

  it("finds nothing personal in a table of numbers", () => {
    const rows = Array.from(
      { length: 40 },
      (_, i) => `| ${i} | ${i * 37}.${i} | ${1900 + i} | ${i * 1000 + 7} | ${i}% |`,
    );
    expect(recogniser.find(rows.join("\n")).filter((finding) => finding.score >= 0.5)).toEqual([]);
  });
});
