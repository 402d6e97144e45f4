import { sequential, train, accuracy } from '@neurite/core';
import { cpu } from '../../backend-cpu/src/index.ts';
import { wasm } from '../src/index.ts';
import { dense, dropout } from '../../layers/src/index.ts';
import { relu, tanh, sigmoid } from '../../activations/src/index.ts';
import { softmaxCrossEntropy, multiclassHinge } from '../../losses/src/index.ts';
import { momentum, adam, sgd } from '../../optimizers/src/index.ts';
import { l2 } from '../../regularizers/src/index.ts';
const rows = [[[2,6,2],10],[[2,20,20,2],10],[[784,128,10],64],[[784,512,256,10],128],[[3072,100,10],128],[[3072,1024,512,10],256]] as [number[], number][];
const rnd = (n: number) => Float32Array.from({length:n}, (_, i) => Math.sin(i*12.9898)*43758.5453 % 1);
for (const [sizes, b] of rows.slice(0, +(process.argv[2] ?? 6))) {
  const net = sequential([sizes[0]!], sizes.slice(1).map((units, i) => dense({ units, ...(i < sizes.length-2 && { activation: relu() }) })));
  const opts = { loss: softmaxCrossEntropy(), optimizer: momentum({learningRate:0.01}), seed: 1 };
  const batch = { inputs: rnd(b*sizes[0]!), targets: Array.from({length:b}, (_, i) => i*7 % sizes.at(-1)!) };
  const out: any = {};
  for (const [name, backend] of [['cpu', cpu()], ['wasm', wasm()]] as const) {
    if (name === 'cpu' && sizes[1]! >= 1024) continue;
    const t0 = performance.now();
    const t = await train(net, { ...opts, backend });
    const losses = [];
    losses.push(await t.step(batch));
    const t1 = performance.now();
    const n = sizes[0] === 2 ? 2000 : sizes[1]! < 1024 ? 20 : 4;
    for (let i=0;i<4;i++) losses.push(await t.step(batch));
    let best = 1e9;
    for (let r=0;r<5;r++) { const s = performance.now(); for (let i=0;i<n;i++) await t.step(batch); best = Math.min(best, (performance.now()-s)/n); }
    out[name] = { losses, us: best*1000, start: t1-t0, p: (await t.readParameters())['hidden1.weight']!.slice(0,3) };
    t.release();
  }
  console.log(sizes.join('-'), b, JSON.stringify(out));
}
