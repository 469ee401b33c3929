import { render } from "preact";

render(<p>report</p>, document.getElementById("app") as HTMLElement);
