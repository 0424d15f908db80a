// Divides a text of hours into blocks of some segments each: a block out of sight costs the browser no layout.

const SEGMENTS_A_BLOCK = 60;

const createBlock = () => Object.assign(document.createElement("div"), { className: "part" });
const timeOf = (node) => Number(node.dataset.at);

// Moves the children of `sheet` before `end` into blocks. Returns `place`, which puts another where its time (`data-at`) is.
export function createBlocks(sheet, end) {
  const children = [...sheet.children].slice(0, [...sheet.children].indexOf(end));
  for (let first = 0; first < children.length; first += SEGMENTS_A_BLOCK) {
    const block = createBlock();
    end.before(block);
    block.append(...children.slice(first, first + SEGMENTS_A_BLOCK));
  }

  // Almost everything belongs at the end, so the search begins there.
  function place(node, ms) {
    let block = end.previousElementSibling;
    while (block?.previousElementSibling && timeOf(block.firstElementChild) > ms) block = block.previousElementSibling;
    let before = block?.lastElementChild;
    while (before && timeOf(before) > ms) before = before.previousElementSibling;
    if (before) before.after(node);
    else if (block) block.prepend(node);
    if (!block) begin(node);
    else if (block === end.previousElementSibling && block.children.length > SEGMENTS_A_BLOCK) begin(block.lastElementChild);
  }

  // Begins another block with this node.
  function begin(node) {
    const block = createBlock();
    block.append(node);
    end.before(block);
  }

  return { place };
}
