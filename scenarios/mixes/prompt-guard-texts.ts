/** The eight texts with personal data that the second seed's users send: its values, our wording. */

/** A personal value and what it is. */
export interface PersonalValue {
  readonly kind: string;
  readonly value: string;
}

/** A text and every personal value in it. */
export interface PersonalText {
  readonly text: string;
  readonly values: readonly PersonalValue[];
}

const of = (text: string, values: Readonly<Record<string, string>>): PersonalText => ({
  text,
  values: Object.entries(values).map(([kind, value]) => ({ kind, value })),
});

/** Source of the values: the load file of the second seed. */
export const PERSONAL_TEXTS: readonly PersonalText[] = [
  of("Could you write to john@example.com and say that the draft is ready?", { email: "john@example.com" }),
  of("Please call me back, my phone number is 555-123-4567, any time after lunch.", {
    phone: "555-123-4567",
  }),
  of("Hello there! My name is Alice Johnson and I would like to change my plan.", { name: "Alice Johnson" }),
  of("Book a follow-up with Dr. Sarah Johnson. Her email is sarah@hospital.com and her phone is 555-0123.", {
    name: "Sarah Johnson",
    email: "sarah@hospital.com",
    phone: "555-0123",
  }),
  of("Open an account. Name: John Smith, SSN: 123-45-6789, email: john@example.com.", {
    name: "John Smith",
    ssn: "123-45-6789",
    email: "john@example.com",
  }),
  of("Please contact Bob Williams by email at bob@company.com or by phone at 555-9876.", {
    name: "Bob Williams",
    email: "bob@company.com",
    phone: "555-9876",
  }),
  of(
    [
      "Sum this patient record up in one line:",
      "Patient: Jane Doe",
      "Date of birth: 1985-03-15",
      "SSN: 987-65-4321",
      "Email: jane.doe@email.com",
      "Phone: 555-1234",
      "Address: 123 Main St, Boston, MA",
    ].join("\n"),
    {
      name: "Jane Doe",
      "date of birth": "1985-03-15",
      ssn: "987-65-4321",
      email: "jane.doe@email.com",
      phone: "555-1234",
      street: "123 Main St",
      city: "Boston",
    },
  ),
  of(
    [
      "Check this employee record for mistakes:",
      "Name: Michael Chen",
      "Employee ID: EMP-12345",
      "Email: m.chen@company.com",
      "Phone: +1-555-0100",
      "Credit Card: 4532-1234-5678-9010",
    ].join("\n"),
    {
      name: "Michael Chen",
      "employee id": "EMP-12345",
      email: "m.chen@company.com",
      phone: "+1-555-0100",
      card: "4532-1234-5678-9010",
    },
  ),
];

/** Every personal value of the texts, each once. */
export const PERSONAL_VALUES: readonly PersonalValue[] = [
  ...new Map(PERSONAL_TEXTS.flatMap((text) => text.values.map((entry) => [entry.value, entry]))).values(),
];
