// A process of its own: trains at the top level, says what came out, releases nothing, and is expected to end by itself.
import { trainedHash } from './trainedHash.ts';

const alone = await trainedHash(1, false);
const together = await trainedHash(2, false);
const deterministic = await trainedHash(2, true);
console.log(JSON.stringify({ alone, together, deterministic }));
