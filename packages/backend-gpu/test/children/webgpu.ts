// WebGPU in a process of its own, which has to find the driver when it starts. Prints what it found out, as JSON.
import { gpu } from '../../src/index.ts';
import { provideWebGpu } from '../../src/webGpuInNode.ts';
import { emulatedSuite } from '../emulatedSuite.ts';
import { stepping } from '../stepping.ts';
import { countLiving, watch } from '../watch.ts';

const whole = process.env.WHOLE_SUITE !== undefined;
await provideWebGpu();
watch();
const backend = gpu({ mode: 'webgpu' });
const passed: string[] = [];
const failed: string[] = [];
for (const { name, run } of emulatedSuite(() => backend, whole)) {
  await run().then(
    () => passed.push(name),
    (error: Error) => failed.push(`${name}: ${error.message}`),
  );
}

const { executable, step } = await stepping(backend);
await step(50);
const before = countLiving();
await step(10_000);
const after = countLiving();
executable.release();
console.log(JSON.stringify({ mode: backend.report()?.mode, passed, failed, before, after }));
