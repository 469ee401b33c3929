import Type from "typebox";
import { closed, milliseconds } from "./fields.ts";

const URL_PATTERN = "^postgres(?:ql)?://[^\\s]+$";

/** The PostgreSQL that holds a copy of the audit log for queries. Without a URL there is none. */
export const PostgresConfigSchema = Type.Object(
  {
    url: Type.Optional(
      Type.String({
        pattern: URL_PATTERN,
        description:
          "`postgresql://[user:password@]host[:port]/database[?sslmode=verify-full]`, PostgreSQL 12 or newer, encoding " +
          "UTF8; default: DATABASE_URL, else no PostgreSQL",
      }),
    ),
    readUrl: Type.Optional(
      Type.String({
        pattern: URL_PATTERN,
        description: "where `rampart audit` reads: a replica; default: DATABASE_READ_URL, else `url`",
      }),
    ),
    schema: Type.String({
      pattern: "^[a-z_][a-z0-9_]{0,62}$",
      default: "rampart",
      description: "schema of the tables; made when it is not there",
    }),
    poolMin: Type.Integer({
      minimum: 0,
      maximum: 100,
      default: 1,
      description: "connections of one process that stay open when idle",
    }),
    poolMax: Type.Integer({
      minimum: 1,
      maximum: 100,
      default: 20,
      description: "most connections of one process; copying the audit log uses at most 5 of them",
    }),
    connectionLifetimeMs: milliseconds(1_800_000, "age at which a connection is replaced by a new one"),
    idleConnectionMs: milliseconds(
      30_000,
      "time until a connection above the minimum that is not used is closed",
    ),
    connectTimeoutMs: milliseconds(
      5_000,
      "longest wait for a connection: a new one, or a free one of the pool",
    ),
    statementTimeoutMs: milliseconds(
      10_000,
      "time for one statement; a server that says nothing for that long counts as gone",
    ),
  },
  { ...closed, default: {} },
);
