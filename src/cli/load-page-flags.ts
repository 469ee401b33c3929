/** Flags of `rampart load` about its web page; Locust's names. */
import { Option } from "commander";
import { LOGIN_VARIABLE } from "./load-page-settings.ts";
import { portNumber, wholeNumber } from "./numbers.ts";

/** Whether there is a web page, and how it is served. */
export function pageFlags(): Option[] {
  return [
    new Option("--headless", "no web page: run in the terminal").env("LOCUST_HEADLESS"),
    new Option("--autostart", "start at once, with the web page").env("LOCUST_AUTOSTART"),
    new Option("--autoquit <seconds>", "end the web page so long after the run")
      .env("LOCUST_AUTOQUIT")
      .argParser(wholeNumber(0)),
    new Option("--web-host <address>", "address of the web page").env("LOCUST_WEB_HOST").default("127.0.0.1"),
    new Option("-P, --web-port <port>", "port of the web page")
      .env("LOCUST_WEB_PORT")
      .argParser(portNumber)
      .default(8089),
    new Option("--web-base-path <path>", "path before all routes of the web page, such as /lab").env(
      "LOCUST_WEB_BASE_PATH",
    ),
    new Option("--tls-cert <file>", "certificate chain (PEM): serve the web page over https").env(
      "LOCUST_TLS_CERT",
    ),
    new Option("--tls-key <file>", "key (PEM) of --tls-cert").env("LOCUST_TLS_KEY"),
    new Option(
      "--web-login",
      `ask for a user and a password before the web page; they stand in the variable ${LOGIN_VARIABLE} as user:password`,
    ).env("LOCUST_WEB_LOGIN"),
    new Option("--class-picker", "let the web page choose the user classes and the shape of a run").env(
      "LOCUST_USERCLASS_PICKER",
    ),
  ];
}
