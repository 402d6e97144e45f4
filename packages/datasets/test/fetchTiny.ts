// A process that fetches: `node fetchTiny.ts CACHE`. Tests end it in the middle.
import { imagesOf } from '../src/node/imagePackage.ts';
import { tinyPackage } from './tinyPackage.ts';

await imagesOf(tinyPackage, { cacheFolder: process.argv[2] });
