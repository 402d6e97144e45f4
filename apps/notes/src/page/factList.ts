// Facts as a list: a mark, what was measured, what was wanted.
import type { Fact } from '../fact.ts';
import { escapeText } from '../figure/svg.ts';

const mark = ({ holds }: Fact): readonly [sign: string, said: string, look: string] => {
  if (holds === undefined) return ['○', 'Reported', 'reported'];
  return holds ? ['✓', 'Holds', 'holds'] : ['✗', 'Does not hold', 'fails'];
};

/** Numbers such as 1.2 · 10^-5 with a raised exponent. */
const printed = (text: string): string => escapeText(text).replaceAll(/10\^(-?\d+)/g, '10<sup>$1</sup>');

export const factList = (facts: readonly Fact[]): string =>
  `<ul>${facts
    .map((fact) => {
      const [sign, said, look] = mark(fact);
      const wanted = fact.wanted === '' ? '' : `<span class="wanted">wanted: ${printed(fact.wanted)}</span>`;
      return `<li class="${look}"><span class="mark" role="img" aria-label="${said}">${sign}</span><span class="what">${escapeText(fact.what)}</span><strong${fact.measured.length > 22 ? ' class="long"' : ''}>${printed(fact.measured)}</strong>${wanted}</li>`;
    })
    .join('')}</ul>`;
