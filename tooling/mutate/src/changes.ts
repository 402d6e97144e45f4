// The changes that are tried, node by node: operators, numbers, truth values, conditions, and above all the names of
// tensors' methods, in which plugins are written.
import { isNode, type Node } from './node.ts';

export interface Change {
  readonly start: number;
  readonly end: number;
  readonly becomes: string;
}

const operators: Readonly<Record<string, readonly string[]>> = {
  '+': ['-'],
  '-': ['+'],
  '*': ['/'],
  '/': ['*'],
  '%': ['*'],
  '**': ['*'],
  '<': ['<=', '>'],
  '<=': ['<', '>'],
  '>': ['>=', '<'],
  '>=': ['>', '<'],
  '===': ['!=='],
  '!==': ['==='],
  '&&': ['||'],
  '||': ['&&'],
  '++': ['--'],
  '--': ['++'],
  '+=': ['-='],
  '-=': ['+='],
  '*=': ['/='],
  '/=': ['*='],
};

const methods: Readonly<Record<string, readonly string[]>> = {
  add: ['sub'],
  sub: ['add'],
  mul: ['div'],
  div: ['mul'],
  less: ['lessEqual', 'greater'],
  lessEqual: ['less', 'greater'],
  greater: ['greaterEqual', 'less'],
  greaterEqual: ['greater', 'less'],
  equal: ['notEqual'],
  notEqual: ['equal'],
  maximum: ['minimum'],
  minimum: ['maximum'],
  max: ['min'],
  min: ['max'],
  sum: ['mean'],
  mean: ['sum'],
  reduce: ['reduceRight'],
  reduceRight: ['reduce'],
  // Limits of options.
  positive: ['number', 'nonNegative'],
  nonNegative: ['number', 'positive'],
  fraction: ['number', 'nonNegative'],
};

/** Functions in whose place another one of the same kind can stand. */
const functions: Readonly<Record<string, string>> = {
  glorotUniform: 'undefined',
  heNormal: 'undefined',
  heUniform: 'undefined',
  lecunNormal: 'undefined',
};

/** Calls that are never simply left out: what is left would be no such thing at all. */
const keeps = new Set([
  'map',
  'flatMap',
  'filter',
  'slice',
  'keys',
  'entries',
  'select',
  'number',
  'choice',
  'flag',
]);

const at = ({ start, end }: Node, becomes: string): Change => ({ start, end, becomes });

export function changesOf(node: Node, parent: Node | undefined, text: string): Change[] {
  const source = ({ start, end }: Node): string => text.slice(start, end);
  switch (node.type) {
    case 'BinaryExpression':
    case 'LogicalExpression': {
      const [left, right] = [node.left as Node, node.right as Node];
      if (node.operator === '??') return [at(node, source(left)), at(node, source(right))];
      return between(left, right, node.operator as string, text);
    }
    case 'AssignmentExpression':
      return between(node.left as Node, node.right as Node, node.operator as string, text);
    case 'UpdateExpression': {
      const operator = node.operator as string;
      return (operators[operator] ?? []).map((other) => at(node, source(node).replace(operator, other)));
    }
    case 'UnaryExpression':
      return ['-', '!', '+'].includes(node.operator as string)
        ? [at(node, source(node.argument as Node))]
        : [];
    case 'ConditionalExpression': {
      const [yes, no] = [source(node.consequent as Node), source(node.alternate as Node)];
      return [at(node, `(${yes})`), at(node, `(${no})`)];
    }
    case 'IfStatement':
    case 'WhileStatement':
      return ['true', 'false'].map((truth) => at(node.test as Node, truth));
    case 'Literal':
      return changesOfLiteral(node, parent);
    case 'CallExpression':
      return changesOfCall(node, source);
    case 'SpreadElement':
      return [at(node, parent?.type === 'ObjectExpression' ? '...{}' : '...[]')];
    case 'MemberExpression':
      return node.optional ? [at(node, source(node).replace('?.', '.'))] : [];
    default:
      return [];
  }
}

/** Other operators between two operands. */
function between(left: Node, right: Node, operator: string, text: string): Change[] {
  const start = text.indexOf(operator, left.end);
  if (start < 0 || start >= right.start) return [];
  return (operators[operator] ?? []).map((becomes) => ({ start, end: start + operator.length, becomes }));
}

function changesOfLiteral(node: Node, parent: Node | undefined): Change[] {
  const { value } = node;
  if (typeof value === 'boolean') return [at(node, String(!value))];
  if (typeof value === 'string') {
    const isKey = parent?.type === 'Property' && parent.key === node;
    const isForPeople = value.includes(' '); // "a list of names": words of a message
    return isKey || isForPeople ? [] : [at(node, `'${value}!'`)];
  }
  if (typeof value !== 'number') return [];
  // Whole numbers are counts and bounds, where the next one is the likely mistake; others are coefficients.
  const others = Number.isInteger(value) ? [value + 1, value - 1] : [value * 1.1, -value];
  return others.map((other) => at(node, other < 0 ? `(${other})` : String(other)));
}

function changesOfCall(node: Node, source: (node: Node) => string): Change[] {
  const callee = node.callee as Node;
  const given = node.arguments as readonly Node[];
  if (callee.type === 'Identifier') {
    const other = functions[callee.name as string];
    if (other !== undefined) return [at(node, other)];
    const [first] = given;
    return first && isValue(first) && given.length <= 3 ? [at(node, source(first))] : [];
  }
  if (callee.type !== 'MemberExpression' || callee.computed) return [];
  const [object, property] = [callee.object as Node, callee.property as Node];
  const name = property.name as string;
  const changes = (methods[name] ?? []).map((other) => at(property, other));
  if (name === 'select' && given.length === 2) {
    const [yes, no] = given as readonly [Node, Node];
    changes.push({ start: yes.start, end: no.end, becomes: `${source(no)}, ${source(yes)}` });
  }
  if (object.type === 'Identifier' && (object.name === 'Math' || object.name === 'Number')) {
    if (given[0]) changes.push(at(node, source(given[0])));
  } else if (!keeps.has(name) && !(object.type === 'Identifier' && object.name === 'option')) {
    changes.push(at(node, source(object)));
  }
  return changes;
}

/** An argument that can stand in place of what a function makes of it. */
const isValue = ({ type }: Node): boolean =>
  ['Identifier', 'CallExpression', 'MemberExpression', 'BinaryExpression'].includes(type) && isNode({ type });
