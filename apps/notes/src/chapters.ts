// The chapters, as in the notes, and the claims of each: every file in claims/<chapter>/.
import type { Claim } from './claim.ts';

export interface Chapter {
  /** Of its folder, and of its page. */
  readonly id: string;
  readonly title: string;
  readonly lead: string;
  readonly claims: readonly { readonly id: string; readonly claim: Claim }[];
}

const files = import.meta.glob<Claim>('./claims/*/*.ts', { eager: true, import: 'claim' });

const chapter = (id: string, title: string, lead: string): Chapter => ({
  id,
  title,
  lead,
  claims: Object.entries(files)
    .flatMap(([path, claim]) => {
      const [, folder, file] = /([^/]+)\/([^/]+)\.ts$/.exec(path) as unknown as [string, string, string];
      return folder === id ? [{ id: file, claim }] : [];
    })
    .sort((a, b) => a.claim.number - b.claim.number),
});

export const chapters: readonly Chapter[] = [
  chapter(
    'introduction',
    'Without a brain',
    'A neural network is a function: products with matrices, and something that bends in between. Everything else in this book is about what that function can be, and how its numbers are found.',
  ),
  chapter(
    'neuron',
    'One neuron',
    'The smallest network has one unit. It weighs its inputs, adds them up, and passes the sum through a curve.',
  ),
  chapter(
    'classifier',
    'A neuron is a linear classifier',
    'One unit already divides its inputs in two. Which classifier it is — softmax or support vector machine — is decided by the loss alone.',
  ),
  chapter(
    'activations',
    'Activation functions and their faults',
    'Every activation that has been popular has a flaw, and each flaw can be provoked. Here they are provoked.',
  ),
  chapter(
    'architectures',
    'Layers, sizes, and the forward pass',
    'Units come in layers because a layer is one matrix: that is what makes a network fast, and easy to count.',
  ),
  chapter(
    'power',
    'Representational power',
    'With one hidden layer a network can be any continuous function. The proof is a construction, and a construction can be run.',
  ),
  chapter(
    'capacity',
    'Capacity and regularization',
    'Larger networks can say more, also about the noise. The remedy is a penalty, not a smaller network.',
  ),
  chapter('summary', 'To sum up', 'How large these networks are beside others, and a place to play.'),
];
