import Type from "typebox";
import { closed, KIB, MIB } from "./fields.ts";

/** How large and deep requests and answers may be. */
export const BoundsConfigSchema = Type.Object(
  {
    bodyBytes: Type.Integer({
      minimum: 1,
      default: 10 * MIB,
      description: "largest request body, compressed or not",
    }),
    decompressionRatio: Type.Number({
      minimum: 1,
      default: 100,
      description:
        "most bytes that one byte of a compressed body may become, beside `bodyBytes`; 64 KiB are always allowed",
    }),
    headerBytes: Type.Integer({
      minimum: 1024,
      default: 16 * KIB,
      description: "largest request header block",
    }),
    jsonDepth: Type.Integer({
      minimum: 4,
      maximum: 1000,
      default: 64,
      description: "deepest nesting of a body",
    }),
    answerBytes: Type.Integer({
      minimum: 1024,
      default: 32 * MIB,
      description: "largest plain upstream answer",
    }),
    eventBytes: Type.Integer({
      minimum: 1024,
      default: 4 * MIB,
      description: "largest server-sent event of an upstream stream",
    }),
    batchTexts: Type.Integer({
      minimum: 1,
      default: 100,
      description: "most texts in one detection request",
    }),
  },
  { ...closed, default: {} },
);
