import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { toggleTheme } from "../parts/theme.ts";
import { ArchivePage } from "./archive-page.tsx";
import { GatewayPage } from "./gateway-page.tsx";
import { MonitorPage } from "./monitor-page.tsx";
import { PlaygroundPage } from "./playground-page.tsx";
import { RunPage } from "./run-page.tsx";

const PAGES: readonly { readonly id: string; readonly title: string; readonly Page: ComponentType }[] = [
  { id: "run", title: "Run", Page: RunPage },
  { id: "archive", title: "Archive", Page: ArchivePage },
  { id: "gateway", title: "Gateway", Page: GatewayPage },
  { id: "monitor", title: "Monitor", Page: MonitorPage },
  { id: "playground", title: "Playground", Page: PlaygroundPage },
];

/** The console: one page at a time, chosen by the address's fragment. */
export function App() {
  const [id, setId] = useState(pageId());
  useEffect(() => {
    const follow = (): void => setId(pageId());
    window.addEventListener("hashchange", follow);
    return () => window.removeEventListener("hashchange", follow);
  }, []);
  const current = PAGES.find((page) => page.id === id) ?? PAGES[0];
  return (
    <main>
      <header class="row spread">
        <h1>Rampart</h1>
        <nav class="tabs" aria-label="Pages">
          {PAGES.map((page) => (
            <a key={page.id} href={`#${page.id}`} aria-current={page.id === current?.id ? "page" : undefined}>
              {page.title}
            </a>
          ))}
        </nav>
        <button type="button" onClick={toggleTheme}>
          Light / dark
        </button>
      </header>
      {current !== undefined && <current.Page />}
    </main>
  );
}

function pageId(): string {
  return location.hash.slice(1);
}
