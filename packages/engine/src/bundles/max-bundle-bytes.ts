/** The largest code file that is stored. Larger ones belong into an image. */
export const MAX_BUNDLE_BYTES = 20 * 1024 * 1024
