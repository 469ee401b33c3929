import { useState } from "preact/hooks";
import type { LabScenario, LabStartRequest } from "#contract";
import { call, useFetched } from "./api.ts";

/** What the fields hold, as typed; an empty field leaves the scenario's own value. */
interface Fields {
  readonly scenario: string;
  readonly users: string;
  readonly spawnRatePerSec: string;
  readonly runTimeSec: string;
  readonly host: string;
  readonly shape: string;
  /** User classes that shall not run. */
  readonly leftOut: readonly string[];
}

const EMPTY: Fields = {
  scenario: "",
  users: "",
  spawnRatePerSec: "",
  runTimeSec: "",
  host: "",
  shape: "",
  leftOut: [],
};

/** Form of a new test, and the stop button of a running one. */
export function StartForm({ isBusy }: { readonly isBusy: boolean }) {
  const scenarios = useFetched<readonly LabScenario[]>("api/scenarios");
  const [fields, setFields] = useState<Fields>(EMPTY);
  const [error, setError] = useState<string | null>(null);
  const list = scenarios.kind === "ready" ? scenarios.value : [];
  const chosen =
    list.find(({ name }) => name === fields.scenario) ?? list.find(({ name }) => name === "light") ?? list[0];

  const send = (work: Promise<unknown>): void => {
    work.then(
      () => setError(null),
      (reason: Error) => setError(reason.message),
    );
  };
  const submit = (event: Event): void => {
    event.preventDefault();
    if (chosen !== undefined) send(call("api/run", toRequest(fields, chosen)));
  };
  const field = (name: Exclude<keyof Fields, "leftOut">, title: string, hint: string | number | null) => (
    <label class="field">
      {title}
      <input
        type="text"
        inputMode={name === "host" ? "url" : "decimal"}
        value={fields[name]}
        placeholder={hint === null ? "" : String(hint)}
        onInput={(event) => setFields({ ...fields, [name]: event.currentTarget.value })}
      />
    </label>
  );

  return (
    <section class="panel">
      <form class="start" onSubmit={submit}>
        <label class="field">
          Scenario
          <select
            value={chosen?.name ?? ""}
            onChange={(event) => setFields({ ...EMPTY, scenario: event.currentTarget.value })}
          >
            {list.map(({ name, error: broken }) => (
              <option key={name} value={name} disabled={broken !== null}>
                {name}
              </option>
            ))}
          </select>
        </label>
        {field("users", "Users (peak)", chosen?.users ?? null)}
        {field("spawnRatePerSec", "Users started per second", chosen?.spawnRatePerSec ?? null)}
        {field("runTimeSec", "Duration, seconds", chosen?.runTimeSec ?? "until stopped")}
        {field("host", "Host", chosen?.host ?? null)}
        {chosen !== undefined && chosen.shapes.length > 0 && (
          <label class="field">
            Load shape
            <select
              value={fields.shape}
              onChange={(event) => setFields({ ...fields, shape: event.currentTarget.value })}
            >
              <option value="">the scenario's own</option>
              {chosen.shapes.map((shape) => (
                <option key={shape}>{shape}</option>
              ))}
            </select>
          </label>
        )}
        {chosen?.picksClasses === true && (
          <UserClasses
            names={chosen.userClasses}
            leftOut={fields.leftOut}
            onChange={(leftOut) => setFields({ ...fields, leftOut })}
          />
        )}
        {isBusy ? (
          <button type="button" onClick={() => send(call("api/run/stop", {}))}>
            Stop
          </button>
        ) : (
          <button
            type="submit"
            class="primary"
            disabled={chosen === undefined || fields.leftOut.length >= Math.max(1, chosen.userClasses.length)}
          >
            Start
          </button>
        )}
      </form>
      <p class="muted">{scenarios.kind === "failed" ? scenarios.message : chosen?.description}</p>
      {(error ?? chosen?.error ?? null) !== null && <p class="error">{error ?? chosen?.error}</p>}
    </section>
  );
}

/** The user classes of a run, all chosen at first. */
function UserClasses(props: {
  readonly names: readonly string[];
  readonly leftOut: readonly string[];
  readonly onChange: (leftOut: readonly string[]) => void;
}) {
  const { names, leftOut, onChange } = props;
  return (
    <fieldset class="field">
      <legend>User classes</legend>
      {names.map((name) => (
        <label key={name}>
          <input
            type="checkbox"
            checked={!leftOut.includes(name)}
            onChange={(event) =>
              onChange(
                event.currentTarget.checked ? leftOut.filter((other) => other !== name) : [...leftOut, name],
              )
            }
          />{" "}
          {name}
        </label>
      ))}
    </fieldset>
  );
}

function toRequest(fields: Fields, { name, userClasses }: LabScenario): LabStartRequest {
  const { leftOut } = fields;
  return {
    scenario: name,
    ...(leftOut.length === 0 ? {} : { userClasses: userClasses.filter((other) => !leftOut.includes(other)) }),
    ...(fields.host === "" ? {} : { host: fields.host }),
    ...(fields.users === "" ? {} : { users: Number(fields.users) }),
    ...(fields.spawnRatePerSec === "" ? {} : { spawnRatePerSec: Number(fields.spawnRatePerSec) }),
    ...(fields.runTimeSec === "" ? {} : { runTimeSec: Number(fields.runTimeSec) }),
    ...(fields.shape === "" ? {} : { shape: fields.shape }),
  };
}
