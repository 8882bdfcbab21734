/** Defined only in bundles; see paths.js. */
declare const DJDESK_ROOT: string | undefined;
declare const DJDESK_PRELOAD: string | undefined;
