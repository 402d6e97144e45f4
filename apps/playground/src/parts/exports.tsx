// What can be taken along: a link that replays the run, a script, everything that was learned, a picture.
import { askParameters } from '../client.ts';
import { toHash } from '../spec/address.ts';
import { domainOf } from '../spec/points.ts';
import { toScript } from '../spec/script.ts';
import type { Program } from '../spec/spec.ts';
import { frame, info, notice, otherInfo, points, theme } from '../state.ts';
import { drawPicture } from '../views/drawRegions.ts';
import { paletteOf } from '../views/palette.ts';

/** The programs of the runs as far as they are shown to have gone. */
function programsNow(): Program[] {
  const shown = frame.value;
  return [info.value?.program, otherInfo.value?.program].flatMap((program, i) =>
    program ? [{ ...program, steps: (i === 0 ? shown?.head : undefined) ?? program.steps }] : [],
  );
}

export function address(): string {
  return `${location.href.replace(/#.*/, '')}#${toHash(programsNow())}`;
}

function download(name: string, content: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

function say(text: string): void {
  notice.value = text;
  setTimeout(() => {
    if (notice.value === text) notice.value = '';
  }, 3000);
}

async function copyLink(): Promise<void> {
  const link = address();
  history.replaceState(null, '', link);
  try {
    await navigator.clipboard.writeText(link);
    say('link copied');
  } catch {
    say('the link is in the address bar');
  }
}

async function saveScript(): Promise<void> {
  const { program } = await askParameters();
  download('train.mjs', new Blob([toScript(program)], { type: 'text/javascript' }));
  say('train.mjs: npm install what its first line says, then node train.mjs');
}

async function saveJson(): Promise<void> {
  const { json } = await askParameters();
  download('network.json', new Blob([json], { type: 'application/json' }));
}

function savePicture(): void {
  const shown = frame.value;
  const own = points.value;
  if (!shown || !own) return;
  const canvas = document.createElement('canvas');
  canvas.width = 1024;
  canvas.height = 1024;
  const context = canvas.getContext('2d');
  if (!context) return;
  const palette = paletteOf(theme.value);
  drawPicture(context, 1024, { regions: shown.live.regions, points: own, domain: domainOf(own), palette });
  canvas.toBlob((picture) => picture && download(`step-${shown.live.step}.png`, picture));
}

export function Exports() {
  return (
    <details class="more exports">
      <summary>Share</summary>
      <div class="popup right">
        <button type="button" onClick={copyLink}>
          Copy a link that replays this run
        </button>
        <button type="button" onClick={saveScript}>
          Save as code
        </button>
        <button type="button" onClick={saveJson}>
          Save as JSON, with the weights
        </button>
        <button type="button" onClick={savePicture}>
          Save the picture
        </button>
      </div>
    </details>
  );
}
