/** Defined by the build of a bundle only; see paths.js. */
declare const DJDESK_ROOT: string | undefined;
declare const DJDESK_PRELOAD: string | undefined;
