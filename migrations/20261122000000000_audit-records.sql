-- Up Migration

-- One row for each log on disk: how far it was copied, what it lost before it could be copied, what retention deleted.
CREATE TABLE audit_logs (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL UNIQUE,
  shipped_seq bigint NOT NULL DEFAULT 0,
  shipped_hash text NOT NULL DEFAULT repeat('0', 64),
  shipped_file integer NOT NULL DEFAULT 0,
  shipped_bytes bigint NOT NULL DEFAULT 0,
  missed bigint NOT NULL DEFAULT 0,
  pruned_seq bigint NOT NULL DEFAULT 0,
  pruned_hash text NOT NULL DEFAULT repeat('0', 64)
);

-- What a request is filtered by: what became of it, entity types, injection types.
CREATE FUNCTION audit_types(record json) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT ARRAY[record ->> 'action']
    || ARRAY(SELECT json_object_keys(record -> 'findingsByType'))
    || ARRAY(SELECT json_array_elements_text(record #> '{injection,types}'))
$$;

-- `record` holds the line of the log byte for byte, which is what its hash is about (the type json keeps the text, jsonb would
-- not). The other columns are generated from it, so that none can be changed without the record.
CREATE TABLE audit_records (
  log_id integer NOT NULL REFERENCES audit_logs (id),
  record json NOT NULL,
  seq bigint NOT NULL GENERATED ALWAYS AS ((record ->> 'seq')::bigint) STORED,
  ts bigint NOT NULL GENERATED ALWAYS AS ((record ->> 'ts')::bigint) STORED,
  hash bytea NOT NULL GENERATED ALWAYS AS (decode(record ->> 'hash', 'hex')) STORED,
  prev bytea NOT NULL GENERATED ALWAYS AS (decode(record ->> 'prev', 'hex')) STORED,
  kind text NOT NULL GENERATED ALWAYS AS (record ->> 'kind') STORED,
  tenant text GENERATED ALWAYS AS (record ->> 'tenant') STORED,
  route text COLLATE "C" GENERATED ALWAYS AS (record ->> 'route') STORED,
  status smallint GENERATED ALWAYS AS ((record ->> 'status')::smallint) STORED,
  types text[] GENERATED ALWAYS AS (audit_types(record)) STORED,
  PRIMARY KEY (log_id, seq, hash)
);

CREATE INDEX audit_records_by_time ON audit_records (ts, seq, log_id) WHERE kind = 'exchange';
CREATE INDEX audit_records_by_tenant ON audit_records (tenant, ts, seq, log_id) WHERE kind = 'exchange';
CREATE INDEX audit_records_by_route ON audit_records (route, ts, seq, log_id) WHERE kind = 'exchange';
CREATE INDEX audit_records_by_status ON audit_records (status, ts, seq, log_id) WHERE kind = 'exchange';
CREATE INDEX audit_records_by_type ON audit_records USING gin (types) WHERE kind = 'exchange';
CREATE INDEX audit_records_about_logs ON audit_records (kind, ts, seq, log_id) WHERE kind <> 'exchange';

-- Down Migration

DROP TABLE audit_records;
DROP FUNCTION audit_types(json);
DROP TABLE audit_logs;
