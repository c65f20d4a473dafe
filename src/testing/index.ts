export { type ContractApi, type ContractApiOptions, contractApi } from "./server/contract-api.ts";
export {
  type Drift,
  disconnected,
  drifted,
  type Fault,
  failing,
  rateLimited,
  silent,
  truncated,
} from "./server/faults.ts";
export { type VirtualTime, type VirtualTimeOptions, virtualTime } from "./virtual-time.ts";
