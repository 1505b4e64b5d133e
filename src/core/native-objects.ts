// Objects of native code that may not be cleared up while the process runs.

/**
 * Node.js 24.19 and later register a hook for each object of native code that is built against their headers; where they
 * clear one up while no script runs, they find no environment to take the hook from, and end the process.
 *
 * @see https://github.com/nodejs/node/issues/65446
 */
export const MUST_HOLD_NATIVE = Number(process.versions.node.split('.')[0]) >= 24

/** Until the process ends. */
const held: object[] = []

/** The object itself, held where `MUST_HOLD_NATIVE`. */
export function holdNative<T extends object>(native: T): T {
  if (MUST_HOLD_NATIVE) held.push(native)
  return native
}
