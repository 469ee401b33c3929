/** What detectors need from outside: policies and models from files, OCR, model runtimes, services. */
export {
  createGuard,
  type LibraryGuardOptions,
  loadPolicy,
  packagePath,
  SHIPPED_POLICIES,
  shippedModels,
} from "./library.ts";
