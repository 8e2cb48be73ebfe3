// Bringing a form up to what the server answered without taking it from under the visitor's fingers.

/** Make `place` like `wanted`, node by node. What is focused keeps its value, and what was unfolded stays so. */
export function patch(place, wanted) {
  const [old, fresh] = [[...place.childNodes], [...wanted.childNodes]];
  fresh.forEach((node, i) => {
    if (!old[i]) place.append(node);
    else if (!isLike(old[i], node)) old[i].replaceWith(node);
    else if (node.nodeType === Node.ELEMENT_NODE) patchElement(old[i], node);
    else if (old[i].data !== node.data) old[i].data = node.data;
  });
  old.slice(fresh.length).forEach((node) => node.remove());
}

function isLike(a, b) {
  return a.nodeType === b.nodeType && a.nodeName === b.nodeName && a.id === b.id && a.name === b.name;
}

function patchElement(old, fresh) {
  for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name) && name !== "open") old.removeAttribute(name);
  for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value && name !== "open") old.setAttribute(name, value);
  if (old.localName === "input") old.checked = fresh.checked;
  patch(old, fresh);
  const isTyped = ["input", "textarea"].includes(old.localName) && old === document.activeElement && !["checkbox", "radio"].includes(old.type);
  if ("value" in old && !isTyped && old.value !== fresh.value) old.value = fresh.value;
}
