// What lives on GPUs, counted where it is made; and GPUs that go away, as drivers that crash do.

const contexts = new Set<WebGL2RenderingContext>();
const devices = new Set<{ destroy(): void }>();
const living = new Set<unknown>();

type Method = (this: object, ...values: unknown[]) => unknown;

/** Calls `after` behind a method of a class, if the platform has that. */
function behind(
  name: string,
  method: string,
  after: (self: object, result: unknown, first: unknown) => void,
): void {
  const prototype = (
    globalThis as unknown as Record<string, { prototype: Record<string, Method> } | undefined>
  )[name]?.prototype;
  const original = prototype?.[method];
  if (!prototype || !original) return;
  prototype[method] = function (...values) {
    const result = original.apply(this, values);
    after(this, result, values[0]);
    return result;
  };
}

/** Begins to count textures of WebGL 2 and buffers of WebGPU. */
export function watch(): void {
  behind('WebGL2RenderingContext', 'createTexture', (context, texture) => {
    contexts.add(context as WebGL2RenderingContext);
    living.add(texture);
  });
  behind('WebGL2RenderingContext', 'deleteTexture', (_, _result, texture) => {
    living.delete(texture);
  });
  behind('GPUDevice', 'createBuffer', (device, buffer) => {
    devices.add(device as { destroy(): void });
    living.add(buffer);
  });
  behind('GPUBuffer', 'destroy', (buffer) => {
    living.delete(buffer);
  });
}

/** Textures and buffers that were made and not given back. */
export const countLiving = (): number => living.size;

/** Takes all GPUs away. */
export function loseGpus(): void {
  for (const context of contexts) context.getExtension('WEBGL_lose_context')?.loseContext();
  for (const device of devices) device.destroy();
  contexts.clear();
  devices.clear();
}
