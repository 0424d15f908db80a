// How large the chunks of an upload are: larger with each that arrives, up to the largest that pays, and smaller on a
// connection that breaks before one is through. A chunk that breaks off is sent again from its beginning, because its checksum
// is of the whole of it, so on such a connection only smaller ones ever arrive.

export const SMALLEST = 128 * 1024;

const FIRST = 8 * 1024 * 1024;

export const first = (largest) => Math.min(FIRST, largest);

export const halved = (bytes) => Math.max(SMALLEST, Math.floor(bytes / 2));

// A quarter more after each chunk that arrived: soon at full size, without testing a bad connection with every chunk.
export const regrown = (bytes, largest) => Math.min(largest, Math.ceil(bytes * 1.25));
