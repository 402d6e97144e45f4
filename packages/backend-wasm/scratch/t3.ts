import { sequential, train } from '@neurite/core';
import { wasm } from '../src/index.ts';
import { dense, dropout } from '../../layers/src/index.ts';
import { relu } from '../../activations/src/index.ts';
import { softmaxCrossEntropy } from '../../losses/src/index.ts';
import { momentum } from '../../optimizers/src/index.ts';
const rows = [[[2,6,2],10],[[2,20,20,2],10],[[784,128,10],64],[[784,512,256,10],128],[[3072,100,10],128],[[3072,1024,512,10],256]] as [number[], number][];
const rnd = (n: number) => Float32Array.from({length:n}, (_, i) => Math.sin(i*12.9898)*43758.5453 % 1);
for (const [sizes, b] of rows.slice(+(process.argv[3] ?? 0), +(process.argv[2] ?? 6))) {
  const net = sequential([sizes[0]!], sizes.slice(1).flatMap((units, i) => i < sizes.length-2 ? [dense({ units, activation: relu() }), dropout({rate: 0.1})] : [dense({ units })]));
  const opts = { loss: softmaxCrossEntropy(), optimizer: momentum({learningRate:0.01}), seed: 1 };
  const batch = { inputs: rnd(b*sizes[0]!), targets: Array.from({length:b}, (_, i) => i*7 % sizes.at(-1)!) };
  for (const threads of [1, 2]) {
    const backend = wasm({ threads });
    const t = await train(net, { ...opts, backend });
    const losses = [];
    const n = sizes[0] === 2 ? 2000 : sizes[1]! < 1024 ? 20 : 4;
    for (let i=0;i<4;i++) losses.push(await t.step(batch));
    let best = 1e9;
    for (let r=0;r<8;r++) { const s = performance.now(); for (let i=0;i<n;i++) await t.step(batch); best = Math.min(best, (performance.now()-s)/n); }
    const p = await t.readParameters(); let h = 0; for (const v of Object.values(p)) for (const x of v) h = (h * 31 + new Int32Array(new Float32Array([x]).buffer)[0]!) | 0;
    console.log(sizes.join('-'), b, threads, (best*1000).toFixed(1), 'us', losses.slice(0,3), 'hash', h, JSON.stringify((backend as any).report()));
    t.release();
  }
}
