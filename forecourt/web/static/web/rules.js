// What can still be had, asked of the same diagram as on the server (vehicles/rules/diagram.py says what its bytes mean).
const FAR = 2 ** 30;

export class Rules {
  constructor(bytes) {
    const data = new Uint8Array(bytes);
    if (String.fromCharCode(...data.subarray(0, 4)) !== "FCR1") throw new Error("These rules are of another version.");
    const length = new DataView(data.buffer, data.byteOffset).getUint32(4, true);
    const names = JSON.parse(new TextDecoder().decode(data.subarray(8, 8 + length)));
    this.names = names.variables.map(([name]) => name);
    this.values = names.variables.map(([, ...values]) => values);
    this.place = new Map(this.names.map((name, place) => [name, place]));
    this.code = this.values.map((values) => new Map(values.map((value, code) => [value, code])));
    const numbers = { data, at: 8 + length };
    this.parts = names.parts.map((variables) => read(variables, this.values, numbers));
    this.home = new Map();
    this.parts.forEach((part, at) => part.variables.forEach((place, level) => this.home.set(place, [at, level])));
    this.chosen = this.parts.map((part) => new Int32Array(part.variables.length).fill(-1));
    this.answers = this.parts.map(() => null);
    this.stale = new Set(this.parts.keys());
  }

  /** One click: `value` null takes the choice back. Only the part that it touches is asked again. */
  choose(name, value) {
    const [at, level] = this.home.get(this.place.get(name));
    this.chosen[at][level] = value === null ? -1 : this.code[this.place.get(name)].get(value);
    this.stale.add(at);
  }

  /** Whether some solution has this value and agrees with every other variable's choice. */
  can(name, value) {
    const place = this.place.get(name);
    const [at, level] = this.home.get(place);
    for (const part of this.stale) this.answers[part] = possible(this.parts[part], this.chosen[part]);
    this.stale.clear();
    if (this.answers.some((answer, other) => !answer.agree && other !== at)) return false;
    return this.answers[at].values[this.parts[at].offset[level] + this.code[place].get(value)] === 1;
  }

  /** For each variable the values that can be had. */
  possible() {
    return Object.fromEntries(
      this.names.map((name, place) => [name, this.values[place].filter((value) => this.can(name, value))]),
    );
  }

  /** The solution that has what is wanted and changes the fewest of `keep`, or null. Both are objects of values by name. */
  nearest(wanted, keep) {
    const found = {};
    for (const part of this.parts) {
      const costs = part.variables.map((place) => {
        const name = this.names[place];
        return this.values[place].map(
          (value) => (name in wanted && wanted[name] !== value ? FAR : 0) + (name in keep && keep[name] !== value ? 1 : 0),
        );
      });
      const path = cheapest(part, costs);
      if (!path) return null;
      path.forEach((code, level) => {
        const place = part.variables[level];
        found[this.names[place]] = this.values[place][code];
      });
    }
    return found;
  }
}

/** One part: edges in the order of their nodes, nodes in the order of their levels, so children come after parents. */
function read(variables, values, numbers) {
  const starts = [0];
  const first = [];
  const value = [];
  const child = [];
  let node = 0;
  for (let level = 0; level < variables.length; level++) {
    const nodes = next(numbers);
    const below = node + nodes;
    for (let each = 0; each < nodes; each++) {
      first.push(value.length);
      let code = 0;
      for (let edges = next(numbers); edges > 0; edges--) {
        code += next(numbers);
        value.push(code);
        child.push(below + next(numbers));
      }
    }
    node = below;
    starts.push(node);
  }
  first.push(value.length);
  const offset = [0];
  for (const place of variables) offset.push(offset.at(-1) + values[place].length);
  const end = node;
  return {
    variables,
    offset,
    end,
    starts: Int32Array.from(starts),
    first: Int32Array.from(first),
    value: Uint16Array.from(value),
    child: Int32Array.from(child),
    reached: new Uint8Array(end + 1),
    alive: new Uint8Array(end + 1),
  };
}

function next(numbers) {
  let number = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = numbers.data[numbers.at++];
    if (byte === undefined) throw new Error("These rules are cut off.");
    number |= (byte & 0x7f) << shift;
    if (byte < 0x80) return number;
  }
}

/** Forward: what can be reached by the choices above. Backward: what can be completed by those below. Where both meet over an edge,
 * its value can be had, whatever is chosen on its own level. */
function possible({ starts, first, value, child, reached, alive, end, offset }, chosen) {
  const answer = new Uint8Array(offset.at(-1));
  reached.fill(0);
  alive.fill(0);
  reached[0] = alive[end] = 1;
  for (let level = 0; level < chosen.length; level++) {
    const own = chosen[level];
    for (let node = starts[level]; node < starts[level + 1]; node++) {
      if (!reached[node]) continue;
      for (let edge = first[node]; edge < first[node + 1]; edge++) {
        if (own < 0 || own === value[edge]) reached[child[edge]] = 1;
      }
    }
  }
  for (let level = chosen.length - 1; level >= 0; level--) {
    const own = chosen[level];
    const base = offset[level];
    for (let node = starts[level]; node < starts[level + 1]; node++) {
      for (let edge = first[node]; edge < first[node + 1]; edge++) {
        if (!alive[child[edge]]) continue;
        if (reached[node]) answer[base + value[edge]] = 1;
        if (own < 0 || own === value[edge]) alive[node] = 1;
      }
    }
  }
  return { values: answer, agree: alive[0] === 1 };
}

function cheapest({ starts, first, value, child, end }, costs) {
  const best = new Float64Array(end + 1).fill(FAR);
  const taken = new Int32Array(end).fill(-1);
  best[end] = 0;
  for (let level = costs.length - 1; level >= 0; level--) {
    for (let node = starts[level]; node < starts[level + 1]; node++) {
      for (let edge = first[node]; edge < first[node + 1]; edge++) {
        const cost = costs[level][value[edge]] + best[child[edge]];
        if (cost < best[node]) [best[node], taken[node]] = [cost, edge];
      }
    }
  }
  if (best[0] >= FAR) return null;
  let node = 0;
  return costs.map(() => {
    const edge = taken[node];
    node = child[edge];
    return value[edge];
  });
}
