// The codes a socket closes with, as in transcripts/sockets/codes.py; a test compares them.
export const SIGNED_OUT = 4401;
export const VIEW_ONLY = 4403;
export const GONE = 4404;
export const ELSEWHERE = 4409;
export const AGAIN = 4412;
export const FULL = 4429;
// Sent by the server itself when it can't keep up with a page.
export const TOO_FAST = 1013;
