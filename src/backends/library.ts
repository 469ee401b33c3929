/**
 * The door `rampart/detect` of the package: the detection library with the policies and models that ship. The build makes
 * one file of it and all that it imports, because a hundred small files take twice as long to load as one.
 */
export * from "#detect";
export {
  createGuard,
  createShippedBiasDetector,
  createShippedGroundingDetector,
  type LibraryGuardOptions,
  loadPolicy,
  packagePath,
  SHIPPED_POLICIES,
  shippedModels,
} from "./shipped.ts";
