/** The guard between an application and its LLM providers. */
export { createGateway, type Gateway, type GatewayAddress, type GatewayOptions } from "./gateway.ts";
