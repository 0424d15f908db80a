// How large the parts of an upload are: as large as the server takes, smaller on a line that breaks before one is through.
// A part that breaks off is sent again from its beginning, so on such a line only smaller ones ever arrive.

export const SMALLEST = 128 * 1024;

export const first = (largest) => largest;

export const halved = (part) => Math.max(SMALLEST, Math.floor(part / 2));

// A quarter more after each part that arrived: back at full size soon, without testing a bad line with every part.
export const regrown = (part, largest) => Math.min(largest, Math.ceil(part * 1.25));
