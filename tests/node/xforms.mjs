// Runs an XForm in ODK's web engine: fills it with many sets of answers and says what it comes to each time.
import { loadForm } from "@getodk/xforms-engine";

const children = (node) => node.currentState.children ?? [];
const nameOf = (node) => node.currentState.reference.split("/").pop().replace(/\[\d+\]$/, "");
const isRange = (node) => node.nodeType.startsWith("repeat-range");

// Leaves and groups by name; a repeat is a list with one such map a row.
function read(node, found = new Map()) {
  for (const child of children(node)) {
    if (isRange(child)) found.set(nameOf(child), { node: child, rows: children(child).map((row) => read(row)) });
    else {
      found.set(nameOf(child), { node: child });
      if (child.nodeType === "group") read(child, found);
    }
  }
  return found;
}

function answer({ node }, value) {
  if (node.nodeType !== "select") return node.setValue(value ?? "");
  if (node.selectType === "select") return node.selectValues(value ?? []);
  return node.selectValue(value ?? null);
}

// What to fill in: {answers: {name: value}, rows: {repeat: [count question, [{name: value}]]}}.
function fill(root, questions, set) {
  let all = read(root);
  for (const name of questions) answer(all.get(name), set.answers[name]);
  for (const [name, [count, rows]] of Object.entries(set.rows)) {
    all.get(count).node.setValue("0"); // rows of the set before go
    all.get(count).node.setValue(rows.length ? String(rows.length) : "");
    const entry = read(root).get(name);
    if (entry.rows.length !== rows.length) continue; // a repeat that does not apply has no rows to fill
    rows.forEach((row, number) => {
      for (const [question, value] of Object.entries(row)) answer(entry.rows[number].get(question), value);
    });
  }
}

function state(all) {
  const values = {}, relevant = [], refused = [], rows = {};
  for (const [name, entry] of all) {
    if (entry.node.currentState.relevant) relevant.push(name);
    if (entry.rows) rows[name] = entry.rows.map(state);
    else if (entry.node.nodeType !== "group") {
      values[name] = entry.node.currentState.instanceValue;
      if (entry.node.validationState.violation) refused.push(name);
    }
  }
  return { values, relevant, refused, rows };
}

globalThis.ctRunForm = async (xml, questions, sets) => {
  const form = await loadForm(xml);
  if (form.status !== "success") throw new Error(`the form was not loaded: ${form.error ?? JSON.stringify(form.warnings)}`);
  // Making an instance takes longest, so each is filled again and again; a fresh one now and then.
  let root = null;
  return sets.map((set, number) => {
    if (number % 25 === 0) root = form.createInstance().root;
    fill(root, questions, set);
    return state(read(root));
  });
};
